// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TestAccount
/// @notice A wallet that is a contract: it takes the signatures of its owner for its own (EIP-1271).
contract TestAccount {
    address public owner;

    /// @notice From now on `newOwner` signs for it.
    function setOwner(address newOwner) external {
        owner = newOwner;
    }

    /// @notice `0x1626ba7e` where the owner signed `hash`; `signature` is r, s and v.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        address signer =
            ecrecover(hash, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
        return signer != address(0) && signer == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}
