// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TestFeed
/// @notice Answers as a Chainlink aggregator does (AggregatorV3Interface), with whatever it was last told.
contract TestFeed {
    uint8 public decimals = 8;
    int256 private _answer;
    uint256 private _startedAt;
    uint256 private _updatedAt;

    /// @notice From now on the feed says `answer`, in steps of 10^-`newDecimals`; times in seconds since 1970.
    function tell(int256 answer, uint8 newDecimals, uint256 startedAt, uint256 updatedAt) external {
        decimals = newDecimals;
        _answer = answer;
        _startedAt = startedAt;
        _updatedAt = updatedAt;
    }

    /// @notice The newest round.
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _answer, _startedAt, _updatedAt, 1);
    }
}
