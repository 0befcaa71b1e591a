// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Vm} from "./harness/Vm.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {RefusingReceiver, StarvedReceiver} from "./mocks/Receivers.sol";

/// @notice A ladder of gas limits. Goal: whatever gas a caller gives, either everything reverts or the outcome is the one
/// that plenty of gas gives; starving is never booked as refusing. Method: receivers and tokens that need nearly their whole
/// cap and give up cheaply without it; every rung runs from the same state, because `attempt` always reverts.
contract StarvationTest is FactoryTest {
    /// @dev Just under the caps of 200,000 for a transfer and 100,000 for a balance, less what comes before they are asked.
    uint256 private constant RECEIVER_NEEDS = 200_000;
    uint256 private constant TRANSFER_NEEDS = 187_000;
    uint256 private constant BALANCE_NEEDS = 90_000;

    uint256 private constant STEP = 1_499;

    /// @dev What `attempt` reverts with: whether the sweep succeeded, how many assets it left as failed, and a digest of
    /// all that it moved.
    error Outcome(bool success, uint256 failures, bytes32 digest);

    address[] private watched;
    address[] private coins;
    HostileToken private token;

    function setUp() public override {
        super.setUp();
        token = new HostileToken();
        coins = [address(token), address(usdc)];
    }

    /// @dev Runs `data` with `limit` gas and reverts with what came of it.
    function attempt(bytes calldata data, uint256 limit) external {
        vm.recordLogs();
        (bool success,) = address(factory).call{gas: limit}(data);
        bytes memory state;
        for (uint256 i; i < watched.length; ++i) {
            state = abi.encode(state, watched[i].balance);
            for (uint256 j; j < coins.length; ++j) {
                state = abi.encode(state, HostileToken(coins[j]).balanceOf(watched[i]));
            }
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 failures;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == DepositFactory.SweepFailed.selector) ++failures;
        }
        revert Outcome(success, failures, keccak256(abi.encode(state, failures)));
    }

    function outcomeOf(bytes memory data, uint256 limit)
        private
        returns (bool success, uint256 failures, bytes32 digest)
    {
        try this.attempt(data, limit) {}
        catch (bytes memory reason) {
            assertEq("outcome", Outcome.selector, bytes4(reason));
            assembly {
                success := mload(add(reason, 36))
                failures := mload(add(reason, 68))
                digest := mload(add(reason, 100))
            }
        }
    }

    /// @dev Climbs to `top`, where it must succeed with `failures`, from a limit that is too low.
    function climb(bytes memory data, uint256 top, uint256 failures) private {
        (bool success, uint256 failuresAtTop, bytes32 expected) = outcomeOf(data, top);
        assertTrue("succeeds at the top", success);
        assertEq("failures at the top", failures, failuresAtTop);
        uint256 refused;
        uint256 accepted;
        for (uint256 limit = 25_000; limit < top; limit += STEP) {
            (bool ok,, bytes32 digest) = outcomeOf(data, limit);
            if (ok && digest != expected) revert AssertionFailed("all or nothing at this limit", limit, 0);
            if (ok) ++accepted;
            else ++refused;
        }
        assertTrue("some rungs were too low", refused > 20);
        assertTrue("some were high enough", accepted > 20);
    }

    function watch(address account) private returns (address) {
        watched.push(account);
        return account;
    }

    function deposits(uint128[] memory sessionIds, DepositFactory.Payout[] memory payouts) private {
        for (uint256 i; i < sessionIds.length; ++i) {
            address deposit = watch(depositOf(sessionIds[i], payouts));
            vm.deal(deposit, 1_000 + i);
            token.mint(deposit, 1_000 + i);
            usdc.mint(deposit, 1_000 + i);
        }
    }

    function hungry() private returns (address) {
        return watch(address(new StarvedReceiver(RECEIVER_NEEDS)));
    }

    function session() private pure returns (uint128[] memory sessionIds) {
        sessionIds = new uint128[](1);
        sessionIds[0] = SESSION;
    }

    // ----------------------------------------------------------------- single

    function test_single_native() public {
        DepositFactory.Payout[] memory payouts = one(hungry());
        deposits(session(), payouts);
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE))), 700_000, 0);
    }

    function test_single_token_transfer() public {
        token.set(HostileToken.Trick.Starves);
        token.setGasNeeded(TRANSFER_NEEDS);
        DepositFactory.Payout[] memory payouts = one(watch(MERCHANT));
        deposits(session(), payouts);
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(token), address(usdc)))), 700_000, 0);
    }

    function test_single_token_balance() public {
        token.set(HostileToken.Trick.BalanceStarves);
        token.setGasNeeded(BALANCE_NEEDS);
        DepositFactory.Payout[] memory payouts = one(watch(MERCHANT));
        deposits(session(), payouts);
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(token), NATIVE))), 500_000, 0);
    }

    /// @dev Starved or not, a refusal that is one stays one.
    function test_single_refusal_counts_only_with_the_full_cap() public {
        DepositFactory.Payout[] memory payouts = one(watch(address(new RefusingReceiver())));
        deposits(session(), payouts);
        bytes memory data = abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE, address(usdc))));
        climb(data, 700_000, 1);
        (bool success,,) = outcomeOf(data, 350_000);
        assertTrue("not with less than the cap", !success);
    }

    // ------------------------------------------------------------------ batch

    function test_batch_native() public {
        DepositFactory.Payout[] memory payouts = one(hungry());
        deposits(ids(3), payouts);
        climb(abi.encodeCall(factory.sweepBatch, (ids(3), payouts, list(NATIVE, address(usdc)))), 1_000_000, 0);
    }

    function test_batch_token() public {
        token.set(HostileToken.Trick.Starves);
        token.setGasNeeded(TRANSFER_NEEDS);
        DepositFactory.Payout[] memory payouts = one(watch(MERCHANT));
        deposits(ids(3), payouts);
        climb(abi.encodeCall(factory.sweepBatch, (ids(3), payouts, list(address(usdc), address(token)))), 1_000_000, 0);
    }

    // --------------------------------------------------------- three receivers

    function test_three_native() public {
        DepositFactory.Payout[] memory payouts = three(hungry(), hungry(), hungry());
        deposits(session(), payouts);
        for (uint256 i; i < 3; ++i) {
            watch(ownDepositOf(SESSION, payouts[i].receiver));
        }
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE, address(usdc)))), 1_300_000, 0);
    }

    function test_three_token() public {
        token.set(HostileToken.Trick.Starves);
        token.setGasNeeded(TRANSFER_NEEDS);
        DepositFactory.Payout[] memory payouts = three(watch(MERCHANT), watch(PARTNER), watch(THIRD));
        deposits(session(), payouts);
        for (uint256 i; i < 3; ++i) {
            watch(ownDepositOf(SESSION, payouts[i].receiver));
        }
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(token), NATIVE))), 1_300_000, 0);
    }

    /// @dev One partner refuses for good: his share goes to his own address, at every limit that is enough, and nobody
    /// else's does.
    function test_three_with_one_refusal() public {
        address refusing = watch(address(new RefusingReceiver()));
        DepositFactory.Payout[] memory payouts = three(hungry(), refusing, hungry());
        deposits(session(), payouts);
        for (uint256 i; i < 3; ++i) {
            watch(ownDepositOf(SESSION, payouts[i].receiver));
        }
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE))), 1_500_000, 0);
    }

    /// @dev The token fails for all; counted only after every attempt had its full cap.
    function test_three_with_a_blocked_deposit() public {
        DepositFactory.Payout[] memory payouts = three(watch(MERCHANT), watch(PARTNER), watch(THIRD));
        deposits(session(), payouts);
        token.setBlocked(depositOf(SESSION, payouts), true);
        climb(abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(token), NATIVE))), 1_300_000, 1);
    }

    function testFuzz_three_at_any_limit(uint256 limit) public {
        DepositFactory.Payout[] memory payouts = three(hungry(), hungry(), hungry());
        deposits(session(), payouts);
        for (uint256 i; i < 3; ++i) {
            watch(ownDepositOf(SESSION, payouts[i].receiver));
        }
        bytes memory data = abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE)));
        (,, bytes32 expected) = outcomeOf(data, 3_000_000);
        (bool success,, bytes32 digest) = outcomeOf(data, bound(limit, 25_000, 1_000_000));
        assertTrue("all or nothing", !success || digest == expected);
    }

    /// @dev What the error says is enough is enough, and one unit below it is not.
    function test_the_gas_that_is_asked_for_is_enough() public {
        DepositFactory.Payout[] memory payouts = one(address(new RefusingReceiver()));
        vm.deal(depositOf(SESSION, payouts), 5);
        bytes memory data = abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE)));
        (bool success, bytes memory reason) = address(factory).call{gas: 200_000}(data);
        assertTrue("refused", !success);
        assertEq("error", DepositFactory.GasTooLow.selector, bytes4(reason));
        uint256 available;
        uint256 required;
        assembly {
            available := mload(add(reason, 36))
            required := mload(add(reason, 68))
        }
        uint256 limit = 200_000 + required - available;
        (success,) = address(factory).call{gas: limit - 1}(data);
        assertTrue("one less is refused", !success);
        (success,) = address(factory).call{gas: limit}(data);
        assertTrue("enough", success);
    }
}
