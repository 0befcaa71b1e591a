// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Vm} from "./harness/Vm.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {Nft} from "./mocks/Nft.sol";
import {BombReceiver, BurningReceiver, RefusingReceiver} from "./mocks/Receivers.sol";

/// @notice One token or receiver misbehaves; it fails alone, at a bounded price, and what lies there stays recoverable.
contract HostileTokensTest is FactoryTest {
    HostileToken private token;
    address private deposit;

    function setUp() public override {
        super.setUp();
        token = new HostileToken();
        deposit = depositOf(SESSION, one(MERCHANT));
        token.mint(deposit, 1_000);
        usdc.mint(deposit, 7);
        vm.deal(deposit, 9);
    }

    /// @dev Sweeps the hostile token between two good assets; returns what the factory said and the gas that it took.
    function sweepAll() private returns (Vm.Log[] memory logs, uint256 used) {
        vm.recordLogs();
        uint256 before = gasleft();
        factory.sweep(SESSION, one(MERCHANT), list(address(usdc), address(token), NATIVE));
        used = before - gasleft();
        logs = vm.getRecordedLogs();
        assertEq("the good token", 7, usdc.balanceOf(MERCHANT));
        assertEq("native", 9, MERCHANT.balance);
    }

    function assertFails(HostileToken.Trick trick) private {
        token.set(trick);
        (Vm.Log[] memory logs, uint256 used) = sweepAll();
        assertEq("logs", 3, logs.length);
        assertSweepFailed(logs[1], deposit, address(token));
        assertEq("it waits", 1_000, token.heldBy(deposit));
        assertTrue("at a bounded price", used < 550_000);
        token.set(HostileToken.Trick.None);
        factory.sweep(SESSION, one(MERCHANT), list(address(token)));
        assertEq("and is swept when it behaves", 1_000, token.heldBy(MERCHANT));
    }

    function assertSucceeds(HostileToken.Trick trick, uint256 expected) private {
        token.set(trick);
        (Vm.Log[] memory logs,) = sweepAll();
        assertEq("no failure", 2, logs.length);
        assertEq("received", expected, token.heldBy(MERCHANT));
    }

    function test_false() public {
        assertFails(HostileToken.Trick.ReturnsFalse);
    }

    function test_neither_true_nor_false() public {
        assertFails(HostileToken.Trick.ReturnsTwo);
    }

    function test_one_byte() public {
        assertFails(HostileToken.Trick.ReturnsOneByte);
    }

    function test_64_kilobytes_of_false() public {
        assertFails(HostileToken.Trick.ReturnsLongFalse);
    }

    function test_long_revert() public {
        assertFails(HostileToken.Trick.RevertsLong);
    }

    function test_burning_transfer() public {
        assertFails(HostileToken.Trick.Burns);
    }

    function test_reverting_balance() public {
        assertFails(HostileToken.Trick.BalanceReverts);
    }

    function test_burning_balance() public {
        assertFails(HostileToken.Trick.BalanceBurns);
    }

    function test_short_balance() public {
        assertFails(HostileToken.Trick.BalanceShort);
    }

    function test_overstated_balance() public {
        assertFails(HostileToken.Trick.BalanceTooHigh);
    }

    function test_64_kilobytes_of_true() public {
        assertSucceeds(HostileToken.Trick.ReturnsLong, 1_000);
    }

    function test_long_balance() public {
        assertSucceeds(HostileToken.Trick.BalanceLong, 1_000);
    }

    function test_fee_on_transfer() public {
        assertSucceeds(HostileToken.Trick.TakesFee, 990);
    }

    /// @dev A liar moves nothing and harms nobody: tokens are booked by their own logs, and the factory says nothing.
    function test_liar() public {
        assertSucceeds(HostileToken.Trick.Lies, 0);
        assertEq("it lies there still", 1_000, token.heldBy(deposit));
    }

    /// @dev No code, an account, precompiles (whose answers look like balances), the factory and a deposit address.
    function test_what_is_no_token_fails_alone() public {
        address[] memory tokens = new address[](13);
        tokens[0] = STRANGER;
        tokens[1] = address(factory);
        factory.sweep(SESSION, one(MERCHANT), list(NATIVE));
        tokens[2] = deposit;
        for (uint160 i = 1; i <= 10; ++i) {
            tokens[2 + i] = address(i);
        }
        vm.recordLogs();
        factory.sweep(SESSION, one(MERCHANT), tokens);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertTrue("some failed, none stopped it", logs.length > 3);
        for (uint256 i; i < 3; ++i) {
            assertSweepFailed(logs[i], deposit, tokens[i]);
        }
        for (uint256 i; i < logs.length; ++i) {
            assertEq("nothing but failures", DepositFactory.SweepFailed.selector, logs[i].topics[0]);
        }
    }

    /// @dev An NFT has a balance but no `transfer`.
    function test_nft_fails_alone() public {
        Nft nft = new Nft();
        nft.mint(deposit, 1);
        vm.recordLogs();
        factory.sweep(SESSION, one(MERCHANT), list(address(nft)));
        assertSweepFailed(vm.getRecordedLogs()[0], deposit, address(nft));
    }

    // -------------------------------------------- a single hostile receiver

    function checkReceiver(address receiver, bool burns) private {
        address theirs = depositOf(SESSION, one(receiver));
        vm.deal(theirs, 5);
        usdc.mint(theirs, 5);
        vm.recordLogs();
        uint256 before = gasleft();
        factory.sweep(SESSION, one(receiver), list(NATIVE, address(usdc)));
        uint256 used = before - gasleft();
        assertSweepFailed(vm.getRecordedLogs()[0], theirs, NATIVE);
        assertEq("it waits, unforced", 5, theirs.balance);
        assertEq("the token goes on", 5, usdc.balanceOf(receiver));
        assertTrue("at a bounded price", used < 400_000);
        assertTrue("which was the whole cap", !burns || used > 200_000);
    }

    function test_refusing_receiver() public {
        checkReceiver(address(new RefusingReceiver()), false);
    }

    function test_burning_receiver() public {
        checkReceiver(address(new BurningReceiver()), true);
    }

    function test_bombing_receiver() public {
        checkReceiver(address(new BombReceiver()), false);
    }
}
