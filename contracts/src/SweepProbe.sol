// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SweepProbe
/// @notice Creation code for an `eth_call` without a receiver: tries a sweep, tells what it would move, and leaves nothing.
/// @dev The call returns words: 1 where the factory took the call and 0 where it reverted, then what each deposit address
/// held of each token before it (all tokens of the first address, then those of the second …), then the same after it.
contract SweepProbe {
    /// @dev Gas that a `balanceOf` may use, as in the factory. One that fails counts as nothing held.
    uint256 private constant BALANCE_GAS = 100_000;

    /// @param factory The factory.
    /// @param data Calldata of one of its sweeps.
    /// @param deposits The deposit addresses that the sweep is for.
    /// @param tokens What is swept at each: token addresses, and zero for the chain's native coin.
    constructor(address factory, bytes memory data, address[] memory deposits, address[] memory tokens) {
        uint256 count = deposits.length * tokens.length;
        uint256[] memory answer = new uint256[](1 + 2 * count);
        _look(answer, 1, deposits, tokens);
        assembly ("memory-safe") {
            mstore(add(answer, 32), call(gas(), factory, 0, add(data, 32), mload(data), 0, 0))
        }
        _look(answer, 1 + count, deposits, tokens);
        assembly {
            return(add(answer, 32), mul(mload(answer), 32))
        }
    }

    /// @dev Writes what lies at the deposit addresses into `answer`, from word `at` on.
    function _look(uint256[] memory answer, uint256 at, address[] memory deposits, address[] memory tokens)
        private
        view
    {
        for (uint256 i; i < deposits.length; ++i) {
            for (uint256 j; j < tokens.length; ++j) {
                answer[at++] = tokens[j] == address(0) ? deposits[i].balance : _balanceOf(tokens[j], deposits[i]);
            }
        }
    }

    function _balanceOf(address token, address owner) private view returns (uint256 held) {
        assembly ("memory-safe") {
            mstore(0, shl(224, 0x70a08231)) // balanceOf(address)
            mstore(4, owner)
            let known := staticcall(BALANCE_GAS, token, 0, 36, 0, 32)
            held := mul(and(known, gt(returndatasize(), 31)), mload(0))
        }
    }
}
