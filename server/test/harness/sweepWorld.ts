import { randomBytes } from 'node:crypto'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testFreezableAbi, testFreezableAddress, testFreezableBytecode } from '@bitstream/contracts/testFreezable.ts'
import { testUsdcAbi, testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import type { Caller } from '../../src/actions/caller.ts'
import { listSweeps } from '../../src/actions/listSweeps.ts'
import type { Context } from '../../src/context.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import type { Sweep } from '../../src/domain/sweep.ts'
import type { SweepPolicy } from '../../src/domain/sweepPlan.ts'
import { newSweepMemory, type SweepMemory, sweepOnce } from '../../src/workers/sweepChain.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { type ChainWallet, openChainWallet } from './chainWallet.ts'
import { createOrganization, createSession, type TestClock, testChainConfig, testClock } from './fixtures.ts'
import { startTestChain } from './testChain.ts'
import { createTestContext } from './testContext.ts'
import { waitUntil } from './waitUntil.ts'

/** A local chain with the real factory, a merchant, and a server with a gas key whose passes a test makes one by one. */
export type SweepWorld = {
  ctx: Context
  clock: TestClock
  chainId: number
  wallet: ChainWallet
  caller: Caller
  /** The merchant's wallet, to which everything is swept. */
  merchant: Hex
  gasAccount: Hex
  gasKey: Uint8Array
  /** Goes on with a new merchant, who has nothing yet. */
  newMerchant: () => Promise<void>
  setPolicy: (policy: SweepPolicy, worthTimes?: number, of?: Caller) => Promise<void>
  /** A session of 10 USDC, unless told, that is paid in full or with `amountRaw`; not recorded yet. */
  paidSession: (options?: {
    currency?: 'usdc' | 'usdt' | 'eth'
    amountRaw?: bigint
    caller?: Caller
  }) => Promise<CheckoutSession>
  /** Pays base units of an asset to an address. */
  pay: (asset: Hex, to: Hex, amountRaw: bigint) => Promise<Hex>
  balanceOf: (asset: Hex, owner: Hex) => Promise<bigint>
  freeze: (call: { paused: boolean } | { blocked: Hex }) => Promise<void>
  /** Mines blocks until what has happened is final, and records all. */
  settle: () => Promise<void>
  /** Records what the chain has by now. */
  catchUp: () => Promise<void>
  /** One pass of the sweeper. */
  sweep: () => Promise<void>
  /** Passes and final blocks until no sweep is under way, at most so many times. */
  sweepAll: (times?: number) => Promise<void>
  /** The sweeps of the merchant, newest first. */
  sweeps: (of?: Caller) => Promise<Sweep[]>
  memory: SweepMemory
  stop: () => Promise<void>
}

/** The freezable dollar stands for USDT. */
export const FREEZABLE = testFreezableAddress
export const USDC = testUsdcAddress

const CONFIRMATIONS = 3

/** Starts a chain and a server of its own; `hasGasKey` false leaves sweeping to merchants' wallets. */
export async function startSweepWorld(options: { hasGasKey?: boolean; logLevel?: string } = {}): Promise<SweepWorld> {
  const chain = await startTestChain()
  const opening = await openChainWallet(chain.rpcUrl)
  // The node answers before the block is made that it makes for a transaction.
  const untilMined = async () => {
    if (await opening.call('anvil_getAutomine')) {
      await waitUntil('what was sent is mined', async () => {
        const { pending } = (await opening.call('txpool_status')) as { pending: Hex }
        return pending === '0x0'
      })
    }
  }
  const wallet: ChainWallet = {
    ...opening,
    send: async transaction => {
      const hash = await opening.send(transaction)
      await untilMined()
      return hash
    },
  }
  await wallet.send({ to: deterministicDeployerAddress, data: `0x${'00'.repeat(32)}${testFreezableBytecode.slice(2)}` })
  const clock = testClock(new Date())
  const gasKey = randomBytes(32)
  const tokens = { usdc: USDC, usdt: FREEZABLE }
  const config = testChainConfig({ rpcUrl: chain.rpcUrl, confirmations: CONFIRMATIONS, tokens })
  const opened = await createTestContext({
    clock,
    chains: [config],
    ...(options.hasGasKey !== false && { gasKey }),
    ...(options.logLevel !== undefined && { logLevel: options.logLevel }),
  })
  const { ctx } = opened
  const { chainId } = chain
  const gasAccount = ctx.gas.get(chainId)?.address ?? NATIVE
  await wallet.call('anvil_setBalance', gasAccount, `0x${(10n ** 19n).toString(16)}`)
  const node = ctx.nodes.get(chainId)
  invariant(node, 'the chain has its node')
  const memory = newSweepMemory()

  // With its gas given: an estimate of one transaction may not see the one before it, which is to be in the same block.
  const callToken = (to: Hex, functionName: 'mint' | 'transfer', args: [Hex, bigint]) =>
    wallet.send({ to, data: encodeFunctionData({ abi: testUsdcAbi, functionName, args }), gas: 100_000n })
  for (const token of [USDC, FREEZABLE]) await callToken(token, 'mint', [wallet.accounts[0], 10n ** 15n])
  const pay: SweepWorld['pay'] = async (asset, to, amountRaw) =>
    asset === NATIVE ? await wallet.send({ to, value: amountRaw }) : await callToken(asset, 'transfer', [to, amountRaw])
  const catchUp = async () => {
    for await (const step of readChain(ctx, chainId, node, new AbortController().signal)) {
      if (step.kind === 'idle') return
    }
  }
  const settle = async () => {
    await wallet.call('anvil_mine', `0x${CONFIRMATIONS.toString(16)}`)
    await catchUp()
  }
  const sweep = async () => {
    await sweepOnce(ctx, chainId, memory)
    await untilMined()
  }
  const sweeps = (of = world.caller) => listSweeps(ctx, of.organizationId, {}, { limit: 200, offset: 0, after: null })
  const firstMerchant = await createOrganization(ctx)
  const newMerchant = async () => {
    world.caller = await createOrganization(ctx)
    world.merchant = world.caller.withdrawalAddresses[0]?.address ?? NATIVE
  }
  const world: SweepWorld = {
    ctx,
    clock,
    chainId,
    wallet,
    caller: firstMerchant,
    merchant: firstMerchant.withdrawalAddresses[0]?.address ?? NATIVE,
    newMerchant,
    gasAccount,
    gasKey,
    memory,
    pay,
    catchUp,
    settle,
    sweep,
    sweeps,
    setPolicy: async (policy, worthTimes = 20, of = world.caller) => {
      await ctx.db.owner.query('update organizations set sweep_policy = $1, sweep_worth = $2 where id = $3', [
        policy,
        worthTimes,
        of.organizationId,
      ])
    },
    paidSession: async ({ currency = 'usdc', amountRaw, caller: of = world.caller } = {}) => {
      const session = await createSession(ctx, of, { currency })
      const due = session.assets.find(row => row.asset.currency === currency)
      invariant(due, 'the session can be paid in its own coin')
      await pay(due.asset.address, session.deposit.address, amountRaw ?? due.amountRaw)
      return session
    },
    balanceOf: async (asset, owner) => {
      const block = await node.head()
      return (await node.balances([{ asset, address: owner }], block))?.[0] ?? -1n
    },
    freeze: async call => {
      const data =
        'paused' in call
          ? encodeFunctionData({ abi: testFreezableAbi, functionName: 'setPaused', args: [call.paused] })
          : encodeFunctionData({ abi: testFreezableAbi, functionName: 'setBlocked', args: [call.blocked, true] })
      await wallet.send({ to: FREEZABLE, data })
    },
    sweepAll: async (times = 6) => {
      for (let pass = 0; pass < times; pass++) {
        await sweep()
        await settle()
      }
      await sweep()
    },
    stop: async () => {
      await opened.close()
      await chain.stop()
    },
  }
  return world
}
