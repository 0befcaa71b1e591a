// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";

/// @title TestFreezable
/// @notice A dollar of the tests that can be paused, and that can block an address, as USDC and USDT can; anyone may do so.
contract TestFreezable is TestErc20 {
    bool public paused;
    mapping(address owner => bool) public isBlocked;

    /// @notice Nothing moves while the token is paused.
    error Paused();

    /// @notice `owner` is blocked.
    error Blocked(address owner);

    constructor() TestErc20("Freezable Dollar", "FUSD", 6) {}

    /// @notice Pauses the token, or lets it go on.
    function setPaused(bool paused_) external {
        paused = paused_;
    }

    /// @notice Blocks `owner`, or lets it go.
    function setBlocked(address owner, bool isBlocked_) external {
        isBlocked[owner] = isBlocked_;
    }

    /// @notice Moves `value` base units of the caller to `to`.
    function transfer(address to, uint256 value) external returns (bool) {
        if (paused) revert Paused();
        if (isBlocked[msg.sender]) revert Blocked(msg.sender);
        if (isBlocked[to]) revert Blocked(to);
        _transfer(msg.sender, to, value);
        return true;
    }
}
