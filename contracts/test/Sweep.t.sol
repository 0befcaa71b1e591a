// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {TestDai} from "../src/test/TestDai.sol";
import {TestWbtc} from "../src/test/TestWbtc.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Vm} from "./harness/Vm.sol";
import {StipendPayer} from "./mocks/Receivers.sol";

/// @notice One session, one receiver per chain: what arrives reaches the receiver, all of it, every time.
contract SweepTest is FactoryTest {
    // ------------------------------------------------ pay, sweep, pay, sweep

    function test_pay_sweep_pay_sweep_in_every_asset() public {
        TestDai dai = new TestDai();
        TestWbtc wbtc = new TestWbtc();
        DepositFactory.Payout[] memory payouts = one(MERCHANT);
        address deposit = depositOf(SESSION, payouts);
        address[] memory assets = new address[](5);
        (assets[0], assets[1], assets[2], assets[3], assets[4]) =
        (NATIVE, address(usdc), address(usdt), address(dai), address(wbtc));
        StipendPayer payer = new StipendPayer{value: 12}();

        for (uint256 round = 1; round <= 2; ++round) {
            uint256 amount = round == 1 ? 5 : 7;
            usdc.mint(deposit, amount);
            usdt.mint(deposit, amount);
            dai.mint(deposit, amount);
            wbtc.mint(deposit, amount);
            // By a sender that gives no more than 2,300 gas: before the proxy exists, and after.
            payer.payTo(payable(deposit), amount);
            vm.prank(STRANGER);
            factory.sweep(SESSION, payouts, assets);
            uint256 expected = round == 1 ? 5 : 12;
            assertEq("native", expected, MERCHANT.balance);
            assertEq("usdc", expected, usdc.balanceOf(MERCHANT));
            assertEq("usdt", expected, usdt.balanceOf(MERCHANT));
            assertEq("dai", expected, dai.balanceOf(MERCHANT));
            assertEq("wbtc", expected, wbtc.balanceOf(MERCHANT));
            assertEq("nothing left", 0, deposit.balance + usdc.balanceOf(deposit) + usdt.balanceOf(deposit));
            assertEq("the proxy", keccak256(proxyCode(address(factory))), deposit.codehash);
        }
    }

    function testFuzz_any_amount(uint128 sessionId, uint256 native, uint256 token) public {
        native = bound(native, 0, type(uint128).max);
        DepositFactory.Payout[] memory payouts = one(MERCHANT);
        address deposit = depositOf(sessionId, payouts);
        vm.deal(deposit, native);
        usdc.mint(deposit, token);
        factory.sweep(sessionId, payouts, list(NATIVE, address(usdc)));
        assertEq("native", native, MERCHANT.balance);
        assertEq("token", token, usdc.balanceOf(MERCHANT));
    }

    function test_no_allowance_is_left() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        usdc.mint(deposit, 5);
        usdt.mint(deposit, 5);
        factory.sweep(SESSION, one(MERCHANT), list(address(usdc), address(usdt)));
        assertEq("merchant", 0, usdc.allowance(deposit, MERCHANT) + usdt.allowance(deposit, MERCHANT));
        assertEq("factory", 0, usdc.allowance(deposit, address(factory)) + usdt.allowance(deposit, address(factory)));
        assertEq("caller", 0, usdc.allowance(deposit, address(this)) + usdt.allowance(deposit, address(this)));
    }

    // ------------------------------------------------------ events and skips

    function test_native_emits_swept_and_token_emits_only_its_own() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        vm.deal(deposit, 3 ether);
        usdc.mint(deposit, 9);
        vm.recordLogs();
        factory.sweep(SESSION, one(MERCHANT), list(NATIVE, address(usdc)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq("two logs", 2, logs.length);
        assertSwept(logs[0], deposit, MERCHANT, 3 ether);
        assertEq("token", address(usdc), logs[1].emitter);
        assertEq("from", bytes32(uint256(uint160(deposit))), logs[1].topics[1]);
        assertEq("to", bytes32(uint256(uint160(MERCHANT))), logs[1].topics[2]);
    }

    function test_empty_is_skipped_without_event_or_deployment() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        vm.recordLogs();
        factory.sweep(SESSION, one(MERCHANT), list(NATIVE, address(usdc), address(usdt)));
        factory.sweep(SESSION, one(MERCHANT), new address[](0));
        assertEq("no logs", 0, vm.getRecordedLogs().length);
        assertEq("no code", 0, deposit.code.length);
    }

    function test_the_same_token_twice_is_swept_once() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        vm.deal(deposit, 4);
        usdc.mint(deposit, 9);
        vm.recordLogs();
        address[] memory tokens = new address[](4);
        (tokens[0], tokens[1], tokens[2], tokens[3]) = (address(usdc), NATIVE, address(usdc), NATIVE);
        factory.sweep(SESSION, one(MERCHANT), tokens);
        assertEq("two logs", 2, vm.getRecordedLogs().length);
        assertEq("token", 9, usdc.balanceOf(MERCHANT));
        assertEq("native", 4, MERCHANT.balance);
    }

    function test_front_run_sweep_makes_ours_succeed_and_do_nothing() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        usdc.mint(deposit, 9);
        vm.prank(STRANGER);
        factory.sweep(SESSION, one(MERCHANT), list(address(usdc)));
        vm.recordLogs();
        factory.sweep(SESSION, one(MERCHANT), list(address(usdc)));
        assertEq("no logs", 0, vm.getRecordedLogs().length);
        assertEq("merchant", 9, usdc.balanceOf(MERCHANT));
    }

    // -------------------------------------------------------- rows and chains

    function test_rows_of_this_chain_win_over_any_chain_and_other_chains() public {
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](4);
        payouts[0] = DepositFactory.Payout(0, PARTNER, 10_000);
        payouts[1] = DepositFactory.Payout(10, THIRD, 10_000);
        payouts[2] = DepositFactory.Payout(137, MERCHANT, 10_000);
        payouts[3] = DepositFactory.Payout(8453, STRANGER, 10_000);
        address deposit = depositOf(SESSION, payouts);
        address[4] memory paid = [THIRD, MERCHANT, STRANGER, PARTNER];
        uint16[4] memory chains = [10, 137, 8453, 1];
        for (uint256 i; i < 4; ++i) {
            vm.chainId(chains[i]);
            usdc.mint(deposit, 100 + i);
            factory.sweep(SESSION, payouts, list(address(usdc)));
            assertEq("row of the chain", 100 + i, usdc.balanceOf(paid[i]));
        }
    }

    function test_the_first_row_is_no_default() public {
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](2);
        payouts[0] = DepositFactory.Payout(10, MERCHANT, 10_000);
        payouts[1] = DepositFactory.Payout(137, MERCHANT, 10_000);
        vm.chainId(1);
        usdc.mint(depositOf(SESSION, payouts), 5);
        bytes memory expected = abi.encodeWithSelector(DepositFactory.NoPayoutForChain.selector, 1);
        assertRefused("sweep", abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(usdc)))), expected);
        assertRefused("batch", abi.encodeCall(factory.sweepBatch, (ids(2), payouts, list(address(usdc)))), expected);
        assertEq("the address exists all the same", depositOf(SESSION, payouts), factory.addressOf(SESSION, payouts));
    }

    // ----------------------------------------------------------- odd calldata

    function test_dirty_token_is_refused() public {
        bytes memory data = abi.encodeCall(factory.sweep, (SESSION, one(MERCHANT), list(address(usdc))));
        assembly {
            let last := add(data, mload(data))
            mstore(last, or(mload(last), shl(160, 1)))
        }
        assertRefused("dirty token", data, "");
    }

    function test_trailing_calldata_changes_nothing() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        usdc.mint(deposit, 5);
        bytes memory data = abi.encodeCall(factory.sweep, (SESSION, one(MERCHANT), list(address(usdc))));
        (bool success,) = address(factory).call(abi.encodePacked(data, encode(one(STRANGER)), hex"ff"));
        assertTrue("accepted", success);
        assertEq("merchant", 5, usdc.balanceOf(MERCHANT));
    }

    function test_value_is_refused() public {
        vm.deal(address(this), 1);
        (bool success,) =
            address(factory).call{value: 1}(abi.encodeCall(factory.sweep, (SESSION, one(MERCHANT), list(NATIVE))));
        assertTrue("sweep", !success);
        (success,) = address(factory).call{value: 1}("");
        assertTrue("plain", !success);
    }

    /// @dev An account that is not ours where the proxy should be: nothing is paid through it.
    function test_mismatch_reverts() public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        usdc.mint(deposit, 5);
        vm.setNonce(deposit, 1);
        assertRefused(
            "collision",
            abi.encodeCall(factory.sweep, (SESSION, one(MERCHANT), list(address(usdc)))),
            abi.encodeWithSelector(DepositFactory.DepositMismatch.selector, deposit, 0)
        );
    }

    /// @dev The only thing a stranger can choose is when: 10,000 calls with arguments of his own move nothing of ours.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_strangers_payouts_move_nothing(
        uint128 sessionId,
        address receiver,
        uint256 chainId,
        uint256 share
    ) public {
        address deposit = depositOf(SESSION, one(MERCHANT));
        vm.deal(deposit, 1 ether);
        usdc.mint(deposit, 5);
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](2);
        payouts[0] = DepositFactory.Payout(chainId % 3 == 0 ? 0 : block.chainid, receiver, bound(share, 9_990, 10_000));
        payouts[1] = DepositFactory.Payout(block.chainid, MERCHANT, 10_000 - payouts[0].share);
        vm.prank(STRANGER);
        (bool success,) = address(factory)
            .call(
                abi.encodeCall(
                    factory.sweep, (share % 2 == 0 ? SESSION : sessionId, payouts, list(NATIVE, address(usdc)))
                )
            );
        success; // Refused or not: the money lies where it lay.
        assertEq("native", 1 ether, deposit.balance);
        assertEq("token", 5, usdc.balanceOf(deposit));
    }
}
