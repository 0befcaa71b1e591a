import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, before, beforeEach, test } from 'node:test'
import { depositFactoryAbi } from '@bitstream/contracts/depositFactory.ts'
import { pino } from 'pino'
import { encodeFunctionData, toHex } from 'viem'
import { type SweepWorld, startSweepWorld, USDC } from '../../test/harness/sweepWorld.ts'
import { openGasNode } from '../chain/gasNode.ts'
import type { Context } from '../context.ts'
import { createLocalWallet } from '../dev/localWallet.ts'
import { NATIVE } from '../domain/asset.ts'
import { bytesToHex } from '../domain/hex.ts'
import { uuidToBigint } from '../domain/uuid.ts'
import { newSweepMemory, sweepOnce } from './sweepChain.ts'

let world: SweepWorld
before(async () => {
  world = await startSweepWorld()
})
after(() => world.stop())
beforeEach(async () => {
  await world.newMerchant()
  await world.setPolicy('now')
})

/** The world's context with a log that is kept. */
function logged(): { ctx: Context; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk))
      done()
    },
  })
  const text = () => written.join('')
  const lines = () =>
    text()
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  return { ctx: { ...world.ctx, log: pino({ level: 'trace' }, stream) }, lines, text }
}

test('G36: a gas account with less than three days’ need is told of once an hour, and payments go on', async () => {
  const { ctx, lines } = logged()
  const alarms = () => lines().filter(({ msg }) => String(msg).startsWith('The gas account runs low'))
  const memory = newSweepMemory()
  const pass = async () => {
    world.clock.advance(10 * 60_000)
    await sweepOnce(ctx, world.chainId, memory)
  }
  await pass()
  assert.deepEqual(alarms(), [])
  await world.wallet.call('anvil_setBalance', world.gasAccount, toHex(1_000n))
  await pass()
  await pass()
  assert.equal(alarms().length, 1)
  assert.deepEqual(
    { account: alarms()[0]?.account, balanceRaw: alarms()[0]?.balanceRaw },
    { account: world.gasAccount, balanceRaw: '1000' },
  )
  const session = await world.paidSession()
  await world.settle()
  await pass()
  assert.equal((await world.sweeps())[0]?.status, 'planned')
  assert.ok(lines().some(({ msg }) => msg === 'The gas account cannot pay for a sweep'))
  world.clock.advance(60 * 60_000)
  await pass()
  assert.equal(alarms().length, 2)
  await world.wallet.call('anvil_setBalance', world.gasAccount, toHex(10n ** 19n))
  await pass()
  await world.settle()
  await pass()
  assert.deepEqual((await world.sweeps())[0]?.deposits[0]?.sessionId, session.id)
  assert.equal((await world.sweeps())[0]?.status, 'succeeded')
})

test('C3.11: whoever has the gas key can move money to the merchant’s wallet only', async () => {
  const session = await world.paidSession()
  await world.settle()
  const { rpcUrl } = world.ctx.chains.get(world.chainId)?.providers[0] ?? { rpcUrl: '' }
  const thief = createLocalWallet(rpcUrl, world.chainId, bytesToHex(world.gasKey))
  const { factory, address, payouts } = session.deposit
  const sweepTo = (receiver: typeof factory) =>
    encodeFunctionData({
      abi: depositFactoryAbi,
      functionName: 'sweep',
      args: [
        uuidToBigint(session.id),
        payouts.map(row => ({ chainId: BigInt(row.chainId), receiver, share: BigInt(row.share) })),
        [USDC, NATIVE],
      ],
    })
  const pay = encodeFunctionData({
    abi: depositFactoryAbi,
    functionName: 'pay',
    args: [USDC, thief.address, 10_000_000n],
  })
  await thief.send({ to: factory, data: sweepTo(thief.address) })
  await thief.send({ to: address, data: pay })
  await assert.rejects(thief.send({ to: factory, data: pay }))
  assert.equal(await world.balanceOf(USDC, thief.address), 0n)
  assert.equal(await world.balanceOf(USDC, address), 10_000_000n)
  await thief.send({ to: factory, data: sweepTo(world.merchant) })
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('the gas key is in no log, error or answer', async () => {
  const { ctx, text } = logged()
  await world.paidSession()
  await world.settle()
  await sweepOnce(ctx, world.chainId, newSweepMemory())
  const config = world.ctx.chains.get(world.chainId)
  const node = world.ctx.nodes.get(world.chainId)
  assert.ok(config && node)
  const nowhere = { ...config, providers: [{ ...config.providers[0], rpcUrl: 'http://127.0.0.1:9' }] } as const
  const gas = openGasNode(nowhere, world.gasKey, node)
  ctx.log.info({ gas }, 'everything that is known of the account')
  const errors = await Promise.allSettled([
    gas.market(),
    gas.estimate({ chainId: 1, to: NATIVE, data: '0x', value: '0' }),
    gas.sign({ chainId: 5, to: NATIVE, data: '0x', value: '0' }, { nonce: 0n, gas: 1n, fees: { cap: 1n, tip: 1n } }),
    gas.replace('0x02', () => null),
  ])
  for (const outcome of errors) {
    assert.equal(outcome.status, 'rejected')
    if (outcome.status === 'rejected') ctx.log.error({ err: outcome.reason, text: String(outcome.reason?.stack) })
  }
  const key = Buffer.from(world.gasKey)
  for (const form of [
    key.toString('hex'),
    key.toString('base64'),
    `${BigInt(bytesToHex(world.gasKey))}`,
    [...key].join(),
  ]) {
    assert.ok(!text().includes(form))
  }
})

test('a chain without EIP-1559 gets transactions with a gas price', async () => {
  const config = world.ctx.chains.get(world.chainId)
  const node = world.ctx.nodes.get(world.chainId)
  assert.ok(config && node)
  const legacy = { ...config, chain: { ...config.chain, isEIP1559Supported: false } }
  const gas = openGasNode(legacy, world.gasKey, node)
  await world.paidSession()
  await world.settle()
  await sweepOnce({ ...world.ctx, gas: new Map([[world.chainId, gas]]) }, world.chainId, newSweepMemory())
  const [sent] = await world.sweeps()
  const transaction = (await world.wallet.call('eth_getTransactionByHash', sent?.txHash)) as { type: string }
  assert.equal(transaction.type, '0x0')
  await world.settle()
  await world.sweepAll(1)
  assert.equal((await world.sweeps())[0]?.status, 'succeeded')
})
