// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A wallet of several owners' kind: a proxy delegates to it, and what it sends is no transaction of its own.
contract Wallet {
    error CallFailed();

    receive() external payable {}

    function execTransaction(address to, uint256 value, bytes calldata data, bool delegates) external {
        (bool ok,) = delegates ? to.delegatecall(data) : to.call{value: value}(data);
        if (!ok) revert CallFailed();
    }
}

/// @notice The part of a wallet that has its coin.
contract WalletProxy {
    address private immutable SINGLETON;

    constructor(address singleton) {
        SINGLETON = singleton;
    }

    receive() external payable {}

    fallback() external payable {
        (bool ok, bytes memory answer) = SINGLETON.delegatecall(msg.data);
        if (!ok) revert Wallet.CallFailed();
        assembly {
            return(add(answer, 32), mload(answer))
        }
    }
}

/// @notice Runs inside a wallet and sends to many.
contract Multisend {
    error PaymentFailed(uint256 index);

    function multisend(address[] calldata to, uint256[] calldata amounts) external payable {
        for (uint256 i = 0; i < to.length; ++i) {
            (bool ok,) = to[i].call{value: amounts[i]}("");
            if (!ok) revert PaymentFailed(i);
        }
    }
}

/// @notice Wrapped coin that can be unwrapped to somebody else.
contract WrappedCoin {
    mapping(address owner => uint256 amount) public balanceOf;

    error Refused();

    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    function withdrawTo(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert Refused();
    }
}

/// @notice Leaves its coin behind without calling anybody.
contract Bomb {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}

/// @notice Is created with coin and passes it on while it is being created.
contract Forwarder {
    error Refused();

    constructor(address to) payable {
        (bool ok,) = to.call{value: msg.value}("");
        if (!ok) revert Refused();
    }
}

/// @notice Carries out what others ask of their wallets, as ERC-4337 does: the transaction is the bundler's.
contract EntryPoint {
    function handleOps(address[] calldata wallets, bytes[] calldata operations, address payable beneficiary) external {
        for (uint256 i = 0; i < wallets.length; ++i) {
            // A failed operation is paid for all the same.
            (bool ok,) = wallets[i].call(operations[i]);
            ok;
        }
        (bool paid,) = beneficiary.call{value: address(this).balance}("");
        paid;
    }

    receive() external payable {}
}

/// @notice Takes more than a swap costs and gives the rest to whom it is told to.
contract Router {
    error Refused();

    function swap(address refundTo, uint256 cost) external payable {
        (bool ok,) = refundTo.call{value: msg.value - cost}("");
        if (!ok) revert Refused();
    }
}

/// @title CoinRoutes
/// @notice The ways in which native coin reaches an address without a transaction to it, and those in which it only seems to.
contract CoinRoutes {
    Wallet private immutable SINGLETON = new Wallet();
    Multisend private immutable MULTISEND = new Multisend();
    WrappedCoin private immutable WRAPPED = new WrappedCoin();
    EntryPoint private immutable ENTRY_POINT = new EntryPoint();
    Router private immutable ROUTER = new Router();
    address payable private immutable WALLET;

    error Reverted();
    error Refused();

    constructor() {
        WALLET = payable(address(new WalletProxy(address(SINGLETON))));
    }

    receive() external payable {}

    /// @notice The code that an ordinary account may delegate to (EIP-7702).
    function delegate() external view returns (address) {
        return address(SINGLETON);
    }

    function bySafe(address to, uint256 amount) external {
        fund(WALLET, amount);
        Wallet(WALLET).execTransaction(to, amount, "", false);
    }

    function byMultisend(address to, uint256 amount) external {
        fund(WALLET, amount + 2);
        address[] memory all = new address[](3);
        uint256[] memory amounts = new uint256[](3);
        (all[0], all[1], all[2]) = (address(0xdead), to, address(0xbeef));
        (amounts[0], amounts[1], amounts[2]) = (1, amount, 1);
        Wallet(WALLET).execTransaction(
            address(MULTISEND), 0, abi.encodeCall(Multisend.multisend, (all, amounts)), true
        );
    }

    function byUnwrapping(address to, uint256 amount) external {
        WRAPPED.deposit{value: amount}();
        WRAPPED.withdrawTo(to, amount);
    }

    function bySelfdestruct(address to, uint256 amount) external {
        new Bomb{value: amount}(payable(to));
    }

    function byCreation(address to, uint256 amount) external {
        new Forwarder{value: amount}(to);
    }

    function byBundle(address to, uint256 amount) external {
        fund(WALLET, amount);
        address[] memory wallets = new address[](2);
        bytes[] memory operations = new bytes[](2);
        (wallets[0], wallets[1]) = (WALLET, WALLET);
        operations[0] = abi.encodeCall(Wallet.execTransaction, (to, amount, "", false));
        // More than it has: this one fails, and the bundle goes on.
        operations[1] = abi.encodeCall(Wallet.execTransaction, (to, amount, "", false));
        ENTRY_POINT.handleOps(wallets, operations, payable(address(this)));
    }

    /// @notice As the one who is paid for the bundle.
    function asBeneficiary(address to, uint256 amount) external {
        fund(address(ENTRY_POINT), amount);
        ENTRY_POINT.handleOps(new address[](0), new bytes[](0), payable(to));
    }

    function byRefund(address to, uint256 amount) external {
        ROUTER.swap{value: amount + 7}(to, 7);
    }

    function thrice(address to, uint256 amount) external {
        for (uint256 i = 0; i < 3; ++i) {
            fund(to, amount);
        }
    }

    /// @notice The call that pays is undone, the transaction succeeds.
    function undone(address to, uint256 amount) external {
        try this.payAndRevert(to, amount) {} catch {}
    }

    /// @notice Pays and takes the whole transaction back.
    function payAndRevert(address to, uint256 amount) external {
        fund(to, amount);
        revert Reverted();
    }

    function fund(address to, uint256 amount) private {
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert Refused();
    }
}
