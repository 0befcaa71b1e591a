import { depositFactoryAddress, depositFactoryBytecode } from '@bitstream/contracts/depositFactory.ts'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testBatchAddress, testBatchBytecode } from '@bitstream/contracts/testBatch.ts'
import { testDaiAddress, testDaiBytecode } from '@bitstream/contracts/testDai.ts'
import { testUsdcAddress, testUsdcBytecode } from '@bitstream/contracts/testUsdc.ts'
import { testUsdtAddress, testUsdtBytecode } from '@bitstream/contracts/testUsdt.ts'
import { testWbtcAddress, testWbtcBytecode } from '@bitstream/contracts/testWbtc.ts'
import { concatHex, zeroHash } from 'viem'
import type { Hex } from '../domain/hex.ts'
import type { TestChain } from './testChain.ts'

const CONTRACTS: { address: Hex; code: Hex }[] = [
  { address: depositFactoryAddress, code: depositFactoryBytecode },
  { address: testUsdcAddress, code: testUsdcBytecode },
  { address: testUsdtAddress, code: testUsdtBytecode },
  { address: testDaiAddress, code: testDaiBytecode },
  { address: testWbtcAddress, code: testWbtcBytecode },
  { address: testBatchAddress, code: testBatchBytecode },
]

/** Puts the factory and the test coins on a local chain through the canonical proxy, each if it is not there yet. */
export async function deployContracts({ client, faucet }: TestChain): Promise<void> {
  for (const { address, code } of CONTRACTS) {
    if ((await client.getCode({ address })) !== undefined) continue
    await faucet.send({ to: deterministicDeployerAddress, data: concatHex([zeroHash, code]) })
  }
}
