// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Deposit addresses as they are usually built, for comparison only: an EIP-1167 clone for each id, deployed by
/// CREATE2 when money is there, and told to pay all of it to the one receiver that its salt names. No cap on gas, no
/// shares, no lock, no proof of failure.
contract CloneFactory {
    CloneWallet private immutable IMPLEMENTATION;
    bytes32 private immutable INIT_CODE_HASH;

    constructor() {
        IMPLEMENTATION = new CloneWallet();
        INIT_CODE_HASH = keccak256(_initCode(address(IMPLEMENTATION)));
    }

    function addressOf(uint256 id, address receiver) external view returns (address wallet) {
        return _addressOf(keccak256(abi.encode(id, receiver)));
    }

    function sweep(uint256 id, address receiver, address token) external {
        _sweep(id, receiver, token);
    }

    function sweepBatch(uint256[] calldata ids, address receiver, address token) external {
        for (uint256 i; i < ids.length; ++i) {
            _sweep(ids[i], receiver, token);
        }
    }

    function _sweep(uint256 id, address receiver, address token) private {
        bytes32 salt = keccak256(abi.encode(id, receiver));
        address wallet = _addressOf(salt);
        if (wallet.code.length == 0) _clone(salt);
        CloneWallet(payable(wallet)).flush(token, receiver);
    }

    /// @dev The init code of EIP-1167: 10 bytes that return the 45 bytes of the clone.
    function _initCode(address implementation) private pure returns (bytes memory) {
        return abi.encodePacked(
            hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", implementation, hex"5af43d82803e903d91602b57fd5bf3"
        );
    }

    function _addressOf(bytes32 salt) private view returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, INIT_CODE_HASH));
        return address(uint160(uint256(hash)));
    }

    function _clone(bytes32 salt) private {
        bytes memory code = _initCode(address(IMPLEMENTATION));
        address created;
        assembly ("memory-safe") {
            created := create2(0, add(code, 32), mload(code), salt)
        }
        require(created != address(0), "not created");
    }
}

/// @notice What each clone runs: takes coin, and pays everything to a receiver when its factory says so.
contract CloneWallet {
    address private immutable FACTORY = msg.sender;

    receive() external payable {}

    function flush(address token, address receiver) external {
        require(msg.sender == FACTORY, "not the factory");
        if (token == address(0)) {
            (bool paid,) = receiver.call{value: address(this).balance}("");
            require(paid, "refused");
        } else {
            uint256 held = IToken(token).balanceOf(address(this));
            (bool success, bytes memory answer) = token.call(abi.encodeCall(IToken.transfer, (receiver, held)));
            require(success && (answer.length == 0 || abi.decode(answer, (bool))), "not paid");
        }
    }
}

interface IToken {
    function balanceOf(address owner) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
}
