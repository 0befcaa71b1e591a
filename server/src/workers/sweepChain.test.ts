import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { depositFactoryAbi } from '@bitstream/contracts/depositFactory.ts'
import { encodeFunctionData } from 'viem'
import { eventTypes, readSession } from '../../test/harness/fixtures.ts'
import { FREEZABLE, type SweepWorld, startSweepWorld, USDC } from '../../test/harness/sweepWorld.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { uuidToBigint } from '../domain/uuid.ts'
import { sweepChain } from './sweepChain.ts'

let world: SweepWorld
before(async () => {
  world = await startSweepWorld()
})
after(() => world.stop())
// A merchant for each test: what one leaves behind is nothing to the next.
beforeEach(() => world.newMerchant())

function sweepByStranger(session: CheckoutSession, tokens: Hex[]): Promise<Hex> {
  const { payouts, factory } = session.deposit
  const rows = payouts.map(row => ({ ...row, chainId: BigInt(row.chainId), share: BigInt(row.share) }))
  const args = [uuidToBigint(session.id), rows, tokens] as const
  const data = encodeFunctionData({ abi: depositFactoryAbi, functionName: 'sweep', args })
  return world.wallet.send({ from: world.wallet.accounts[1], to: factory, data })
}

test('with the policy `now`, final money is swept as soon as it is final, and succeeds once that is final too', async () => {
  await world.setPolicy('now')
  const session = await world.paidSession()
  await world.catchUp()
  await world.sweep()
  assert.deepEqual(await world.sweeps(), [])
  await world.settle()
  await world.sweep()
  const [sent] = await world.sweeps()
  assert.equal(sent?.status, 'submitted')
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
  await world.catchUp()
  await world.sweep()
  assert.equal((await world.sweeps())[0]?.status, 'submitted')
  await world.settle()
  await world.sweep()
  const [swept] = await world.sweeps()
  assert.equal(swept?.status, 'succeeded')
  assert.equal(swept?.txHash, sent?.txHash)
  assert.deepEqual(
    swept?.deposits.map(({ sessionId, amountRaw }) => ({ sessionId, amountRaw })),
    [{ sessionId: session.id, amountRaw: 10_000_000n }],
  )
  assert.deepEqual(await eventTypes(world.ctx, swept?.id ?? ''), ['sweep.succeeded'])
})

test('with the policy `manual` nothing is swept by itself', async () => {
  await world.paidSession()
  await world.settle()
  await world.sweepAll(2)
  assert.deepEqual(await world.sweeps(), [])
})

test('with the policy `daily`, what became final after the sweep of a day waits for the next day', async () => {
  world.clock.advance(24 * 3_600_000)
  await world.setPolicy('daily')
  await world.paidSession()
  await world.settle()
  await world.sweepAll(2)
  await world.paidSession()
  await world.settle()
  await world.sweepAll(2)
  assert.equal((await world.sweeps()).length, 1)
  world.clock.advance(24 * 3_600_000)
  await world.sweepAll(2)
  assert.deepEqual(
    (await world.sweeps()).map(({ status }) => status),
    ['succeeded', 'succeeded'],
  )
})

test('with the policy `worth`, money is swept once it is worth so many times its gas', async () => {
  // A sweep at 1 gwei and 2,500 USD for the coin costs about a fifth of a dollar: 10 USD is worth it 40 times over.
  await world.setPolicy('worth', 10_000)
  await world.paidSession()
  await world.settle()
  await world.sweepAll(2)
  assert.deepEqual(await world.sweeps(), [])
  await world.setPolicy('worth', 2)
  world.clock.advance(10 * 60_000)
  await world.sweepAll(3)
  assert.equal((await world.sweeps())[0]?.status, 'succeeded')
})

test('what costs more gas than it is worth is refused, and waits where a policy would sweep it', async () => {
  await world.setPolicy('now')
  await world.paidSession({ amountRaw: 10n })
  await world.settle()
  await world.sweepAll(2)
  assert.deepEqual(await world.sweeps(), [])
})

