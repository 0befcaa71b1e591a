// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {CallingReceiver} from "./mocks/Receivers.sol";

/// @notice Everything that payers, receivers and strangers can do, in any order, with any gas. Keeps count of what came in.
contract Handler is FactoryTest {
    uint256 private constant SESSIONS = 3;
    uint256 public constant PARTNER_SHARE = 3_333;

    HostileToken public token;
    CallingReceiver public partner;
    uint256 public paidNative;
    uint256 public paidCoin;
    uint256 public paidToken;
    uint256 public sweeps;

    /// @dev The addresses of the sessions, and where the partner's refused shares go.
    address[SESSIONS] private deposits;
    address[SESSIONS] private owns;

    /// @dev Also called at random, like every function of the handler: then it does nothing.
    function setUp() public override {
        if (address(factory) != address(0)) return;
        super.setUp();
        token = new HostileToken();
        partner = new CallingReceiver();
        for (uint256 i; i < SESSIONS; ++i) {
            deposits[i] = depositOf(ids(SESSIONS)[i], payouts());
            owns[i] = ownDepositOf(ids(SESSIONS)[i], address(partner));
        }
    }

    function getFactory() external view returns (DepositFactory) {
        return factory;
    }

    function balancesOf(address owner) public view returns (uint256[3] memory) {
        return [owner.balance, usdc.balanceOf(owner), token.heldBy(owner)];
    }

    function payouts() public view returns (DepositFactory.Payout[] memory) {
        return two(MERCHANT, address(partner), PARTNER_SHARE);
    }

    function depositAt(uint256 index) private view returns (address) {
        return deposits[index % SESSIONS];
    }

    function depositAddresses() external view returns (address[SESSIONS] memory) {
        return deposits;
    }

    /// @dev By asset: what waits at the sessions' addresses, and what at the partner's own.
    function waiting() external view returns (uint256[3] memory undivided, uint256[3] memory own) {
        for (uint256 i; i < SESSIONS; ++i) {
            uint256[3] memory here = balancesOf(deposits[i]);
            uint256[3] memory there = balancesOf(owns[i]);
            for (uint256 j; j < 3; ++j) {
                undivided[j] += here[j];
                own[j] += there[j];
            }
        }
    }

    // ----------------------------------------------------------------- payers

    function payNative(uint256 index, uint96 amount) external {
        address deposit = depositAt(index);
        vm.deal(address(this), amount);
        (bool success,) = deposit.call{value: amount}("");
        assertTrue("always takes coin", success);
        paidNative += amount;
    }

    function payTokens(uint256 index, uint96 coins, uint96 tokens) external {
        usdc.mint(depositAt(index), coins);
        token.mint(depositAt(index), tokens);
        paidCoin += coins;
        paidToken += tokens;
    }

    // ----------------------------------------------------- partner and token

    function misbehave(uint256 trick, bool blockPartner, bool blockOwn, uint256 index) external {
        token.set(HostileToken.Trick(trick % 13));
        if (HostileToken.Trick(trick % 13) == HostileToken.Trick.TakesFee) token.set(HostileToken.Trick.None);
        token.setBlocked(address(partner), blockPartner);
        token.setBlocked(owns[index % SESSIONS], blockOwn);
    }

    function preparePartner(uint256 kind, uint256 index, bool strict) external {
        bytes memory data = kind % 2 == 0
            ? abi.encodeCall(factory.sweep, (ids(SESSIONS)[index % SESSIONS], payouts(), list(NATIVE, address(usdc))))
            : abi.encodeCall(factory.pay, (NATIVE, address(partner), 1));
        partner.prepare(kind % 3 == 0 ? depositAt(index) : address(factory), 0, data, strict);
    }

    // -------------------------------------------------------------- strangers

    function sweep(uint256 index, uint256 limit, bool own) external {
        uint128 sessionId = ids(SESSIONS)[index % SESSIONS];
        bytes memory data = abi.encodeCall(
            factory.sweep,
            (sessionId, own ? one(address(partner)) : payouts(), list(address(token), NATIVE, address(usdc)))
        );
        attempt(address(factory), data, limit);
        sweeps += 3;
    }

    function sweepBatch(uint256 limit, uint256 index) external {
        uint128[] memory sessionIds = ids(SESSIONS);
        sessionIds[index % SESSIONS] = sessionIds[0];
        address[] memory assets = list(NATIVE, address(usdc), address(token));
        attempt(address(factory), abi.encodeCall(factory.sweepBatch, (sessionIds, payouts(), assets)), limit);
        sweeps += 9;
    }

    function sweepToStranger(uint256 index, uint256 share) external {
        DepositFactory.Payout[] memory rows = payouts();
        rows[index % 2].receiver = STRANGER;
        rows[1].share = bound(share, 1, 9_999);
        rows[0].share = 10_000 - rows[1].share;
        uint128 sessionId = ids(SESSIONS)[index % SESSIONS];
        address[] memory assets = list(NATIVE, address(usdc), address(token));
        attempt(address(factory), abi.encodeCall(factory.sweep, (sessionId, rows, assets)), 3_000_000);
        attempt(address(factory), abi.encodeCall(factory.sweep, (sessionId, one(STRANGER), assets)), 3_000_000);
    }

    function callPay(uint256 index, uint256 amount, uint256 kind) external {
        address asset = kind % 3 == 0 ? NATIVE : kind % 3 == 1 ? address(usdc) : address(token);
        address target = kind % 2 == 0 ? depositAt(index) : address(factory);
        attempt(target, abi.encodeCall(factory.pay, (asset, STRANGER, amount)), 3_000_000);
        uint128 sessionId = ids(SESSIONS)[index % SESSIONS];
        bytes memory data =
            abi.encodeCall(factory.payShares, (sessionId, depositAt(index), asset, amount, two(STRANGER, MERCHANT, 1)));
        attempt(target, data, 3_000_000);
    }

    function callAnything(uint256 index, bool atProxy, bytes calldata data) external {
        attempt(atProxy ? depositAt(index) : address(factory), data, 3_000_000);
    }

    function attempt(address target, bytes memory data, uint256 limit) private {
        vm.prank(STRANGER);
        (bool success,) = target.call{gas: bound(limit, 30_000, 3_000_000)}(data);
        success; // The invariants say whether it did harm.
    }
}

