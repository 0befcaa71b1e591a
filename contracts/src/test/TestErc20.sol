// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TestErc20
/// @notice What the coins of the test world have in common: balances, and a mint that is open to all.
/// @dev `transfer`, `transferFrom` and `approve` are left to the coins, because USDT's return nothing.
abstract contract TestErc20 {
    string public name;
    string public symbol;
    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address owner => uint256 amount) public balanceOf;
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice `from` holds `held`, which is less than `value`.
    error BalanceTooLow(address from, uint256 held, uint256 value);

    /// @notice `spender` may move `allowed` of `from`, which is less than `value`.
    error AllowanceTooLow(address from, address spender, uint256 allowed, uint256 value);

    /// @notice Nothing is ever sent to the zero address.
    error ReceiverZero(uint256 value);

    constructor(string memory name_, string memory symbol_, uint8 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
    }

    /// @notice Makes `value` base units for `to`: the faucet of the test world.
    function mint(address to, uint256 value) external {
        if (to == address(0)) revert ReceiverZero(value);
        totalSupply += value;
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(address(0), to, value);
    }

    function _transfer(address from, address to, uint256 value) internal {
        if (to == address(0)) revert ReceiverZero(value);
        uint256 held = balanceOf[from];
        if (held < value) revert BalanceTooLow(from, held, value);
        unchecked {
            balanceOf[from] = held - value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }

    function _spend(address from, address spender, uint256 value) internal {
        uint256 allowed = allowance[from][spender];
        if (allowed == type(uint256).max) return;
        if (allowed < value) revert AllowanceTooLow(from, spender, allowed, value);
        unchecked {
            allowance[from][spender] = allowed - value;
        }
    }

    function _approve(address owner, address spender, uint256 value) internal {
        allowance[owner][spender] = value;
        emit Approval(owner, spender, value);
    }
}
