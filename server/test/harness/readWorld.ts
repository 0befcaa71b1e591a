import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testBatchAbi, testBatchAddress, testBatchBytecode } from '@bitstream/contracts/testBatch.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import type { Context } from '../../src/context.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { type ChainWallet, openChainWallet } from './chainWallet.ts'
import { type TestClock, testChainConfig, testClock } from './fixtures.ts'
import { startTestChain } from './testChain.ts'
import { createTestContext } from './testContext.ts'

/** A local chain with test USDC and ether, and a context that reads it when it is told to. */
export type ReadWorld = {
  ctx: Context
  clock: TestClock
  chainId: number
  wallet: ChainWallet
  mine: (blocks: number) => Promise<void>
  /** Reads the chain up to its head, as a watcher does that has just taken the lead. */
  read: () => Promise<void>
  /** Moves our clock and the chain's. */
  pass: (ms: number) => Promise<void>
  /** Sends ether, or USDC that it makes for it, by a contract in one transaction, which names none of the receivers. */
  sendInside: (payments: readonly { to: Hex; amountRaw: bigint }[], token?: Hex) => Promise<Hex>
  /** Takes the chain back to where `run` began, after it ran. */
  undo: (run: () => Promise<void>) => Promise<void>
  close: () => Promise<void>
}

/** Starts the chain and opens the context; nothing of the chain is read yet. */
export async function openReadWorld(): Promise<ReadWorld> {
  const chain = await startTestChain()
  const wallet = await openChainWallet(chain.rpcUrl)
  await wallet.send({ to: deterministicDeployerAddress, data: `0x${'00'.repeat(32)}${testBatchBytecode.slice(2)}` })
  const clock = testClock(new Date())
  const config = testChainConfig({ rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
  const t = await createTestContext({ chains: [config], clock })
  const { ctx } = t
  const { chainId } = chain
  return {
    ctx,
    clock,
    chainId,
    wallet,
    mine: async blocks => void (await wallet.call('anvil_mine', `0x${blocks.toString(16)}`)),
    read: async () => {
      const node = ctx.nodes.get(chainId)
      invariant(node, 'the chain has nodes')
      for await (const step of readChain(ctx, chainId, node, new AbortController().signal)) {
        if (step.kind === 'idle') return
      }
    },
    pass: async ms => {
      clock.advance(ms)
      await wallet.call('evm_increaseTime', `0x${Math.ceil(ms / 1000).toString(16)}`)
      await wallet.call('evm_mine')
    },
    sendInside: async (payments, token = NATIVE) => {
      const amounts = payments.map(({ amountRaw }) => amountRaw)
      const sum = amounts.reduce((total, amountRaw) => total + amountRaw, 0n)
      if (token !== NATIVE) await wallet.mintUsdc(testBatchAddress, sum)
      const args = [token, payments.map(({ to }) => to), amounts] as const
      const data = encodeFunctionData({ abi: testBatchAbi, functionName: 'pay', args })
      return await wallet.send({ to: testBatchAddress, value: token === NATIVE ? sum : 0n, data })
    },
    undo: async run => {
      const snapshot = await wallet.call('evm_snapshot')
      await run()
      await wallet.call('evm_revert', snapshot)
    },
    close: async () => {
      await t.close()
      await chain.stop()
    },
  }
}
