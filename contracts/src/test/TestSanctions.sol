// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TestSanctions
/// @notice Answers as an oracle of sanctioned addresses does, with whatever it was last told.
contract TestSanctions {
    mapping(address => bool) public isSanctioned;

    /// @notice From now on `account` is sanctioned, or is not.
    function tell(address account, bool isNamed) external {
        isSanctioned[account] = isNamed;
    }
}
