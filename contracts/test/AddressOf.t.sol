// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";

/// @notice The address commits to session, payouts and factory; what is malformed has none.
contract AddressOfTest is FactoryTest {
    string private constant VECTORS = "test/vectors/payouts.json";

    /// @dev Runs the factory's constructor at an address of the test's choice.
    function place(address where) private {
        vm.etch(where, creationCode());
        (bool success, bytes memory code) = where.call("");
        assertTrue("constructor", success);
        vm.etch(where, code);
        factory = DepositFactory(where);
    }

    /// @dev Calldata of `addressOf` or `sweep` with the rows as raw words.
    function rawCall(bytes4 selector, uint256 sessionId, bytes memory words) private pure returns (bytes memory) {
        uint256 head = selector == DepositFactory.sweep.selector ? 96 : 64;
        bytes memory data = abi.encodePacked(selector, sessionId, head);
        if (head == 96) data = abi.encodePacked(data, head + 32 + words.length);
        data = abi.encodePacked(data, words.length / 96, words);
        return head == 96 ? abi.encodePacked(data, uint256(0)) : data;
    }

    // ---------------------------------------------------------------- vectors

    function test_vectors_valid() public {
        string memory json = vm.readFile(VECTORS);
        uint256 count;
        while (true) {
            string memory entry = string.concat(".valid[", vm.toString(count), "]");
            if (!vm.keyExistsJson(json, entry)) break;
            checkValid(json, entry);
            ++count;
        }
        assertTrue("vectors read", count >= 20);
    }

    function checkValid(string memory json, string memory entry) private {
        string memory name = vm.parseJsonString(json, string.concat(entry, ".name"));
        place(vm.parseJsonAddress(json, string.concat(entry, ".factory")));
        uint128 sessionId = uint128(vm.parseJsonUint(json, string.concat(entry, ".sessionNumber")));
        bytes memory words = vm.parseJsonBytes(json, string.concat(entry, ".encoded"));
        bytes32 salt = vm.parseJsonBytes32(json, string.concat(entry, ".salt"));
        bytes32 initCodeHash = vm.parseJsonBytes32(json, string.concat(entry, ".initCodeHash"));
        assertEq(name, vm.parseJsonBytes32(json, string.concat(entry, ".payoutsHash")), keccak256(words));
        assertEq(name, salt, saltOf(sessionId, words));
        assertEq(name, initCodeHash, factory.proxyInitCodeHash());
        address deposit = vm.parseJsonAddress(json, string.concat(entry, ".deposit"));
        assertEq(name, deposit, create2Of(address(factory), salt, initCodeHash));

        bytes memory data = rawCall(DepositFactory.addressOf.selector, sessionId, words);
        (bool success, bytes memory answer) = address(factory).call(data);
        assertTrue(name, success);
        assertEq(name, deposit, abi.decode(answer, (address)));

        DepositFactory.Payout[] memory payouts = parseRows(json, entry, words.length / 96);
        assertEq(name, keccak256(words), keccak256(encode(payouts)));
        assertEq(name, deposit, factory.addressOf(sessionId, payouts));
    }

    function test_vectors_malformed() public {
        string memory json = vm.readFile(VECTORS);
        uint256 count;
        while (true) {
            string memory entry = string.concat(".malformed[", vm.toString(count), "]");
            if (!vm.keyExistsJson(json, entry)) break;
            checkMalformed(json, entry);
            ++count;
        }
        assertTrue("vectors read", count >= 20);
    }

    function checkMalformed(string memory json, string memory entry) private {
        string memory name = vm.parseJsonString(json, string.concat(entry, ".name"));
        place(vm.parseJsonAddress(json, string.concat(entry, ".factory")));
        bytes memory words = vm.parseJsonBytes(json, string.concat(entry, ".encoded"));
        bytes4 expected = errorOf(vm.parseJsonString(json, string.concat(entry, ".error")));
        assertEq(name, keccak256(words), keccak256(encode(parseRows(json, entry, words.length / 96))));

        bytes memory data = rawCall(DepositFactory.addressOf.selector, SESSION, words);
        (bool success, bytes memory answer) = address(factory).call(data);
        assertTrue(name, !success);
        assertEq(name, expected, bytes4(answer));

        // Refused whatever the chain, also where the broken rows are another chain's.
        (success, answer) = address(factory).call(rawCall(DepositFactory.sweep.selector, SESSION, words));
        assertTrue(name, !success);
        assertEq(name, expected, bytes4(answer));
    }

    function parseRows(string memory json, string memory entry, uint256 length)
        private
        pure
        returns (DepositFactory.Payout[] memory payouts)
    {
        payouts = new DepositFactory.Payout[](length);
        for (uint256 i; i < length; ++i) {
            string memory row = string.concat(entry, ".payouts[", vm.toString(i), "]");
            payouts[i].chainId = vm.parseJsonUint(json, string.concat(row, ".chainId"));
            payouts[i].receiver = vm.parseJsonAddress(json, string.concat(row, ".receiver"));
            payouts[i].share = vm.parseJsonUint(json, string.concat(row, ".share"));
        }
    }

    function errorOf(string memory name) private pure returns (bytes4) {
        bytes32 hash = keccak256(bytes(name));
        if (hash == keccak256("PayoutsLength")) return DepositFactory.PayoutsLength.selector;
        if (hash == keccak256("PayoutsUnsorted")) return DepositFactory.PayoutsUnsorted.selector;
        if (hash == keccak256("ReceiverInvalid")) return DepositFactory.ReceiverInvalid.selector;
        if (hash == keccak256("ReceiverRepeated")) return DepositFactory.ReceiverRepeated.selector;
        if (hash == keccak256("ShareInvalid")) return DepositFactory.ShareInvalid.selector;
        if (hash == keccak256("SharesSum")) return DepositFactory.SharesSum.selector;
        revert AssertionFailed(name, 0, 0);
    }

    function test_vectors_eip1014() public view {
        string memory json = vm.readFile("test/vectors/create2.json");
        uint256 count;
        while (true) {
            string memory entry = string.concat(".vectors[", vm.toString(count), "]");
            if (!vm.keyExistsJson(json, entry)) break;
            address expected = vm.parseJsonAddress(json, string.concat(entry, ".address"));
            address deployer = vm.parseJsonAddress(json, string.concat(entry, ".deployer"));
            bytes32 salt = vm.parseJsonBytes32(json, string.concat(entry, ".salt"));
            bytes memory initCode = vm.parseJsonBytes(json, string.concat(entry, ".initCode"));
            assertEq("formula", expected, create2Of(deployer, salt, keccak256(initCode)));
            ++count;
        }
        assertEq("vectors", 7, count);
    }

    // ----------------------------------------------------------- the numbers

    function test_errors_carry_numbers() public {
        DepositFactory.Payout[] memory payouts = two(MERCHANT, PARTNER, 500);
        assertMalformed(
            new DepositFactory.Payout[](0), abi.encodeWithSelector(DepositFactory.PayoutsLength.selector, 0, 20)
        );
        assertMalformed(
            new DepositFactory.Payout[](21), abi.encodeWithSelector(DepositFactory.PayoutsLength.selector, 21, 20)
        );
        payouts[1].chainId = block.chainid - 1;
        payouts[0].share = 10_000;
        assertMalformed(
            payouts,
            abi.encodeWithSelector(DepositFactory.PayoutsUnsorted.selector, 1, block.chainid, block.chainid - 1)
        );
        payouts = two(MERCHANT, address(factory), 500);
        assertMalformed(payouts, abi.encodeWithSelector(DepositFactory.ReceiverInvalid.selector, 1, address(factory)));
        payouts = two(MERCHANT, MERCHANT, 500);
        assertMalformed(payouts, abi.encodeWithSelector(DepositFactory.ReceiverRepeated.selector, 1, MERCHANT));
        payouts = two(MERCHANT, PARTNER, 500);
        payouts[1].share = 10_001;
        assertMalformed(payouts, abi.encodeWithSelector(DepositFactory.ShareInvalid.selector, 1, 10_001));
        payouts[1].share = 501;
        assertMalformed(
            payouts, abi.encodeWithSelector(DepositFactory.SharesSum.selector, block.chainid, 10_001, 10_000)
        );
    }

    function assertMalformed(DepositFactory.Payout[] memory payouts, bytes memory expected) private {
        assertRefused("addressOf", abi.encodeCall(DepositFactory.addressOf, (SESSION, payouts)), expected);
        assertRefused("sweep", abi.encodeCall(DepositFactory.sweep, (SESSION, payouts, list(NATIVE))), expected);
        assertRefused(
            "sweepBatch", abi.encodeCall(DepositFactory.sweepBatch, (ids(1), payouts, list(NATIVE))), expected
        );
    }

    // -------------------------------------------------- dirty, trailing, fuzz

    function test_dirty_receiver_is_refused_with_its_word() public {
        uint256 dirty = uint256(uint160(MERCHANT)) | (1 << 160);
        bytes memory words = abi.encodePacked(block.chainid, dirty, uint256(10_000));
        assertRefused(
            "dirty receiver",
            rawCall(DepositFactory.addressOf.selector, SESSION, words),
            abi.encodeWithSelector(DepositFactory.ReceiverInvalid.selector, 0, dirty)
        );
    }

    function test_dirty_session_id_is_refused() public {
        bytes memory words = encode(one(MERCHANT));
        uint256 dirty = uint256(SESSION) | (1 << 128);
        assertRefused("addressOf", rawCall(DepositFactory.addressOf.selector, dirty, words), "");
        assertRefused("sweep", rawCall(DepositFactory.sweep.selector, dirty, words), "");
    }

    function test_short_calldata_is_refused() public {
        bytes memory data = abi.encodeCall(DepositFactory.addressOf, (SESSION, one(MERCHANT)));
        assembly {
            mstore(data, sub(mload(data), 1))
        }
        assertRefused("one byte short", data, "");
    }

    function test_trailing_calldata_changes_nothing() public {
        DepositFactory.Payout[] memory payouts = two(MERCHANT, PARTNER, 500);
        bytes memory data = abi.encodeCall(DepositFactory.addressOf, (SESSION, payouts));
        (bool success, bytes memory answer) = address(factory).call(abi.encodePacked(data, encode(payouts), hex"00ff"));
        assertTrue("accepted", success);
        assertEq("address", factory.addressOf(SESSION, payouts), abi.decode(answer, (address)));
    }

    function testFuzz_address_is_the_formula(uint128 sessionId, uint256[20] memory seeds, uint256 length) public view {
        length = bound(length, 1, 20);
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](length);
        uint256 chainId = seeds[0] % 3;
        uint256 left = 10_000;
        for (uint256 i; i < length; ++i) {
            bool last = i + 1 == length || seeds[i] % 3 == 0;
            uint256 share = last ? left : bound(seeds[i] >> 8, 1, left - (length - i));
            payouts[i] =
                DepositFactory.Payout(chainId, address(uint160((seeds[i] >> 64) | 1) ^ uint160(i << 100)), share);
            if (payouts[i].receiver == address(factory)) payouts[i].receiver = MERCHANT;
            left = last ? 10_000 : left - share;
            if (last) chainId += 1 + (seeds[i] >> 32) % 1000;
        }
        assertEq("address", depositOf(sessionId, payouts), factory.addressOf(sessionId, payouts));
    }

    /// @dev A fault in any one of the three words of any row gives a refusal or another address, never the same one.
    function testFuzz_address_commits_to_every_bit(uint256 row, uint256 word, uint256 bit) public {
        bytes memory words = encode(three(MERCHANT, PARTNER, THIRD));
        address deposit = depositOf(SESSION, three(MERCHANT, PARTNER, THIRD));
        uint256 place_ = 96 * bound(row, 0, 2) + 32 * bound(word, 0, 2) + 32;
        uint256 mask = 1 << bound(bit, 0, 255);
        assembly {
            mstore(add(words, place_), xor(mload(add(words, place_)), mask))
        }
        (bool success, bytes memory answer) =
            address(factory).call(rawCall(DepositFactory.addressOf.selector, SESSION, words));
        if (success) assertTrue("another address", abi.decode(answer, (address)) != deposit);
    }

    function test_another_factory_gives_another_address() public {
        address deposit = factory.addressOf(SESSION, one(MERCHANT));
        assertTrue("factory", DepositFactory(create(creationCode())).addressOf(SESSION, one(MERCHANT)) != deposit);
    }
}