test('B7.10, G37, C3.9: of a hundred deposits with one blocked address, 99 are swept, and the one fails alone', async () => {
  const { organizationId } = world.caller
  await world.ctx.db.owner.query('update organizations set email = $2 where id = $1', [
    organizationId,
    'desk@example.com',
  ])
  await world.setPolicy('manual')
  const sessions: CheckoutSession[] = []
  for (let count = 0; count < 100; count++) sessions.push(await world.paidSession({ currency: 'usdt' }))
  const blocked = sessions[57]
  assert.ok(blocked)
  await world.freeze({ blocked: blocked.deposit.address })
  await world.settle()
  await world.setPolicy('now')
  world.clock.advance(10 * 60_000)
  await world.sweepAll(3)
  const sweeps = await world.sweeps()
  const swept = sweeps.filter(({ status }) => status === 'succeeded').flatMap(({ deposits }) => deposits)
  assert.equal(swept.length, 99)
  assert.equal(await world.balanceOf(FREEZABLE, world.merchant), 990_000_000n)
  const failed = sweeps.filter(({ status }) => status === 'failed')
  assert.deepEqual(
    failed.map(({ failure, deposits }) => ({ failure, sessions: deposits.map(({ sessionId }) => sessionId) })),
    [{ failure: 'transfer_refused', sessions: [blocked.id] }],
  )
  assert.deepEqual(await eventTypes(world.ctx, failed[0]?.id ?? ''), ['sweep.failed'])
  const { rows: mails } = await world.ctx.db.owner.query('select kind, recipient, text from emails')
  assert.deepEqual([mails.length, mails[0]?.kind, mails[0]?.recipient], [1, 'sweep_failed', 'desk@example.com'])
  assert.ok(mails[0].text.includes(failed[0]?.id))
  assert.equal((await readSession(world.ctx, blocked)).status, 'complete')
})

test('B7.10, G37: a paused token fails by that name, and is tried again later and later', async () => {
  await world.setPolicy('now')
  const other = await world.paidSession()
  await world.paidSession({ currency: 'usdt' })
  await world.freeze({ paused: true })
  await world.settle()
  await world.sweepAll(3)
  const failures = async () => (await world.sweeps()).filter(({ status }) => status === 'failed')
  assert.deepEqual(
    (await failures()).map(({ failure }) => failure),
    ['token_paused'],
  )
  const succeeded = (await world.sweeps()).find(({ status }) => status === 'succeeded')
  assert.deepEqual(
    succeeded?.deposits.map(({ sessionId }) => sessionId),
    [other.id],
  )
  world.clock.advance(10 * 60_000)
  await world.sweepAll(1)
  assert.equal((await failures()).length, 2)
  world.clock.advance(10 * 60_000)
  await world.sweepAll(1)
  assert.equal((await failures()).length, 2)
  await world.freeze({ paused: false })
  world.clock.advance(10 * 60_000)
  await world.sweepAll(3)
  assert.equal((await failures()).length, 2)
  assert.equal(await world.balanceOf(FREEZABLE, world.merchant), 10_000_000n)
})

for (const [name, asset] of [
  ['a token', USDC],
  ['coin', NATIVE],
] as const) {
  test(`C3.1: a second payment after the sweep is swept too: ${name}`, async () => {
    await world.setPolicy('now')
    const session = await world.paidSession({
      currency: asset === NATIVE ? 'eth' : 'usdc',
      amountRaw: asset === NATIVE ? 5n * 10n ** 16n : 5_000_000n,
    })
    await world.settle()
    await world.sweepAll(2)
    await world.pay(asset, session.deposit.address, asset === NATIVE ? 7n * 10n ** 16n : 7_000_000n)
    await world.settle()
    await world.sweepAll(2)
    assert.equal(await world.balanceOf(asset, world.merchant), asset === NATIVE ? 12n * 10n ** 16n : 12_000_000n)
    assert.deepEqual(
      (await world.sweeps()).map(({ status }) => status),
      ['succeeded', 'succeeded'],
    )
  })
}

