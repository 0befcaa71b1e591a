// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryProbe} from "../src/FactoryProbe.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";

/// @notice Names another address than the formula gives.
contract WrongAddressFactory {
    function addressOf(uint128, DepositFactory.Payout[] calldata) external pure returns (address) {
        return address(0xdead);
    }
}

/// @notice Names the right address and sweeps nothing.
contract IdleFactory {
    function addressOf(uint128 sessionId, DepositFactory.Payout[] calldata payouts) public view returns (address) {
        bytes32 salt = keccak256(abi.encode(sessionId, keccak256(abi.encode(payouts[0]))));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), this, salt, initCodeHash())))));
    }

    function initCodeHash() internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"60288060095f395ff33373", this, hex"18602757365f5f375f5f365f335af45ff35b"));
    }

    function sweep(uint128 sessionId, DepositFactory.Payout[] calldata payouts, address[] calldata tokens) external {}
}

/// @notice The probe accepts what works and refuses what does not, whatever it claims.
contract ProbeTest is FactoryTest {
    function probe(address target) private returns (bool success, bytes memory answer) {
        bytes memory code = abi.encodePacked(type(FactoryProbe).creationCode, abi.encode(target));
        address created;
        assembly {
            created := create(0, add(code, 32), mload(code))
            answer := mload(0x40)
            mstore(answer, returndatasize())
            returndatacopy(add(answer, 32), 0, returndatasize())
            mstore(0x40, add(add(answer, 32), returndatasize()))
        }
        success = created != address(0);
        if (success) answer = created.code;
    }

    function assertProbeFails(string memory what, address target, bytes4 expected) private {
        (bool success, bytes memory answer) = probe(target);
        assertTrue(what, !success);
        assertEq(what, expected, bytes4(answer));
    }

    function test_accepts_the_factory() public {
        (bool success, bytes memory answer) = probe(address(factory));
        assertTrue("works", success);
        assertEq("one word", 32, answer.length);
        assertEq("the word", keccak256("bitstream.FactoryProbe.works") >> 8, bytes32(answer));
    }

    function test_accepts_on_any_chain_and_again() public {
        vm.chainId(80001);
        for (uint256 i; i < 2; ++i) {
            (bool success,) = probe(address(factory));
            assertTrue("works", success);
        }
    }

    function test_refuses_an_address_without_code() public {
        assertProbeFails("no code", STRANGER, FactoryProbe.FactoryMissing.selector);
    }

    function test_refuses_another_address() public {
        assertProbeFails("address", address(new WrongAddressFactory()), FactoryProbe.AddressWrong.selector);
    }

    function test_refuses_a_factory_that_sweeps_nothing() public {
        assertProbeFails("sweep", address(new IdleFactory()), FactoryProbe.SweepWrong.selector);
    }

    function test_refuses_other_contracts() public {
        (bool success,) = probe(address(usdc));
        assertTrue("no factory", !success);
    }
}
