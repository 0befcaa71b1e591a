// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "./DepositFactory.sol";

/// @title FactoryProbe
/// @notice Creation code for an `eth_call` without a receiver: proves that a factory works on a chain, and leaves nothing.
/// @dev The constructor deploys a coin, pays it to a deposit address that it computed itself by EIP-1014, sweeps it through
/// the factory, pays once more and sweeps again. So the chain has CREATE2 with Ethereum's formula, PUSH0 and transient
/// storage, and the factory does what it should. The call returns one word, `PROBE_WORKS`; anything else is a refusal.
contract FactoryProbe {
    /// @dev What the call returns: keccak256("bitstream.FactoryProbe.works") with a first byte that code may begin with.
    bytes32 private constant PROBE_WORKS = keccak256("bitstream.FactoryProbe.works") >> 8;

    /// @notice There is no code at the factory's address.
    error FactoryMissing(address factory);

    /// @notice The factory names another address than EIP-1014 gives.
    error AddressWrong(address expected, address actual);

    /// @notice After sweep number `round` the receiver holds `received` of `expected`, and `left` stayed behind.
    error SweepWrong(uint256 round, uint256 expected, uint256 received, uint256 left);

    /// @notice The deposit address has another code than the factory's proxy.
    error ProxyWrong(address deposit, bytes32 expected, bytes32 actual);

    /// @param factory The factory to try.
    constructor(DepositFactory factory) {
        if (address(factory).code.length == 0) revert FactoryMissing(address(factory));

        address receiver = address(uint160(uint256(keccak256(abi.encode(address(this), block.number)))));
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](1);
        payouts[0] = DepositFactory.Payout(block.chainid, receiver, 10_000);
        uint128 sessionId = uint128(uint160(receiver));

        bytes memory code = abi.encodePacked(hex"3373", factory, hex"18602757365f5f375f5f365f335af45ff35b");
        bytes32 salt = keccak256(abi.encode(sessionId, keccak256(abi.encode(payouts[0]))));
        bytes32 initCodeHash = keccak256(abi.encodePacked(hex"60288060095f395ff3", code));
        address deposit =
            address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), factory, salt, initCodeHash)))));
        address actual = factory.addressOf(sessionId, payouts);
        if (actual != deposit) revert AddressWrong(deposit, actual);

        ProbeCoin coin = new ProbeCoin();
        address[] memory tokens = new address[](1);
        tokens[0] = address(coin);
        for (uint256 round = 1; round <= 2; ++round) {
            coin.mint(deposit, round);
            factory.sweep(sessionId, payouts, tokens);
            uint256 expected = round * (round + 1) / 2;
            if (coin.balanceOf(receiver) != expected || coin.balanceOf(deposit) != 0) {
                revert SweepWrong(round, expected, coin.balanceOf(receiver), coin.balanceOf(deposit));
            }
        }
        if (deposit.codehash != keccak256(code)) revert ProxyWrong(deposit, keccak256(code), deposit.codehash);

        bytes32 answer = PROBE_WORKS;
        assembly {
            mstore(0, answer)
            return(0, 32)
        }
    }
}

/// @title ProbeCoin
/// @notice The least token that can be swept; it lives only inside a probe.
contract ProbeCoin {
    mapping(address owner => uint256 amount) public balanceOf;

    /// @notice Makes `value` for `to`.
    function mint(address to, uint256 value) external {
        balanceOf[to] += value;
    }

    /// @notice Moves `value` of the caller to `to`.
    function transfer(address to, uint256 value) external returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        return true;
    }
}