test('C3.4: a stranger who sweeps first makes a planned sweep a success', async () => {
  await world.setPolicy('now')
  const session = await world.paidSession()
  await world.settle()
  await world.wallet.call('anvil_setBalance', world.gasAccount, '0x0')
  await world.sweep()
  assert.equal((await world.sweeps())[0]?.status, 'planned')
  const hash = await sweepByStranger(session, [USDC])
  await world.wallet.call('anvil_setBalance', world.gasAccount, `0x${(10n ** 19n).toString(16)}`)
  await world.sweep()
  assert.equal((await world.sweeps())[0]?.status, 'planned')
  await world.settle()
  await world.sweep()
  const [swept] = await world.sweeps()
  assert.deepEqual([swept?.status, swept?.txHash], ['succeeded', hash])
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('C3.4: a stranger who gets into the block before a sent sweep makes it a success that moved nothing', async () => {
  await world.setPolicy('now')
  const session = await world.paidSession()
  await world.settle()
  await world.wallet.inOneBlock(async () => {
    await world.sweep()
    await world.wallet.call('anvil_setCoinbase', world.wallet.accounts[0])
    const tip = `0x${(50n * 10n ** 9n).toString(16)}`
    const { payouts, factory } = session.deposit
    const rows = payouts.map(row => ({ ...row, chainId: BigInt(row.chainId), share: BigInt(row.share) }))
    const data = encodeFunctionData({
      abi: depositFactoryAbi,
      functionName: 'sweep',
      args: [uuidToBigint(session.id), rows, [USDC]],
    })
    const transaction = {
      from: world.wallet.accounts[1],
      to: factory,
      data,
      maxFeePerGas: tip,
      maxPriorityFeePerGas: tip,
    }
    await world.wallet.call('eth_sendTransaction', transaction)
  })
  await world.settle()
  await world.sweepAll(1)
  const [swept] = await world.sweeps()
  assert.equal(swept?.status, 'succeeded')
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('C3.12: a receiver that refuses coin fails alone; the session stays paid, its tokens and others are swept', async () => {
  await world.setPolicy('now')
  // Code that reverts whatever it is asked.
  await world.wallet.call('anvil_setCode', world.merchant, '0x5f5ffd')
  const coin = await world.paidSession({ currency: 'eth' })
  const token = await world.paidSession()
  await world.settle()
  await world.sweepAll(3)
  const sweeps = await world.sweeps()
  const of = (status: string) =>
    sweeps.filter(sweep => sweep.status === status).map(({ failure, deposits }) => [failure, deposits[0]?.sessionId])
  assert.deepEqual(of('failed'), [['transfer_refused', coin.id]])
  assert.deepEqual(of('succeeded'), [[null, token.id]])
  assert.equal((await readSession(world.ctx, coin)).status, 'complete')
})

test('a session with two assets keeps the one that moves when the other cannot', async () => {
  await world.setPolicy('now')
  await world.freeze({ paused: false })
  const sessions = [await world.paidSession(), await world.paidSession()]
  for (const { deposit } of sessions) await world.pay(FREEZABLE, deposit.address, 3_000_000n)
  await world.freeze({ blocked: sessions[0]?.deposit.address ?? NATIVE })
  await world.settle()
  await world.sweepAll(4)
  assert.equal(await world.balanceOf(USDC, world.merchant), 20_000_000n)
  assert.equal(await world.balanceOf(FREEZABLE, world.merchant), 3_000_000n)
  const failed = (await world.sweeps()).filter(({ status }) => status === 'failed')
  assert.deepEqual(
    failed.map(({ failure, deposits }) => [failure, deposits.length]),
    [['transfer_refused', 1]],
  )
})

test('an asset that cannot be relied on is not swept', async () => {
  await world.setPolicy('now')
  const session = await world.paidSession()
  await world.settle()
  const assetId = session.assets.find(row => row.asset.address === USDC)?.asset.id
  const { owner } = world.ctx.db
  await owner.query("insert into asset_health (asset_id, reason, since) values ($1, 'asset_unreliable', now())", [
    assetId,
  ])
  await world.sweepAll(2)
  assert.deepEqual(await world.sweeps(), [])
  await owner.query('delete from asset_health where asset_id = $1', [assetId])
  // What is kept in memory may have seen it, and would refuse the sessions of other tests.
  await world.ctx.health.refresh()
  world.clock.advance(10 * 60_000)
  await world.sweepAll(2)
  assert.equal((await world.sweeps())[0]?.status, 'succeeded')
})

test('of two sweepers one works, the other takes over when it ends; both stop when they are told to', async t => {
  await world.setPolicy('now')
  const config = world.ctx.chains.get(world.chainId)
  assert.ok(config)
  const stops = [new AbortController(), new AbortController()]
  const [first, second] = stops.map(stop => sweepChain(world.ctx, config, stop.signal))
  t.after(() => stops.map(stop => stop.abort()))
  await world.paidSession()
  await world.settle()
  await waitUntil('the sweep is sent', async () => (await world.sweeps())[0]?.status === 'submitted')
  stops[0]?.abort()
  await first
  await world.settle()
  await waitUntil('the sweep has succeeded', async () => (await world.sweeps())[0]?.status === 'succeeded')
  stops[1]?.abort()
  await second
  assert.equal((await world.sweeps()).length, 1)
})
