// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../../src/DepositFactory.sol";
import {TestUsdc} from "../../src/test/TestUsdc.sol";
import {TestUsdt} from "../../src/test/TestUsdt.sol";
import {Vm} from "./Vm.sol";

/// @notice What the tests of the factory share: a factory, two coins, payouts, the formula written out once more, and
/// assertions that name the numbers that differ.
abstract contract FactoryTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address internal constant NATIVE = address(0);
    uint128 internal constant SESSION = 0x01932c075a1e7d3b8f426c0a9e517b24;
    address internal constant MERCHANT = address(uint160(0x3E4C0));
    address internal constant PARTNER = address(uint160(0x9A47));
    address internal constant THIRD = address(uint160(0x741D));
    address internal constant STRANGER = address(uint160(0x574A));

    DepositFactory internal factory;
    TestUsdc internal usdc;
    TestUsdt internal usdt;

    error AssertionFailed(string what, uint256 expected, uint256 actual);

    function setUp() public virtual {
        factory = DepositFactory(create(creationCode()));
        usdc = new TestUsdc();
        usdt = new TestUsdt();
    }

    // ------------------------------------------------------------- deployment

    /// @dev The factory's creation code; the tests of planted faults give another one.
    function creationCode() internal view returns (bytes memory) {
        return vm.envOr("DEPOSIT_FACTORY_CODE", type(DepositFactory).creationCode);
    }

    function create(bytes memory code) internal returns (address created) {
        assembly {
            created := create(0, add(code, 32), mload(code))
        }
        assertTrue("created", created != address(0));
    }

    // ---------------------------------------------------------------- payouts

    function one(address receiver) internal view returns (DepositFactory.Payout[] memory payouts) {
        payouts = new DepositFactory.Payout[](1);
        payouts[0] = DepositFactory.Payout(block.chainid, receiver, 10_000);
    }

    function two(address first, address second, uint256 secondShare)
        internal
        view
        returns (DepositFactory.Payout[] memory payouts)
    {
        payouts = new DepositFactory.Payout[](2);
        payouts[0] = DepositFactory.Payout(block.chainid, first, 10_000 - secondShare);
        payouts[1] = DepositFactory.Payout(block.chainid, second, secondShare);
    }

    function three(address first, address second, address third)
        internal
        view
        returns (DepositFactory.Payout[] memory payouts)
    {
        payouts = new DepositFactory.Payout[](3);
        payouts[0] = DepositFactory.Payout(block.chainid, first, 5_000);
        payouts[1] = DepositFactory.Payout(block.chainid, second, 3_000);
        payouts[2] = DepositFactory.Payout(block.chainid, third, 2_000);
    }

    function list(address asset) internal pure returns (address[] memory assets) {
        assets = new address[](1);
        assets[0] = asset;
    }

    function list(address first, address second) internal pure returns (address[] memory assets) {
        assets = new address[](2);
        (assets[0], assets[1]) = (first, second);
    }

    function list(address first, address second, address third) internal pure returns (address[] memory assets) {
        assets = new address[](3);
        (assets[0], assets[1], assets[2]) = (first, second, third);
    }

    function ids(uint256 count) internal pure returns (uint128[] memory sessionIds) {
        sessionIds = new uint128[](count);
        for (uint256 i; i < count; ++i) {
            sessionIds[i] = uint128(uint256(keccak256(abi.encode("session", i))));
        }
    }

    // ---------------------------------------------------------------- formula

    /// @dev The rows as contiguous words.
    function encode(DepositFactory.Payout[] memory payouts) internal pure returns (bytes memory words) {
        for (uint256 i; i < payouts.length; ++i) {
            words = abi.encodePacked(words, payouts[i].chainId, uint256(uint160(payouts[i].receiver)), payouts[i].share);
        }
    }

    function saltOf(uint128 sessionId, bytes memory words) internal pure returns (bytes32) {
        return keccak256(abi.encode(sessionId, keccak256(words)));
    }

    function proxyCode(address by) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"3373", by, hex"18602757365f5f375f5f365f335af45ff35b");
    }

    function initCodeHashOf(address by) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"60288060095f395ff3", proxyCode(by)));
    }

    function create2Of(address by, bytes32 salt, bytes32 initCodeHash) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), by, salt, initCodeHash)))));
    }

    function depositOf(uint128 sessionId, DepositFactory.Payout[] memory payouts) internal view returns (address) {
        return create2Of(address(factory), saltOf(sessionId, encode(payouts)), initCodeHashOf(address(factory)));
    }

    /// @dev Where a share goes that its receiver did not take.
    function ownDepositOf(uint128 sessionId, address receiver) internal view returns (address) {
        return depositOf(sessionId, one(receiver));
    }

    // ----------------------------------------------------------------- events

    /// @dev How many of `logs` the factory emitted with `topic` for `deposit`.
    function countEvents(Vm.Log[] memory logs, bytes32 topic, address deposit) internal view returns (uint256 count) {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(factory) || logs[i].topics[0] != topic) continue;
            if (logs[i].topics[1] == bytes32(uint256(uint160(deposit)))) ++count;
        }
    }

    /// @dev Fails unless `log` is `Swept(deposit, receiver, amount)` of the factory.
    function assertSwept(Vm.Log memory log, address deposit, address receiver, uint256 amount) internal view {
        assertEq("emitter", address(factory), log.emitter);
        assertEq("topic", DepositFactory.Swept.selector, log.topics[0]);
        assertEq("topics", 2, log.topics.length);
        assertEq("deposit", bytes32(uint256(uint160(deposit))), log.topics[1]);
        assertEq("data", keccak256(abi.encode(receiver, amount)), keccak256(log.data));
    }

    /// @dev Fails unless `log` is `SweepFailed(deposit, asset)` of the factory.
    function assertSweepFailed(Vm.Log memory log, address deposit, address asset) internal view {
        assertEq("emitter", address(factory), log.emitter);
        assertEq("topic", DepositFactory.SweepFailed.selector, log.topics[0]);
        assertEq("topics", 2, log.topics.length);
        assertEq("deposit", bytes32(uint256(uint160(deposit))), log.topics[1]);
        assertEq("data", keccak256(abi.encode(asset)), keccak256(log.data));
    }

    // ------------------------------------------------------------- assertions

    /// @dev Fails unless the factory refuses `data` with exactly `expected`.
    function assertRefused(string memory what, bytes memory data, bytes memory expected) internal {
        (bool success, bytes memory answer) = address(factory).call(data);
        assertTrue(string.concat(what, ": refused"), !success);
        assertEq(string.concat(what, ": error"), keccak256(expected), keccak256(answer));
    }

    function assertEq(string memory what, uint256 expected, uint256 actual) internal pure {
        if (expected != actual) revert AssertionFailed(what, expected, actual);
    }

    function assertEq(string memory what, address expected, address actual) internal pure {
        assertEq(what, uint256(uint160(expected)), uint256(uint160(actual)));
    }

    function assertEq(string memory what, bytes32 expected, bytes32 actual) internal pure {
        assertEq(what, uint256(expected), uint256(actual));
    }

    function assertTrue(string memory what, bool condition) internal pure {
        if (!condition) revert AssertionFailed(what, 1, 0);
    }

    function bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + value % (most - least + 1);
    }
}
