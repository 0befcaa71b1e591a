// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title OddToken
/// @notice A token that works, and that can be told to do what the oddest tokens do to those who read its logs.
contract OddToken {
    string public name;
    string public symbol;
    uint8 public decimals;
    /// @notice Of each transfer, taken from what the receiver gets, in basis points.
    uint256 public feeBps;
    mapping(address owner => uint256 amount) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 value);

    error TooLittle(uint256 held);
    error Undone();

    constructor(string memory name_, uint8 decimals_) {
        (name, symbol, decimals) = (name_, "USDC", decimals_);
    }

    function mint(address to, uint256 value) external {
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) public returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    /// @notice Tells of failure by its answer alone.
    function transferInVain(address, uint256) external pure returns (bool) {
        return false;
    }

    function transferToMany(address[] calldata to, uint256 value) external {
        for (uint256 i = 0; i < to.length; ++i) {
            _move(msg.sender, to[i], value);
        }
    }

    /// @notice `times` transfers of `value`, all to `to`.
    function transferOften(address to, uint256 value, uint256 times) external {
        for (uint256 i = 0; i < times; ++i) {
            _move(msg.sender, to, value);
        }
    }

    /// @notice Gives to `to` and takes the same away again.
    function giveAndTake(address to, uint256 value) external {
        _move(msg.sender, to, value);
        _move(to, msg.sender, value);
    }

    function transferAndRevert(address to, uint256 value) external {
        _move(msg.sender, to, value);
        revert Undone();
    }

    /// @notice Makes a transfer of nothing on behalf of `from`, which anybody can with most tokens.
    function transferNothing(address from, address to, uint256 times) external {
        for (uint256 i = 0; i < times; ++i) {
            emit Transfer(from, to, 0);
        }
    }

    function setBalance(address owner, uint256 value) external {
        balanceOf[owner] = value;
    }

    function setFee(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    /// @notice Emits a log with up to four topics and any data.
    function emitLog(bytes32[] calldata topics, bytes calldata data) external {
        bytes memory copy = data;
        bytes32[] memory all = topics;
        assembly {
            let at := add(copy, 32)
            let size := mload(copy)
            let topic := add(all, 32)
            switch mload(all)
            case 0 { log0(at, size) }
            case 1 { log1(at, size, mload(topic)) }
            case 2 { log2(at, size, mload(topic), mload(add(topic, 32))) }
            case 3 { log3(at, size, mload(topic), mload(add(topic, 32)), mload(add(topic, 64))) }
            default { log4(at, size, mload(topic), mload(add(topic, 32)), mload(add(topic, 64)), mload(add(topic, 96))) }
        }
    }

    function _move(address from, address to, uint256 value) private {
        uint256 held = balanceOf[from];
        if (held < value) revert TooLittle(held);
        uint256 fee = value * feeBps / 10_000;
        balanceOf[from] = held - value;
        balanceOf[to] += value - fee;
        emit Transfer(from, to, value - fee);
        if (fee > 0) {
            balanceOf[address(this)] += fee;
            emit Transfer(from, address(this), fee);
        }
    }
}
