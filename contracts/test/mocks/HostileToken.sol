// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A token that misbehaves in one way at a time.
contract HostileToken {
    enum Trick {
        None,
        ReturnsFalse,
        ReturnsTwo,
        ReturnsOneByte,
        ReturnsLong,
        ReturnsLongFalse,
        RevertsLong,
        Burns,
        Lies,
        RefusesZero,
        TakesFee,
        Starves,
        Calls,
        BalanceReverts,
        BalanceBurns,
        BalanceShort,
        BalanceLong,
        BalanceTooHigh,
        BalanceStarves
    }

    Trick public trick;
    mapping(address owner => uint256 amount) private held;
    mapping(address owner => bool) public blocked;
    uint256 private gasNeeded;
    address private target;
    bytes private data;
    bool public succeeded;
    bytes public answer;

    function set(Trick trick_) external {
        trick = trick_;
    }

    function setGasNeeded(uint256 gasNeeded_) external {
        gasNeeded = gasNeeded_;
    }

    function setCall(address target_, bytes calldata data_) external {
        (trick, target, data) = (Trick.Calls, target_, data_);
    }

    function setBlocked(address owner, bool blocked_) external {
        blocked[owner] = blocked_;
    }

    function mint(address to, uint256 value) external {
        held[to] += value;
    }

    /// @notice What `owner` really has.
    function heldBy(address owner) external view returns (uint256) {
        return held[owner];
    }

    function balanceOf(address owner) external view returns (uint256) {
        uint256 amount = held[owner];
        if (trick == Trick.BalanceReverts) revert("no answer");
        if (trick == Trick.BalanceBurns) while (true) {}
        if (trick == Trick.BalanceTooHigh) return amount + 1;
        if (trick == Trick.BalanceStarves) require(gasleft() >= gasNeeded, "starved");
        if (trick == Trick.BalanceShort) {
            assembly {
                mstore(0, amount)
                return(0, 31)
            }
        }
        if (trick == Trick.BalanceLong) {
            assembly {
                mstore(0, amount)
                return(0, 65536)
            }
        }
        return amount;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        require(!blocked[msg.sender] && !blocked[to], "blocked");
        if (trick == Trick.ReturnsFalse) return false;
        if (trick == Trick.RefusesZero) require(value != 0, "zero");
        if (trick == Trick.Starves) require(gasleft() >= gasNeeded, "starved");
        if (trick == Trick.Burns) while (true) {}
        if (trick == Trick.RevertsLong) {
            assembly {
                revert(0, 280000)
            }
        }
        if (trick == Trick.Lies) return true;
        if (trick == Trick.Calls) (succeeded, answer) = target.call(data);
        held[msg.sender] -= value;
        held[to] += trick == Trick.TakesFee ? value - value / 100 : value;
        assembly {
            switch sload(trick.slot)
            case 2 {
                mstore(0, 2)
                return(0, 32)
            }
            case 3 {
                mstore(0, shl(248, 1))
                return(0, 1)
            }
            case 4 {
                mstore(0, 1)
                return(0, 65536)
            }
            case 5 {
                mstore(0, 0)
                return(0, 65536)
            }
        }
        return true;
    }
}
