// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice As much of ERC-721 and ERC-1155 as asks a receiver's consent.
contract Nft {
    mapping(uint256 id => address owner) public ownerOf;
    mapping(address owner => uint256 count) public balanceOf;

    error NotReceiver(address to);

    function mint(address to, uint256 id) external {
        ownerOf[id] = to;
        ++balanceOf[to];
    }

    /// @notice ERC-721: asks the receiver if it has code.
    function safeTransferFrom(address from, address to, uint256 id) external {
        _move(from, to, id);
        _ask(to, abi.encodeWithSignature("onERC721Received(address,address,uint256,bytes)", from, from, id, ""));
    }

    /// @notice ERC-1155: asks the receiver if it has code.
    function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes calldata data) external {
        _move(from, to, id);
        _ask(
            to,
            abi.encodeWithSignature(
                "onERC1155Received(address,address,uint256,uint256,bytes)", from, from, id, amount, data
            )
        );
    }

    function _move(address from, address to, uint256 id) private {
        require(from == msg.sender && ownerOf[id] == from, "not owner");
        ownerOf[id] = to;
        --balanceOf[from];
        ++balanceOf[to];
    }

    function _ask(address to, bytes memory hook) private {
        if (to.code.length == 0) return;
        (bool success, bytes memory answer) = to.call(hook);
        if (!success || answer.length < 32 || bytes4(answer) != bytes4(hook)) revert NotReceiver(to);
    }
}
