// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheatcodes of forge that these tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    function assume(bool condition) external pure;
    function chainId(uint256 id) external;
    function cool(address target) external;
    function deal(address account, uint256 balance) external;
    function envOr(string calldata name, bytes calldata otherwise) external view returns (bytes memory);
    function etch(address target, bytes calldata code) external;
    function expectRevert(bytes calldata data) external;
    function getRecordedLogs() external returns (Log[] memory logs);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function lastCallGas() external view returns (Gas memory gas);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function prank(address sender) external;
    function prank(address sender, address origin) external;
    function readFile(string calldata path) external view returns (string memory text);
    function recordLogs() external;
    function revertToState(uint256 id) external returns (bool);
    function setNonce(address account, uint64 nonce) external;
    function snapshotGasLastCall(string calldata name) external returns (uint256 used);
    function snapshotState() external returns (uint256 id);
    function toString(uint256 value) external pure returns (string memory);
}
