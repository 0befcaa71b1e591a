// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {CallingReceiver} from "./mocks/Receivers.sol";

/// @notice Receivers and tokens that call back in the middle of a sweep get nothing out of it.
contract ReentrancyTest is FactoryTest {
    CallingReceiver private partner;
    DepositFactory.Payout[] private payouts;
    address private deposit;

    function setUp() public override {
        super.setUp();
        partner = new CallingReceiver();
        for (uint256 i; i < 2; ++i) {
            payouts.push(two(MERCHANT, address(partner), 5_000)[i]);
        }
        deposit = depositOf(SESSION, payouts);
        vm.deal(deposit, 1_000);
        usdc.mint(deposit, 1_000);
    }

    /// @dev Paid first, he sweeps what is left: without the lock he would get half of the merchant's half.
    function test_receiver_that_swallows_the_refusal_gets_his_share_and_no_more() public {
        partner.prepare(address(factory), 0, abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE))), false);
        factory.sweep(SESSION, payouts, list(NATIVE, address(usdc)));
        assertTrue("he tried", partner.called());
        assertTrue("and was refused", !partner.succeeded());
        assertEq(
            "with", keccak256(abi.encodeWithSelector(DepositFactory.Reentered.selector)), keccak256(partner.answer())
        );
        assertEq("his share", 500, address(partner).balance);
        assertEq("the merchant's", 500, MERCHANT.balance);
        assertEq("the coin", 500, usdc.balanceOf(MERCHANT));
    }

    function test_receiver_that_insists_loses_only_his_own_transfer() public {
        partner.prepare(address(factory), 0, abi.encodeCall(factory.sweep, (SESSION, payouts, list(NATIVE))), true);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("his own address", 500, ownDepositOf(SESSION, address(partner)).balance);
        assertEq("the merchant's", 500, MERCHANT.balance);
    }

    function test_other_sessions_and_batches_are_locked_too() public {
        uint128[] memory sessionIds = ids(3);
        for (uint256 i; i < 3; ++i) {
            usdc.mint(depositOf(sessionIds[i], one(STRANGER)), 5);
        }
        partner.prepare(
            address(factory),
            0,
            abi.encodeCall(factory.sweepBatch, (sessionIds, one(STRANGER), list(address(usdc)))),
            false
        );
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertTrue("refused", partner.called() && !partner.succeeded());
        assertEq("nothing moved", 0, usdc.balanceOf(STRANGER));
    }

    function test_reading_is_not_locked() public {
        partner.prepare(address(factory), 0, abi.encodeCall(factory.addressOf, (SESSION, payouts)), true);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("answer", deposit, abi.decode(partner.answer(), (address)));
    }

    /// @dev What a receiver pays back during a sweep waits for the next one.
    function test_money_that_comes_back_meanwhile_waits() public {
        partner.prepare(deposit, 100, "", true);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("merchant", 500, MERCHANT.balance);
        assertEq("partner", 400, address(partner).balance);
        assertEq("it waits", 100, deposit.balance);
        partner.prepare(address(this), 0, "", false);
        factory.sweep(SESSION, payouts, list(NATIVE));
        assertEq("merchant", 550, MERCHANT.balance);
        assertEq("partner", 450, address(partner).balance);
    }

    function test_token_that_calls_back_changes_nothing() public {
        HostileToken token = new HostileToken();
        token.mint(deposit, 1_000);
        token.setCall(
            address(factory), abi.encodeCall(factory.sweep, (SESSION, payouts, list(address(usdc), address(token))))
        );
        factory.sweep(SESSION, payouts, list(address(token), address(usdc)));
        assertTrue("refused", !token.succeeded());
        assertEq(
            "with", keccak256(abi.encodeWithSelector(DepositFactory.Reentered.selector)), keccak256(token.answer())
        );
        assertEq("merchant", 500, token.balanceOf(MERCHANT));
        assertEq("partner", 500, token.balanceOf(address(partner)));
        assertEq("coin", 500, usdc.balanceOf(MERCHANT));
    }

    /// @dev The lock ends with the call: two sweeps in one transaction both work, also after a refused one.
    function test_lock_ends_with_the_call() public {
        factory.sweep(SESSION, payouts, list(NATIVE));
        usdc.mint(deposit, 10);
        assertRefused(
            "malformed",
            abi.encodeCall(factory.sweep, (SESSION, new DepositFactory.Payout[](0), list(NATIVE))),
            abi.encodeWithSelector(DepositFactory.PayoutsLength.selector, 0, 20)
        );
        factory.sweep(SESSION, payouts, list(address(usdc)));
        factory.sweepBatch(ids(2), payouts, list(address(usdc)));
        assertEq("merchant", 505, usdc.balanceOf(MERCHANT));
    }
}
