// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DepositFactory} from "../src/DepositFactory.sol";
import {FactoryTest} from "./harness/FactoryTest.sol";

/// @notice What a sweep costs, as whole transactions with their refunds; recorded in test/gas/GasTest.json.
/// forge-config: default.isolate = true
contract GasTest is FactoryTest {
    address private constant RECEIVER = address(uint160(uint256(keccak256("receiver"))));

    function setUp() public override {
        super.setUp();
        usdc.mint(RECEIVER, 1);
        vm.deal(RECEIVER, 1);
    }

    function test_gas_token() public {
        record("token", address(usdc), one(RECEIVER));
    }

    function test_gas_native() public {
        record("native", NATIVE, one(RECEIVER));
    }

    function test_gas_token_five_rows() public {
        DepositFactory.Payout[] memory payouts = new DepositFactory.Payout[](5);
        for (uint256 i; i < 5; ++i) {
            payouts[i] = DepositFactory.Payout(block.chainid + i, RECEIVER, 10_000);
        }
        record("token_five_rows", address(usdc), payouts);
    }

    function test_gas_token_two_receivers() public {
        usdc.mint(PARTNER, 1);
        record("token_two_receivers", address(usdc), two(RECEIVER, PARTNER, 500));
    }

    function record(string memory name, address asset, DepositFactory.Payout[] memory payouts) private {
        for (uint256 round; round < 2; ++round) {
            fund(asset, depositOf(SESSION, payouts));
            factory.sweep(SESSION, payouts, list(asset));
            vm.snapshotGasLastCall(string.concat(name, round == 0 ? "_first" : "_next"));
        }
        uint128[] memory sessionIds = ids(50);
        for (uint256 round; round < 2; ++round) {
            for (uint256 i; i < sessionIds.length; ++i) {
                fund(asset, depositOf(sessionIds[i], payouts));
            }
            factory.sweepBatch(sessionIds, payouts, list(asset));
            vm.snapshotGasLastCall(string.concat(name, round == 0 ? "_first_in_batch_of_50" : "_next_in_batch_of_50"));
        }
    }

    function fund(address asset, address deposit) private {
        if (asset == NATIVE) vm.deal(deposit, 123_456_789);
        else usdc.mint(deposit, 123_456_789);
    }
}
