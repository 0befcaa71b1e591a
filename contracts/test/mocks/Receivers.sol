// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Takes no coin, until told to.
contract RefusingReceiver {
    bool public willing;

    function agree() external {
        willing = true;
    }

    receive() external payable {
        require(willing, "no");
    }
}

/// @notice Burns all gas that it is given.
contract BurningReceiver {
    receive() external payable {
        while (true) {}
    }
}

/// @notice Reverts with as much data as its gas can buy.
contract BombReceiver {
    receive() external payable {
        assembly {
            revert(0, 280000)
        }
    }
}

/// @notice Takes coin only where enough gas is left; refuses at nearly no cost otherwise.
contract StarvedReceiver {
    uint256 private immutable gasNeeded;

    constructor(uint256 gasNeeded_) {
        gasNeeded = gasNeeded_;
    }

    receive() external payable {
        require(gasleft() >= gasNeeded, "starved");
    }
}

/// @notice Uses what it is paid with for a call of its owner's choice, and remembers the answer.
contract CallingReceiver {
    address private target;
    uint256 private value;
    bytes private data;
    bool private strict;
    bool public called;
    bool public succeeded;
    bytes public answer;

    /// @param strict_ True: refuses the coin where the call fails.
    function prepare(address target_, uint256 value_, bytes calldata data_, bool strict_) external {
        (target, value, data, strict) = (target_, value_, data_, strict_);
    }

    receive() external payable {
        called = true;
        (succeeded, answer) = target.call{value: value}(data);
        require(succeeded || !strict, "call failed");
    }
}

/// @notice Pays with the 2,300 gas of Solidity's `transfer`.
contract StipendPayer {
    constructor() payable {}

    function payTo(address payable to, uint256 amount) external {
        to.transfer(amount);
    }
}

/// @notice Runs foreign code as its own.
contract Delegator {
    constructor() payable {}

    function run(address code, bytes calldata data) external payable returns (bool success, bytes memory answer) {
        return code.delegatecall(data);
    }
}
