// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Vm} from "./harness/Vm.sol";
import {HostileToken} from "./mocks/HostileToken.sol";

/// @notice Many sessions of the same payouts in one call.
contract SweepBatchTest is FactoryTest {
    function fund(uint128[] memory sessionIds, DepositFactory.Payout[] memory payouts) private {
        for (uint256 i; i < sessionIds.length; ++i) {
            address deposit = depositOf(sessionIds[i], payouts);
            vm.deal(deposit, i + 1);
            usdc.mint(deposit, 10 * (i + 1));
            usdt.mint(deposit, 100 * (i + 1));
        }
    }

    function test_sweeps_all_sessions_and_tokens_twice() public {
        uint128[] memory sessionIds = ids(7);
        DepositFactory.Payout[] memory payouts = two(MERCHANT, PARTNER, 5_000);
        for (uint256 round = 1; round <= 2; ++round) {
            fund(sessionIds, payouts);
            factory.sweepBatch(sessionIds, payouts, list(NATIVE, address(usdc), address(usdt)));
            assertEq("native", 28 * round, MERCHANT.balance + PARTNER.balance);
            assertEq("usdc", 140 * round, usdc.balanceOf(MERCHANT));
            assertEq("usdc partner", 140 * round, usdc.balanceOf(PARTNER));
            assertEq("usdt", 1_400 * round, usdt.balanceOf(MERCHANT));
        }
    }

    function test_agrees_with_single_sweeps() public {
        uint128[] memory sessionIds = ids(3);
        fund(sessionIds, one(MERCHANT));
        uint256 state = vm.snapshotState();
        vm.recordLogs();
        factory.sweepBatch(sessionIds, one(MERCHANT), list(NATIVE, address(usdc)));
        Vm.Log[] memory batch = vm.getRecordedLogs();
        vm.revertToState(state);
        vm.recordLogs();
        for (uint256 i; i < 3; ++i) {
            factory.sweep(sessionIds[i], one(MERCHANT), list(NATIVE, address(usdc)));
        }
        assertEq("logs", keccak256(abi.encode(vm.getRecordedLogs())), keccak256(abi.encode(batch)));
        assertEq("six of them", 6, batch.length);
    }

    function test_nothing_to_do() public {
        vm.recordLogs();
        factory.sweepBatch(new uint128[](0), one(MERCHANT), list(NATIVE));
        factory.sweepBatch(ids(3), one(MERCHANT), new address[](0));
        factory.sweepBatch(ids(3), one(MERCHANT), list(NATIVE, address(usdc)));
        assertEq("no logs", 0, vm.getRecordedLogs().length);
    }

    function test_duplicate_ids_and_tokens_pay_once() public {
        uint128[] memory sessionIds = ids(4);
        fund(sessionIds, one(MERCHANT));
        sessionIds[2] = sessionIds[0];
        vm.recordLogs();
        address[] memory tokens = list(address(usdc), NATIVE, address(usdc));
        factory.sweepBatch(sessionIds, one(MERCHANT), tokens);
        assertEq("six logs", 6, vm.getRecordedLogs().length);
        assertEq("usdc", 10 + 20 + 40, usdc.balanceOf(MERCHANT));
        assertEq("native", 1 + 2 + 4, MERCHANT.balance);
    }

    function test_front_run_in_part_or_in_full() public {
        uint128[] memory sessionIds = ids(5);
        fund(sessionIds, one(MERCHANT));
        vm.prank(STRANGER);
        factory.sweep(sessionIds[3], one(MERCHANT), list(address(usdc)));
        factory.sweepBatch(sessionIds, one(MERCHANT), list(address(usdc)));
        assertEq("merchant", 150, usdc.balanceOf(MERCHANT));
        vm.recordLogs();
        factory.sweepBatch(sessionIds, one(MERCHANT), list(address(usdc)));
        assertEq("no logs", 0, vm.getRecordedLogs().length);
    }

    function test_blocked_deposit_fails_alone() public {
        HostileToken token = new HostileToken();
        uint128[] memory sessionIds = ids(100);
        for (uint256 i; i < 100; ++i) {
            token.mint(depositOf(sessionIds[i], one(MERCHANT)), 1);
        }
        address blocked = depositOf(sessionIds[42], one(MERCHANT));
        token.setBlocked(blocked, true);
        vm.recordLogs();
        factory.sweepBatch(sessionIds, one(MERCHANT), list(address(token)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq("99 of 100", 99, token.balanceOf(MERCHANT));
        assertEq("one log", 1, logs.length);
        assertSweepFailed(logs[0], blocked, address(token));

        token.setBlocked(blocked, false);
        factory.sweepBatch(sessionIds, one(MERCHANT), list(address(token)));
        assertEq("it only waited", 100, token.balanceOf(MERCHANT));
    }

    function test_dirty_session_id_is_refused_wherever_it_stands() public {
        uint128[] memory sessionIds = ids(3);
        fund(sessionIds, one(MERCHANT));
        for (uint256 i; i < 3; ++i) {
            bytes memory data = abi.encodeCall(factory.sweepBatch, (sessionIds, one(MERCHANT), list(NATIVE)));
            assembly {
                // selector, three heads, the length
                let word := add(data, add(164, mul(i, 32)))
                mstore(word, or(mload(word), shl(128, 1)))
            }
            assertRefused("dirty id", data, "");
        }
    }

    function test_trailing_calldata_changes_nothing() public {
        uint128[] memory sessionIds = ids(3);
        fund(sessionIds, one(MERCHANT));
        bytes memory data = abi.encodeCall(factory.sweepBatch, (sessionIds, one(MERCHANT), list(NATIVE)));
        (bool success,) = address(factory).call(abi.encodePacked(data, uint256(1), hex"dead"));
        assertTrue("accepted", success);
        assertEq("merchant", 6, MERCHANT.balance);
    }
}
