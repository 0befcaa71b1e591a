// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title DepositFactory
/// @notice Moves what arrived at a session's deposit address to the receivers that the address commits to, and nowhere else.
///
/// A deposit address is the CREATE2 address of a tiny proxy that need not exist when money arrives. Its salt is
/// `keccak256(abi.encode(sessionId, keccak256(payouts)))`, so whoever knows the session's id and payouts can find the
/// address and sweep it, and whoever changes a receiver, a share or a chain speaks of another address.
///
/// There is no owner, no upgrade, no initialiser and no storage. Anyone may call; the caller chooses only when.
/// @dev The factory is the implementation of its own proxies: `pay` runs by delegatecall with a proxy's balance.
contract DepositFactory {
    // ------------------------------------------------------------------ types

    /// @notice One receiver of what arrives on one chain.
    /// @param chainId The chain that the row is for, or 0: any chain that has no rows of its own.
    /// @param receiver Who is paid.
    /// @param share Basis points of what arrives. The first receiver of a chain takes the rest of every division.
    struct Payout {
        uint256 chainId;
        address receiver;
        uint256 share;
    }

    // -------------------------------------------------------------- constants

    /// @dev Stands for the chain's native coin among `tokens`.
    address private constant NATIVE = address(0);

    /// @dev The shares of each chain add up to this.
    uint256 private constant SHARES_TOTAL = 10_000;

    /// @dev More rows than this are refused.
    uint256 private constant PAYOUTS_MAX = 20;

    /// @dev Gas that a token's `balanceOf` may use.
    uint256 private constant BALANCE_GAS = 100_000;

    /// @dev Gas that a token's `transfer` may use, and a receiver of native coin.
    uint256 private constant TRANSFER_GAS = 200_000;

    /// @dev Gas of one `pay` through a proxy: enough for the full `TRANSFER_GAS` after two calls that keep 1/64 back,
    /// the price of a value transfer to a new account (36,600), and slack for chains that price it higher.
    uint256 private constant PAY_GAS = 300_000;

    /// @dev Gas of `payShares` for each receiver: his share, then the same at his own deposit address.
    uint256 private constant SHARE_GAS = 2 * (PAY_NEEDS + MARGIN);

    /// @dev What a call costs before the callee gets its gas, with room to spare.
    uint256 private constant MARGIN = 10_000;

    /// @dev With this much gas left, a call capped at `BALANCE_GAS` or `PAY_GAS` gets all of its cap.
    uint256 private constant BALANCE_NEEDS = (BALANCE_GAS * 64) / 63 + MARGIN;
    uint256 private constant PAY_NEEDS = (PAY_GAS * 64) / 63 + MARGIN;

    /// @dev Init code of a proxy: these 11 bytes, the factory's 20, then the tail's 18.
    ///
    ///     60 28 80 60 09 5f 39 5f f3   return the 40 bytes that follow
    ///     33 73 <factory> 18           caller ^ factory
    ///     60 27 57                     not the factory: jump to the end, which stops: any coin and any data is taken
    ///     36 5f 5f 37                  copy the calldata
    ///     5f 5f 36 5f 33 5a f4         delegatecall the caller with it
    ///     5f f3                        return as many bytes as it says: 1 when it succeeded, 0 when it reverted
    ///     5b                           the end
    uint256 private constant PROXY_HEAD = 0x60288060095f395ff33373;
    uint256 private constant PROXY_TAIL = 0x18602757365f5f375f5f365f335af45ff35b;
    uint256 private constant PROXY_SIZE = 49;

    /// @dev Where a draft (see `_draft`) has its parts; the proxy's init code is at 0.
    uint256 private constant AT_CREATE2 = 64; // 0xff ++ factory, 21 bytes
    uint256 private constant AT_SALT = 85;
    uint256 private constant AT_INIT_CODE_HASH = 117;
    uint256 private constant AT_SESSION_ID = 160;
    uint256 private constant AT_PAYOUTS_HASH = 192;
    uint256 private constant AT_BALANCE_OF = 224; // the selector, right-aligned, so that the calldata begins at 252
    uint256 private constant AT_BALANCE_DATA = 252;
    uint256 private constant AT_BALANCE_OWNER = 256;
    uint256 private constant AT_PAY = 288; // the same for `pay`
    uint256 private constant AT_PAY_DATA = 316;
    uint256 private constant AT_PAY_ASSET = 320;
    uint256 private constant AT_PAY_RECEIVER = 352;
    uint256 private constant AT_PAY_AMOUNT = 384;
    uint256 private constant DRAFT_SIZE = 416;

    /// @dev The factory's address, also where its code runs in a proxy's place.
    address private immutable SELF = address(this);

    // ------------------------------------------------------------------ state

    /// @dev 1 while a sweep is under way.
    uint256 private transient sweeping;

    // ----------------------------------------------------------------- events

    /// @notice Native coin left a deposit address. Tokens say so themselves, by `Transfer`.
    /// @param deposit The deposit address.
    /// @param receiver Who got it: a receiver, or the receiver's own deposit address where he refused his share.
    /// @param amount Base units of the chain's coin.
    event Swept(address indexed deposit, address receiver, uint256 amount);

    /// @notice An asset could not be moved and waits at the deposit address. A hint, never a fact.
    /// @param deposit The deposit address.
    /// @param asset The token, or zero for native coin.
    event SweepFailed(address indexed deposit, address asset);

    // ----------------------------------------------------------------- errors

    /// @notice There are no payouts, or too many.
    error PayoutsLength(uint256 length, uint256 lengthMax);

    /// @notice Row `index` belongs to a lower chain than the row before it.
    error PayoutsUnsorted(uint256 index, uint256 chainIdBefore, uint256 chainId);

    /// @notice Row `index` pays zero, the factory, or a value that is no address.
    error ReceiverInvalid(uint256 index, uint256 receiver);

    /// @notice Row `index` names a receiver that an earlier row of the same chain names.
    error ReceiverRepeated(uint256 index, address receiver);

    /// @notice Row `index` has a share of 0 or of more than all.
    error ShareInvalid(uint256 index, uint256 share);

    /// @notice The shares of a chain add up to `sum`, not to `sumRequired`.
    error SharesSum(uint256 chainId, uint256 sum, uint256 sumRequired);

    /// @notice No row is for this chain or for any chain.
    error NoPayoutForChain(uint256 chainId);

    /// @notice A call failed that had not its full cap of gas available, so its failure proves nothing. `required` at the
    /// same place is enough.
    error GasTooLow(uint256 available, uint256 required);

    /// @notice The proxy was not created where it was expected: out of gas, or a chain with another formula.
    error DepositMismatch(address expected, address created);

    /// @notice A sweep is under way and something it paid or asked called back.
    error Reentered();

    /// @notice Only the factory may call this, and only there where it belongs.
    error Forbidden(address caller);

    /// @dev Neither a receiver nor his own deposit address would take a share, each with its full cap of gas.
    error ShareFailed(address receiver, uint256 amount);

    // -------------------------------------------------------------- modifiers

    /// @dev One sweep at a time, so that nothing called on the way can move what was already divided.
    modifier locked() {
        if (sweeping != 0) revert Reentered();
        sweeping = 1;
        _;
        sweeping = 0;
    }

    // ---------------------------------------------------------------- reading

    /// @notice The address where money for a session arrives, on every chain; it needs no code to receive.
    /// @dev Refuses what `sweep` would refuse on every chain.
    /// @param sessionId The session's UUID as an integer.
    /// @param payouts Who is paid: sorted by chain, shares of each chain 10,000 basis points, no receiver twice on one.
    /// @return deposit The CREATE2 address of the session's proxy.
    function addressOf(uint128 sessionId, Payout[] calldata payouts) external view returns (address deposit) {
        (bytes32 payoutsHash,,) = _check(payouts);
        return _aim(_draft(payoutsHash, NATIVE), sessionId);
    }

    /// @notice The hash that CREATE2 takes of the proxies' init code: one and the same for every deposit address.
    function proxyInitCodeHash() external view returns (bytes32 hash) {
        uint256 draft = _draft(0, NATIVE);
        assembly ("memory-safe") {
            hash := mload(add(draft, AT_INIT_CODE_HASH))
        }
    }

    // --------------------------------------------------------------- sweeping

    /// @notice Pays out whatever lies at a session's deposit address: all of it, to this chain's receivers.
    /// @dev An asset that cannot be moved is left where it is (`SweepFailed`); the others go on. What is empty is skipped
    /// without a trace, so a sweep that came too late succeeds and does nothing. Reverts as a whole when gas is short.
    /// @param sessionId The session's UUID as an integer.
    /// @param payouts Exactly the rows that the address was made of.
    /// @param tokens What to sweep: token addresses, and zero for the chain's native coin.
    function sweep(uint128 sessionId, Payout[] calldata payouts, address[] calldata tokens) external locked {
        (uint256 draft, Payout[] calldata rows) = _prepare(payouts);
        _sweepDeposit(draft, sessionId, rows, tokens);
    }

    /// @notice The same as `sweep` for many sessions that have the same payouts.
    /// @param sessionIds The sessions' UUIDs as integers; one that comes twice is empty the second time.
    /// @param payouts Exactly the rows that each of the addresses was made of.
    /// @param tokens What to sweep at each: token addresses, and zero for the chain's native coin.
    function sweepBatch(uint128[] calldata sessionIds, Payout[] calldata payouts, address[] calldata tokens)
        external
        locked
    {
        (uint256 draft, Payout[] calldata rows) = _prepare(payouts);
        unchecked {
            for (uint256 i; i < sessionIds.length; ++i) {
                uint256 sessionId;
                assembly ("memory-safe") {
                    sessionId := calldataload(add(sessionIds.offset, shl(5, i)))
                    if shr(128, sessionId) { revert(0, 0) } // dirty
                }
                _sweepDeposit(draft, sessionId, rows, tokens);
            }
        }
    }

    // -------------------------------------------------- called by the factory

    /// @notice Makes one transfer out of a deposit address, or reverts. Only for the factory, through a proxy.
    /// @param asset The token, or zero for native coin.
    /// @param receiver Who is paid.
    /// @param amount Base units.
    function pay(address asset, address receiver, uint256 amount) external {
        if (msg.sender != SELF || address(this) == SELF) revert Forbidden(msg.sender);
        assembly ("memory-safe") {
            // No return data is copied beyond one word, so its length costs nothing here.
            switch asset
            case 0 {
                if iszero(call(TRANSFER_GAS, receiver, amount, 0, 0, 0, 0)) { revert(0, 0) }
            }
            default {
                let pointer := mload(0x40)
                mstore(pointer, shl(224, 0xa9059cbb)) // transfer(address,uint256)
                mstore(add(pointer, 4), receiver)
                mstore(add(pointer, 36), amount)
                if iszero(call(TRANSFER_GAS, asset, 0, pointer, 68, 0, 32)) { revert(0, 0) }
                // `true`, or nothing: there is code, because it has just told a balance.
                if returndatasize() {
                    if or(lt(returndatasize(), 32), xor(mload(0), 1)) { revert(0, 0) }
                }
            }
        }
    }

    /// @notice Divides an asset at a deposit address among several receivers, or reverts. Only for the factory itself.
    /// @dev A share that fails goes to that receiver's own deposit address, so no receiver can block the others.
    /// @param sessionId The session's UUID as an integer.
    /// @param deposit The session's deposit address, which has its proxy.
    /// @param asset The token, or zero for native coin.
    /// @param balance What there is to divide.
    /// @param rows This chain's receivers.
    function payShares(uint128 sessionId, address deposit, address asset, uint256 balance, Payout[] calldata rows)
        external
    {
        if (msg.sender != SELF || address(this) != SELF) revert Forbidden(msg.sender);
        unchecked {
            uint256 rest = balance;
            for (uint256 i = 1; i < rows.length; ++i) {
                uint256 share = rows[i].share;
                // floor(balance * share / total) without a product that could overflow.
                uint256 amount = (balance / SHARES_TOTAL) * share + ((balance % SHARES_TOTAL) * share) / SHARES_TOTAL;
                rest -= amount;
                if (amount != 0) _payShare(sessionId, deposit, asset, rows[i].receiver, amount);
            }
            _payShare(sessionId, deposit, asset, rows[0].receiver, rest);
        }
    }

    // -------------------------------------------------------------- internals

    /// @dev Validates `payouts`; `first` and `count` tell which rows are for this chain (none: `count` is 0).
    function _check(Payout[] calldata payouts) private view returns (bytes32 hash, uint256 first, uint256 count) {
        unchecked {
            uint256 length = payouts.length;
            if (length == 0 || length > PAYOUTS_MAX) revert PayoutsLength(length, PAYOUTS_MAX);
            uint256 chainBefore;
            uint256 chainStart;
            uint256 sum;
            for (uint256 i; i < length; ++i) {
                // The words as they are, so that a dirty one can be named.
                uint256 chainId;
                uint256 receiver;
                uint256 share;
                assembly ("memory-safe") {
                    let row := add(payouts.offset, mul(i, 96))
                    chainId := calldataload(row)
                    receiver := calldataload(add(row, 32))
                    share := calldataload(add(row, 64))
                }
                if (i != 0 && chainId != chainBefore) {
                    if (chainId < chainBefore) revert PayoutsUnsorted(i, chainBefore, chainId);
                    if (sum != SHARES_TOTAL) revert SharesSum(chainBefore, sum, SHARES_TOTAL);
                    chainStart = i;
                    sum = 0;
                }
                chainBefore = chainId;
                if (receiver == 0 || receiver >> 160 != 0 || receiver == uint160(SELF)) {
                    revert ReceiverInvalid(i, receiver);
                }
                for (uint256 j = chainStart; j < i; ++j) {
                    if (uint160(payouts[j].receiver) == receiver) revert ReceiverRepeated(i, payouts[j].receiver);
                }
                if (share == 0 || share > SHARES_TOTAL) revert ShareInvalid(i, share);
                sum += share;
                // Rows of chain 0 come first; rows of this very chain take their place.
                if (chainId == 0 || chainId == block.chainid) {
                    if (i == chainStart) (first, count) = (i, 0);
                    ++count;
                }
            }
            if (sum != SHARES_TOTAL) revert SharesSum(chainBefore, sum, SHARES_TOTAL);
        }
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            let size := mul(payouts.length, 96)
            calldatacopy(pointer, payouts.offset, size)
            hash := keccak256(pointer, size)
        }
    }

    /// @dev Validates `payouts`; returns a draft and the rows that decide on this chain, of which there must be some.
    function _prepare(Payout[] calldata payouts) private view returns (uint256 draft, Payout[] calldata rows) {
        (bytes32 payoutsHash, uint256 first, uint256 count) = _check(payouts);
        if (count == 0) revert NoPayoutForChain(block.chainid);
        assembly ("memory-safe") {
            rows.offset := add(payouts.offset, mul(first, 96))
            rows.length := count
        }
        draft = _draft(payoutsHash, rows[0].receiver);
    }

    /// @dev Memory with all that the deposit addresses of one list of payouts have in common, by the offsets `AT_…`.
    function _draft(bytes32 payoutsHash, address receiver) private view returns (uint256 draft) {
        address self = SELF;
        bytes4 paySelector = this.pay.selector;
        assembly ("memory-safe") {
            draft := mload(0x40)
            mstore(0x40, add(draft, DRAFT_SIZE))
            mstore(add(draft, 17), PROXY_TAIL) // ends at PROXY_SIZE
            mstore(draft, or(shl(168, PROXY_HEAD), or(shl(8, self), shr(136, PROXY_TAIL))))
            mstore(add(draft, AT_CREATE2), or(shl(248, 0xff), shl(88, self)))
            mstore(add(draft, AT_INIT_CODE_HASH), keccak256(draft, PROXY_SIZE))
            mstore(add(draft, AT_PAYOUTS_HASH), payoutsHash)
            mstore(add(draft, AT_BALANCE_OF), 0x70a08231) // balanceOf(address)
            mstore(add(draft, AT_PAY), shr(224, paySelector))
            mstore(add(draft, AT_PAY_RECEIVER), receiver)
        }
    }

    /// @dev Turns a draft to one session and returns the session's deposit address (EIP-1014).
    function _aim(uint256 draft, uint256 sessionId) private pure returns (address deposit) {
        assembly ("memory-safe") {
            mstore(add(draft, AT_SESSION_ID), sessionId)
            mstore(add(draft, AT_SALT), keccak256(add(draft, AT_SESSION_ID), 64))
            deposit := shr(96, shl(96, keccak256(add(draft, AT_CREATE2), 85)))
            mstore(add(draft, AT_BALANCE_OWNER), deposit)
        }
    }

    /// @dev Sweeps each of `tokens` at the deposit address of one session.
    function _sweepDeposit(uint256 draft, uint256 sessionId, Payout[] calldata rows, address[] calldata tokens)
        private
    {
        address deposit = _aim(draft, sessionId);
        unchecked {
            for (uint256 i; i < tokens.length; ++i) {
                address asset;
                assembly ("memory-safe") {
                    asset := calldataload(add(tokens.offset, shl(5, i)))
                    if shr(160, asset) { revert(0, 0) } // dirty
                }
                (uint256 held, bool known) = _heldAt(draft, deposit, asset);
                if (held == 0) {
                    if (known) continue;
                } else {
                    if (deposit.code.length == 0) _deploy(draft, deposit);
                    if (rows.length == 1) {
                        if (_pay(draft, deposit, asset, held)) continue;
                    } else if (_payOutShares(sessionId, deposit, asset, held, rows)) {
                        continue;
                    }
                }
                emit SweepFailed(deposit, asset);
            }
        }
    }

    /// @dev How much lies at `deposit`; 0 and not `known` where the token gives no answer within its cap of gas.
    function _heldAt(uint256 draft, address deposit, address asset) private view returns (uint256 held, bool known) {
        if (asset == NATIVE) return (deposit.balance, true);
        uint256 available = gasleft();
        assembly ("memory-safe") {
            known := staticcall(BALANCE_GAS, asset, add(draft, AT_BALANCE_DATA), 36, 0, 32)
            known := and(known, gt(returndatasize(), 31))
            held := mul(known, mload(0))
        }
        if (!known && available < BALANCE_NEEDS) revert GasTooLow(available, BALANCE_NEEDS);
    }

    /// @dev Creates the proxy at `deposit`, at which the draft aims.
    function _deploy(uint256 draft, address deposit) private {
        address created;
        assembly ("memory-safe") {
            created := create2(0, draft, PROXY_SIZE, mload(add(draft, AT_SALT)))
        }
        if (created != deposit) revert DepositMismatch(deposit, created);
    }

    /// @dev Divides `held` among `rows`, all of it or nothing; false where a share failed with its full cap of gas twice.
    function _payOutShares(uint256 sessionId, address deposit, address asset, uint256 held, Payout[] calldata rows)
        private
        returns (bool paid)
    {
        bytes memory data = abi.encodeCall(this.payShares, (uint128(sessionId), deposit, asset, held, rows));
        uint256 cap = rows.length * SHARE_GAS;
        uint256 available = gasleft();
        bytes4 reason;
        assembly ("memory-safe") {
            mstore(0, 0)
            paid := call(cap, address(), 0, add(data, 32), mload(data), 0, 4)
            reason := mload(0)
        }
        // Whatever else ended it (an inner check, or plain exhaustion) was gas.
        if (!paid && reason != ShareFailed.selector) revert GasTooLow(available, (cap * 64) / 63 + MARGIN);
    }

    /// @dev Pays a share to its receiver, else to the receiver's own deposit address, else reverts.
    function _payShare(uint128 sessionId, address deposit, address asset, address receiver, uint256 amount) private {
        uint256 draft = _draft(keccak256(abi.encode(block.chainid, receiver, SHARES_TOTAL)), receiver);
        if (_pay(draft, deposit, asset, amount)) return;
        address own = _aim(draft, sessionId);
        assembly ("memory-safe") {
            mstore(add(draft, AT_PAY_RECEIVER), own)
        }
        if (!_pay(draft, deposit, asset, amount)) revert ShareFailed(receiver, amount);
    }

    /// @dev One transfer to the draft's receiver through the proxy at `deposit`; false where it failed with its full cap.
    function _pay(uint256 draft, address deposit, address asset, uint256 amount) private returns (bool paid) {
        uint256 available = gasleft();
        assembly ("memory-safe") {
            mstore(add(draft, AT_PAY_ASSET), asset)
            mstore(add(draft, AT_PAY_AMOUNT), amount)
            paid := call(PAY_GAS, deposit, 0, add(draft, AT_PAY_DATA), 100, 0, 0)
            // The proxy's word for success: an address without code succeeds too, but says nothing.
            paid := and(paid, eq(returndatasize(), 1))
        }
        if (paid) {
            if (asset != NATIVE) return true;
            address receiver;
            assembly ("memory-safe") {
                receiver := mload(add(draft, AT_PAY_RECEIVER))
            }
            emit Swept(deposit, receiver, amount);
        } else if (available < PAY_NEEDS) {
            revert GasTooLow(available, PAY_NEEDS);
        }
    }
}
