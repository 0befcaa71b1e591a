// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";
import {TestStandardErc20} from "./TestStandardErc20.sol";

/// @title TestWbtc
/// @notice The test world's WBTC: 8 decimals.
contract TestWbtc is TestStandardErc20 {
    constructor() TestErc20("Wrapped BTC", "WBTC", 8) {}
}
