// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Vm} from "./harness/Vm.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {BombReceiver, BurningReceiver, RefusingReceiver} from "./mocks/Receivers.sol";

/// @notice Several receivers on one chain: exact shares, and none of them can block or starve another.
contract SharesTest is FactoryTest {
    // ----------------------------------------------------------------- shares

    function test_three_receivers() public {
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        address deposit = depositOf(SESSION, payouts);
        vm.deal(deposit, 1_000);
        usdt.mint(deposit, 1_000);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(NATIVE));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq("logs", 3, logs.length);
        assertSwept(logs[0], deposit, PARTNER, 300);
        assertSwept(logs[1], deposit, THIRD, 200);
        assertSwept(logs[2], deposit, MERCHANT, 500);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(address(usdt)));
        assertEq("only the token's logs", 3, vm.getRecordedLogs().length);
        assertEq("merchant", 500, usdt.balanceOf(MERCHANT));
        assertEq("partner", 300, usdt.balanceOf(PARTNER));
        assertEq("third", 200, usdt.balanceOf(THIRD));
    }

    function testFuzz_shares_round_down_and_the_first_takes_the_rest(uint256 amount, uint256 second, uint256 third)
        public
    {
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        payouts[1].share = bound(second, 1, 9_998);
        payouts[2].share = bound(third, 1, 9_999 - payouts[1].share);
        payouts[0].share = 10_000 - payouts[1].share - payouts[2].share;
        usdc.mint(depositOf(SESSION, payouts), amount);
        factory.sweep(SESSION, payouts, list(address(usdc)));
        uint256 partner = usdc.balanceOf(PARTNER);
        uint256 other = usdc.balanceOf(THIRD);
        assertEq("all of it", amount, usdc.balanceOf(MERCHANT) + partner + other);
        assertFloor(amount, payouts[1].share, partner);
        assertFloor(amount, payouts[2].share, other);
    }

    /// @dev part = floor(amount * share / 10,000), in 512 bits: part * 10,000 <= amount * share < (part + 1) * 10,000.
    function assertFloor(uint256 amount, uint256 share, uint256 part) private pure {
        (uint256 high, uint256 low) = multiply(amount, share);
        (uint256 partHigh, uint256 partLow) = multiply(part, 10_000);
        assertTrue("not too much", partHigh < high || (partHigh == high && partLow <= low));
        unchecked {
            uint256 borrow = low < partLow ? 1 : 0;
            assertTrue("not too little", high - partHigh - borrow == 0 && low - partLow < 10_000);
        }
    }

    function multiply(uint256 a, uint256 b) private pure returns (uint256 high, uint256 low) {
        assembly {
            let mm := mulmod(a, b, not(0))
            low := mul(a, b)
            high := sub(sub(mm, low), lt(mm, low))
        }
    }

    function test_zero_shares_are_skipped() public {
        HostileToken token = new HostileToken();
        token.set(HostileToken.Trick.RefusesZero);
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        address deposit = depositOf(SESSION, payouts);
        token.mint(deposit, 4);
        vm.deal(deposit, 4);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(address(token), NATIVE));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        // 30 % of 4 is 1, 20 % is 0.
        assertEq("merchant", 3, token.balanceOf(MERCHANT));
        assertEq("partner", 1, token.balanceOf(PARTNER));
        assertEq("third", 0, token.balanceOf(THIRD));
        assertEq("two of native", 2, logs.length);
        assertSwept(logs[0], deposit, PARTNER, 1);
        assertSwept(logs[1], deposit, MERCHANT, 3);
    }

    function test_twenty_receivers() public {
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](20);
        for (uint256 i; i < 20; ++i) {
            payouts[i] = DepositFactory.Payout(block.chainid, address(uint160(0x1000 + i)), i == 0 ? 9_981 : 1);
        }
        address deposit = depositOf(SESSION, payouts);
        vm.deal(deposit, 1_000_000);
        usdc.mint(deposit, 1_000_000);
        factory.sweep(SESSION, payouts, list(NATIVE, address(usdc)));
        for (uint256 i; i < 20; ++i) {
            address receiver = payouts[i].receiver;
            assertEq("native", i == 0 ? 998_100 : 100, receiver.balance);
            assertEq("usdc", i == 0 ? 998_100 : 100, usdc.balanceOf(receiver));
        }
    }

    function test_rows_for_any_chain_may_share() public {
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        for (uint256 i; i < 3; ++i) {
            payouts[i].chainId = 0;
        }
        RefusingReceiver refusing = new RefusingReceiver();
        payouts[2].receiver = address(refusing);
        vm.deal(depositOf(SESSION, payouts), 100);
        vm.chainId(42161);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("merchant", 50, MERCHANT.balance);
        assertEq("partner", 30, PARTNER.balance);
        // His own address is of the chain where it happened, never of chain 0.
        assertEq("refused", 20, ownDepositOf(SESSION, address(refusing)).balance);
    }

    // ---------------------------------------------------- partners that fail

    function test_refused_native_share_goes_to_the_partners_own_deposit_address() public {
        RefusingReceiver refusing = new RefusingReceiver();
        DepositFactory.Payout[] memory payouts = two(MERCHANT, address(refusing), 2_500);
        address deposit = depositOf(SESSION, payouts);
        address own = ownDepositOf(SESSION, address(refusing));
        vm.deal(deposit, 1_000);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(NATIVE));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq("logs", 2, logs.length);
        assertSwept(logs[0], deposit, own, 250);
        assertSwept(logs[1], deposit, MERCHANT, 750);
        assertEq("nothing left", 0, deposit.balance);

        // There he is the only receiver: it waits, and is never forced.
        vm.recordLogs();
        factory.sweep(SESSION, one(address(refusing)), list(NATIVE));
        logs = vm.getRecordedLogs();
        assertEq("one log", 1, logs.length);
        assertSweepFailed(logs[0], own, NATIVE);
        refusing.agree();
        factory.sweep(SESSION, one(address(refusing)), list(NATIVE));
        assertEq("at last", 250, address(refusing).balance);
    }

    function test_first_receiver_fails_like_any_other() public {
        RefusingReceiver refusing = new RefusingReceiver();
        DepositFactory.Payout[] memory payouts = two(address(refusing), PARTNER, 2_500);
        vm.deal(depositOf(SESSION, payouts), 1_000);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("partner", 250, PARTNER.balance);
        assertEq("own", 750, ownDepositOf(SESSION, address(refusing)).balance);
    }

    function test_burning_and_bombing_partners_block_nobody() public {
        address burning = address(new BurningReceiver());
        address bomb = address(new BombReceiver());
        DepositFactory.Payout[] memory payouts = three(MERCHANT, burning, bomb);
        vm.deal(depositOf(SESSION, payouts), 1_000);
        uint256 before = gasleft();
        factory.sweep(SESSION, payouts, list(NATIVE));
        uint256 used = before - gasleft();
        assertEq("merchant", 500, MERCHANT.balance);
        assertEq("burning", 300, ownDepositOf(SESSION, burning).balance);
        assertEq("bomb", 200, ownDepositOf(SESSION, bomb).balance);
        assertTrue("what he burns is capped", used < 600_000);
    }

    function test_blocked_partner_blocks_nobody() public {
        HostileToken token = new HostileToken();
        token.setBlocked(PARTNER, true);
        DepositFactory.Payout[] memory payouts = two(MERCHANT, PARTNER, 2_500);
        address deposit = depositOf(SESSION, payouts);
        address own = ownDepositOf(SESSION, PARTNER);
        token.mint(deposit, 1_000);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(address(token)));
        assertEq("no event of ours", 0, vm.getRecordedLogs().length);
        assertEq("merchant", 750, token.balanceOf(MERCHANT));
        assertEq("own", 250, token.balanceOf(own));

        token.setBlocked(PARTNER, false);
        factory.sweep(SESSION, one(PARTNER), list(address(token)));
        assertEq("partner", 250, token.balanceOf(PARTNER));
    }

    /// @dev All or nothing: where even the own address is refused, the token stays whole and the others go on.
    function test_token_that_fails_twice_stays_whole() public {
        HostileToken token = new HostileToken();
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        address deposit = depositOf(SESSION, payouts);
        token.mint(deposit, 1_000);
        usdc.mint(deposit, 1_000);
        token.setBlocked(THIRD, true);
        token.setBlocked(ownDepositOf(SESSION, THIRD), true);
        vm.recordLogs();
        factory.sweep(SESSION, payouts, list(address(token), address(usdc)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertSweepFailed(logs[0], deposit, address(token));
        assertEq("one of ours, three of the coin", 4, logs.length);
        assertEq("whole", 1_000, token.balanceOf(deposit));
        assertEq("partner has nothing of it", 0, token.balanceOf(PARTNER));
        assertEq("the other coin", 500, usdc.balanceOf(MERCHANT));
    }

    function test_overstated_balance_with_several_receivers_stays_whole() public {
        HostileToken token = new HostileToken();
        token.set(HostileToken.Trick.BalanceTooHigh);
        DepositFactory.Payout[] memory payouts = three(MERCHANT, PARTNER, THIRD);
        address deposit = depositOf(SESSION, payouts);
        token.mint(deposit, 999);
        factory.sweep(SESSION, payouts, list(address(token)));
        assertEq("whole", 999, token.heldBy(deposit));
    }

    function test_twenty_burning_receivers_on_a_hostile_token_still_end() public {
        HostileToken token = new HostileToken();
        token.set(HostileToken.Trick.Burns);
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](20);
        for (uint256 i; i < 20; ++i) {
            payouts[i] = DepositFactory.Payout(block.chainid, address(new BurningReceiver()), 500);
        }
        address deposit = depositOf(SESSION, payouts);
        token.mint(deposit, 20_000);
        usdc.mint(deposit, 20_000);
        vm.deal(deposit, 20_000);
        vm.recordLogs();
        uint256 before = gasleft();
        factory.sweep{gas: 16_000_000}(SESSION, payouts, list(address(token), NATIVE, address(usdc)));
        assertTrue("within a transaction's cap of 2^24", before - gasleft() < 16_000_000);
        assertSweepFailed(vm.getRecordedLogs()[0], deposit, address(token));
        for (uint256 i; i < 20; ++i) {
            assertEq("own", 1_000, ownDepositOf(SESSION, payouts[i].receiver).balance);
            assertEq("usdc", 1_000, usdc.balanceOf(payouts[i].receiver));
        }
    }
}
