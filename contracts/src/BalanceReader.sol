// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BalanceReader
/// @notice Creation code for an `eth_call` without a receiver: reads many balances at one block, and leaves nothing.
/// @dev The call returns words: how many of the list were read, from its beginning, and their balances. Fewer than the whole
/// list are read when the node gives the call too little gas: ask again for the rest. A token that does not say (it reverts,
/// answers less than a word, or takes more than `CALL_GAS`) has balance 2^256 - 1, and spoils no other.
///
/// A node takes the answer for the code of a new contract. So it must not begin with 0xEF (EIP-3541), which a count never
/// does; it must be of at most 24,576 bytes (EIP-170), which 767 balances are; and it costs 200 gas per byte.
contract BalanceReader {
    /// @notice What to read: the balance of `owner` in a token, or in the chain's native coin where `asset` is zero.
    struct Wanted {
        address asset;
        address owner;
    }

    /// @dev What one `balanceOf` may take: the factory grants as much.
    uint256 private constant CALL_GAS = 100_000;

    /// @dev What must be left to ask one more token with all of `CALL_GAS` (a call passes on 63/64), and for each answer.
    uint256 private constant GAS_TO_ASK = CALL_GAS * 64 / 63 + 20_000;
    uint256 private constant GAS_PER_WORD = 32 * 200 + 100;

    /// @param wanted The list, of at most 767.
    constructor(Wanted[] memory wanted) {
        uint256[] memory answer = new uint256[](wanted.length);
        uint256 read = 0;
        while (read < wanted.length && gasleft() > GAS_TO_ASK + GAS_PER_WORD * (read + 2)) {
            answer[read] = _balance(wanted[read].asset, wanted[read].owner);
            ++read;
        }
        assembly {
            mstore(answer, read)
            return(answer, mul(add(read, 1), 32))
        }
    }

    /// @dev No more than a word of the token's answer is copied, however much it returns.
    function _balance(address asset, address owner) private view returns (uint256 amount) {
        if (asset == address(0)) return owner.balance;
        bytes memory input = abi.encodeWithSignature("balanceOf(address)", owner);
        assembly {
            let ok := staticcall(CALL_GAS, asset, add(input, 32), mload(input), 0, 32)
            amount := mload(0)
            if or(iszero(ok), lt(returndatasize(), 32)) { amount := not(0) }
        }
    }
}
