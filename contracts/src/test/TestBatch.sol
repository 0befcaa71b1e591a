// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TestBatch
/// @notice Pays many receivers in one transaction, as an exchange's batcher does: they see a contract as the sender, and for native coin no
/// transaction of their own.
contract TestBatch {
    /// @notice A payment of the batch failed.
    error PaymentFailed(uint256 index);

    /// @notice Sends `amounts[i]` of `token`, which this contract must hold, to `receivers[i]`; of native coin where `token` is zero.
    function pay(address token, address[] calldata receivers, uint256[] calldata amounts) external payable {
        for (uint256 i = 0; i < receivers.length; ++i) {
            bool ok;
            if (token == address(0)) {
                (ok,) = receivers[i].call{value: amounts[i]}("");
            } else {
                (ok,) = token.call(abi.encodeWithSignature("transfer(address,uint256)", receivers[i], amounts[i]));
            }
            if (!ok) revert PaymentFailed(i);
        }
    }
}
