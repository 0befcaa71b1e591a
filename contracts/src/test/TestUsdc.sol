// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";
import {TestStandardErc20} from "./TestStandardErc20.sol";

/// @title TestUsdc
/// @notice The test world's USDC: 6 decimals.
contract TestUsdc is TestStandardErc20 {
    constructor() TestErc20("USD Coin", "USDC", 6) {}
}
