// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";

/// @title TestStandardErc20
/// @notice A coin of the test world that answers as ERC-20 asks: `true` or a revert.
abstract contract TestStandardErc20 is TestErc20 {
    /// @notice Moves `value` base units of the caller to `to`.
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    /// @notice Moves `value` base units of `from` to `to` out of the caller's allowance.
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spend(from, msg.sender, value);
        _transfer(from, to, value);
        return true;
    }

    /// @notice Lets `spender` move up to `value` base units of the caller.
    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }
}