/// @notice No call by anyone moves anything except to the receivers, in their shares.
contract InvariantsTest is FactoryTest {
    Handler private handler;

    function setUp() public override {
        handler = new Handler();
        handler.setUp();
        factory = handler.getFactory();
    }

    function targetContracts() external view returns (address[] memory) {
        return list(address(handler));
    }

    function invariant_money_goes_only_to_the_receivers_in_their_shares() public view {
        checkShares();
        checkStrangers();
        checkProxies();
    }

    function checkShares() private view {
        uint256[3] memory paid = [handler.paidNative(), handler.paidCoin(), handler.paidToken()];
        uint256[3] memory merchant = handler.balancesOf(MERCHANT);
        uint256[3] memory partner = handler.balancesOf(address(handler.partner()));
        (uint256[3] memory undivided, uint256[3] memory own) = handler.waiting();
        uint256 share = handler.PARTNER_SHARE();
        uint256 sweeps = handler.sweeps();
        for (uint256 j; j < 3; ++j) {
            uint256 partners = partner[j] + own[j];
            assertEq("nothing is lost or made", paid[j], merchant[j] + partners + undivided[j]);
            uint256 exact = (merchant[j] + partners) * share;
            assertTrue("never more than his share", partners * 10_000 <= exact);
            // Each division may round one unit down.
            assertTrue("nor less", (partners + sweeps) * 10_000 >= exact);
        }
    }

    function checkStrangers() private view {
        address[2] memory others = [STRANGER, address(factory)];
        for (uint256 i; i < 2; ++i) {
            uint256[3] memory has = handler.balancesOf(others[i]);
            assertEq("nothing", 0, has[0] + has[1] + has[2]);
        }
    }

    function checkProxies() private view {
        bytes32 proxy = keccak256(proxyCode(address(factory)));
        address[3] memory deposits = handler.depositAddresses();
        for (uint256 i; i < 3; ++i) {
            if (deposits[i].code.length != 0) assertEq("code", proxy, deposits[i].codehash);
        }
    }
}
