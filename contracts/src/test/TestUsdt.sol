// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";

/// @title TestUsdt
/// @notice The test world's USDT: 6 decimals, and like the real one on Ethereum it returns nothing from `transfer`,
/// `transferFrom` and `approve`, and changes an allowance only from or to zero.
contract TestUsdt is TestErc20 {
    /// @notice The allowance is `allowed`; it must be set to zero before it can be set to `value`.
    error AllowanceNotZero(uint256 allowed, uint256 value);

    constructor() TestErc20("Tether USD", "USDT", 6) {}

    /// @notice Moves `value` base units of the caller to `to`.
    function transfer(address to, uint256 value) external {
        _transfer(msg.sender, to, value);
    }

    /// @notice Moves `value` base units of `from` to `to` out of the caller's allowance.
    function transferFrom(address from, address to, uint256 value) external {
        _spend(from, msg.sender, value);
        _transfer(from, to, value);
    }

    /// @notice Lets `spender` move up to `value` base units of the caller.
    function approve(address spender, uint256 value) external {
        uint256 allowed = allowance[msg.sender][spender];
        if (allowed != 0 && value != 0) revert AllowanceNotZero(allowed, value);
        _approve(msg.sender, spender, value);
    }
}
