// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestErc20} from "./TestErc20.sol";
import {TestStandardErc20} from "./TestStandardErc20.sol";

/// @title TestDai
/// @notice The test world's DAI: 18 decimals.
contract TestDai is TestStandardErc20 {
    constructor() TestErc20("Dai Stablecoin", "DAI", 18) {}
}
