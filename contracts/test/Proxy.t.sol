// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {Nft} from "./mocks/Nft.sol";
import {Delegator, StipendPayer} from "./mocks/Receivers.sol";

/// @notice The proxy at a deposit address, and the functions that only the factory may call.
contract ProxyTest is FactoryTest {
    address private deposit;

    function setUp() public override {
        super.setUp();
        deposit = depositOf(SESSION, one(MERCHANT));
        usdc.mint(deposit, 1);
        factory.sweep(SESSION, one(MERCHANT), list(address(usdc)));
        usdc.mint(deposit, 100);
        vm.deal(deposit, 100);
    }

    function assertUntouched() private view {
        assertEq("native", 100, deposit.balance);
        assertEq("coin", 100, usdc.balanceOf(deposit));
        assertEq("stranger", 0, STRANGER.balance + usdc.balanceOf(STRANGER));
    }

    function payData(address asset, address receiver, uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(factory.pay, (asset, receiver, amount));
    }

    // -------------------------------------------------------------- strangers

    function test_forty_bytes() public view {
        assertEq("size", 40, deposit.code.length);
        assertEq("code", keccak256(proxyCode(address(factory))), deposit.codehash);
    }

    /// @dev For anyone but the factory the proxy stops: it succeeds, says nothing, does nothing.
    function testFuzz_strangers_get_nothing(address caller, bytes calldata data) public {
        if (caller == address(factory) || caller == address(vm)) caller = STRANGER;
        vm.prank(caller);
        (bool success, bytes memory answer) = deposit.call(data);
        assertTrue("taken", success);
        assertEq("nothing said", 0, answer.length);
        assertUntouched();
    }

    function test_strangers_cannot_pay_through_the_proxy() public {
        vm.prank(STRANGER);
        (bool success, bytes memory answer) = deposit.call(payData(NATIVE, STRANGER, 100));
        assertTrue("stops", success && answer.length == 0);
        (success, answer) = deposit.call(payData(address(usdc), STRANGER, 100));
        assertTrue("stops", success && answer.length == 0);
        assertUntouched();
    }

    /// @dev The factory as the transaction's origin is still not the caller.
    function test_origin_is_no_caller() public {
        vm.prank(STRANGER, address(factory));
        (bool success, bytes memory answer) = deposit.call(payData(address(usdc), STRANGER, 100));
        assertTrue("stops", success && answer.length == 0);
        assertUntouched();
    }

    // ------------------------------------------------------ the pay functions

    function test_pay_is_forbidden_to_strangers_at_the_factory() public {
        vm.deal(address(factory), 5);
        usdc.mint(address(factory), 5);
        address[3] memory callers = [STRANGER, MERCHANT, deposit];
        for (uint256 i; i < 3; ++i) {
            bytes memory expected = abi.encodeWithSelector(DepositFactory.Forbidden.selector, callers[i]);
            vm.prank(callers[i]);
            assertRefused("native", payData(NATIVE, STRANGER, 5), expected);
            vm.prank(callers[i]);
            assertRefused("coin", payData(address(usdc), STRANGER, 5), expected);
            vm.prank(callers[i]);
            assertRefused("shares", sharesData(), expected);
        }
        assertEq("coin", 5, usdc.balanceOf(address(factory)));
    }

    /// @dev Not even the factory may pay from the factory itself.
    function test_pay_is_forbidden_to_the_factory_at_the_factory() public {
        vm.deal(address(factory), 5);
        vm.prank(address(factory));
        assertRefused(
            "own account",
            payData(NATIVE, STRANGER, 5),
            abi.encodeWithSelector(DepositFactory.Forbidden.selector, factory)
        );
    }

    /// @dev Foreign code that borrows the factory's code is not a proxy, whoever calls it.
    function test_pay_is_forbidden_in_foreign_delegators() public {
        Delegator delegator = new Delegator{value: 5}();
        vm.prank(STRANGER);
        (bool success, bytes memory answer) = delegator.run(address(factory), payData(NATIVE, STRANGER, 5));
        assertTrue("refused", !success);
        assertEq(
            "with", keccak256(abi.encodeWithSelector(DepositFactory.Forbidden.selector, STRANGER)), keccak256(answer)
        );
        assertEq("kept", 5, address(delegator).balance);
    }

    /// @dev Nor can it sweep: the proxies know their factory, and what it would create lies elsewhere.
    function test_sweeping_in_foreign_delegators_moves_nothing() public {
        Delegator delegator = new Delegator();
        address[] memory assets = list(NATIVE, address(usdc));
        vm.prank(STRANGER);
        (bool success,) =
            delegator.run(address(factory), abi.encodeCall(factory.sweep, (SESSION, one(MERCHANT), assets)));
        assertTrue("failures only", success);
        assertUntouched();

        address fresh = depositOf(SESSION, one(PARTNER));
        usdc.mint(fresh, 5);
        vm.prank(STRANGER);
        bytes memory answer;
        (success, answer) =
            delegator.run(address(factory), abi.encodeCall(factory.sweep, (SESSION, one(PARTNER), assets)));
        assertTrue("refused", !success);
        assertEq("with", DepositFactory.DepositMismatch.selector, bytes4(answer));
        assertEq("untouched", 5, usdc.balanceOf(fresh));
    }

    /// @dev Shares are divided by the factory in its own name only, never in a proxy's place.
    function test_shares_are_forbidden_in_a_proxys_place() public {
        vm.prank(address(factory));
        (bool success, bytes memory answer) = deposit.call(sharesData());
        assertTrue("no byte of success", success && answer.length == 0);
        assertUntouched();
    }

    function sharesData() private view returns (bytes memory) {
        return abi.encodeCall(factory.payShares, (SESSION, deposit, address(usdc), 100, two(STRANGER, PARTNER, 1)));
    }

    /// @dev The factory's other functions do nothing in a proxy's place either; there is no initialiser to find.
    function testFuzz_only_pay_works_in_a_proxys_place(bytes4 selector, bytes calldata rest) public {
        if (selector == DepositFactory.pay.selector) selector = bytes4(0);
        vm.prank(address(factory));
        (bool success, bytes memory answer) = deposit.call(abi.encodePacked(selector, rest));
        assertTrue("never a revert", success);
        answer;
        assertUntouched();
    }

    /// @dev The byte of success, and none where the transfer failed.
    function test_one_byte_on_success_and_none_on_failure() public {
        vm.prank(address(factory));
        (bool success, bytes memory answer) = deposit.call(payData(address(usdc), MERCHANT, 40));
        assertTrue("one byte", success && answer.length == 1);
        vm.prank(address(factory));
        (success, answer) = deposit.call(payData(address(usdc), MERCHANT, 61));
        assertTrue("no byte", success && answer.length == 0);
        assertEq("only the first", 41, usdc.balanceOf(MERCHANT));
    }

    function test_no_function_of_the_factory_is_named_like_a_tokens() public {
        bytes4[3] memory selectors = [bytes4(0xa9059cbb), bytes4(0x70a08231), bytes4(0x23b872dd)];
        for (uint256 i; i < 3; ++i) {
            assertRefused("unknown", abi.encodePacked(selectors[i], uint256(1), uint256(1), uint256(1)), "");
        }
    }

    // ------------------------------------------------------------ taking coin

    function test_takes_coin_with_a_stipend_before_and_after() public {
        StipendPayer payer = new StipendPayer{value: 10}();
        address fresh = depositOf(SESSION, one(PARTNER));
        payer.payTo(payable(fresh), 5);
        factory.sweep(SESSION, one(PARTNER), list(NATIVE));
        payer.payTo(payable(fresh), 5);
        factory.sweep(SESSION, one(PARTNER), list(NATIVE));
        assertEq("both", 10, PARTNER.balance);
    }

    function testFuzz_takes_coin_with_any_data(bytes calldata data) public {
        vm.deal(address(this), 7);
        (bool success,) = deposit.call{value: 7}(data);
        assertTrue("taken", success);
        assertEq("balance", 107, deposit.balance);
    }

    // -------------------------------------------------------------------- NFT

    function test_answers_no_token_hook() public {
        Nft nft = new Nft();
        nft.mint(address(this), 1);
        bytes memory expected = abi.encodeWithSelector(Nft.NotReceiver.selector, deposit);
        (bool success, bytes memory reason) = address(nft)
            .call(abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", address(this), deposit, 1));
        assertTrue("ERC-721", !success && keccak256(reason) == keccak256(expected));
        (success, reason) = address(nft)
            .call(
                abi.encodeWithSignature(
                    "safeTransferFrom(address,address,uint256,uint256,bytes)", address(this), deposit, 1, 1, ""
                )
            );
        assertTrue("ERC-1155", !success && keccak256(reason) == keccak256(expected));
        assertEq("kept", address(this), nft.ownerOf(1));
    }
}
