import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { eventTypes } from '../../test/harness/fixtures.ts'
import { FREEZABLE, type SweepWorld, startSweepWorld, USDC } from '../../test/harness/sweepWorld.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import { sweepSchema } from './sweeps.ts'

let world: SweepWorld
let merchant: ApiCaller
before(async () => {
  world = await startSweepWorld({ hasGasKey: false })
})
after(() => world.stop())
beforeEach(async () => {
  await world.newMerchant()
  merchant = await openApiCaller(world.ctx, { of: world.caller })
})

type SweepAnswer = {
  id: string
  status: string
  failure: string | null
  transactionHash: Hex | null
  deposits: { checkoutSessionId: string; assetId: string; amountRaw: string }[]
  call: { chainId: number; to: Hex; data: Hex; value: string } | null
}

async function post(body: object): Promise<SweepAnswer> {
  const answer = await merchant.ok('POST', '/sweeps', { chainId: world.chainId, ...body })
  sweepSchema.parse(JSON.parse(JSON.stringify(answer)))
  return answer as SweepAnswer
}

async function list(query = ''): Promise<SweepAnswer[]> {
  const { data } = await merchant.ok('GET', `/sweeps${query}`)
  return data as SweepAnswer[]
}

async function send({ call }: SweepAnswer): Promise<Hex> {
  assert.ok(call)
  return await world.wallet.send({ from: world.wallet.accounts[1], to: call.to, data: call.data })
}

test('without a gas key a sweep is a call that any wallet can send, and the facts make it succeed', async () => {
  const sessions = [await world.paidSession(), await world.paidSession(), await world.paidSession({ currency: 'usdt' })]
  await world.settle()
  const sweep = await post({})
  assert.deepEqual(
    sweep.deposits.map(({ checkoutSessionId, amountRaw }) => [checkoutSessionId, amountRaw]),
    [sessions[0]?.id, sessions[1]?.id].sort().map(id => [id, '10000000']),
  )
  assert.deepEqual([sweep.status, sweep.failure, sweep.transactionHash], ['planned', null, null])
  assert.deepEqual([sweep.call?.chainId, sweep.call?.value], [world.chainId, '0'])
  const hash = await send(sweep)
  assert.equal(await world.balanceOf(USDC, world.merchant), 20_000_000n)
  await world.settle()
  await world.sweep()
  const [done] = await list()
  assert.deepEqual([done?.status, done?.transactionHash, done?.call], ['succeeded', hash, null])
  assert.deepEqual(await eventTypes(world.ctx, sweep.id), ['sweep.succeeded'])
  const rest = await post({})
  assert.deepEqual(
    rest.deposits.map(({ checkoutSessionId }) => checkoutSessionId),
    [sessions[2]?.id],
  )
})

test('only final money of the sessions and assets that were asked for is swept', async () => {
  const first = await world.paidSession()
  await world.catchUp()
  assert.equal(await merchant.refused('POST', '/sweeps', { chainId: world.chainId }), '400 nothing_to_sweep')
  const second = await world.paidSession()
  await world.pay(FREEZABLE, second.deposit.address, 5n)
  await world.settle()
  const one = await post({ checkoutSessionIds: [first.id] })
  assert.deepEqual(
    one.deposits.map(({ checkoutSessionId }) => checkoutSessionId),
    [first.id],
  )
  const both = await post({ checkoutSessionIds: [second.id] })
  assert.equal(both.deposits.length, 2)
  const dollars = await post({ assetIds: [assetId(world.chainId, FREEZABLE)] })
  assert.deepEqual(
    dollars.deposits.map(({ amountRaw }) => amountRaw),
    ['5'],
  )
  await send(both)
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
  assert.equal(await world.balanceOf(FREEZABLE, world.merchant), 5n)
})

test('a call that nobody sends for a day fails, with what it was for, and can be asked for again', async () => {
  await world.paidSession()
  await world.settle()
  const sweep = await post({})
  world.clock.advance(24 * 3_600_000 - 1)
  await world.sweep()
  assert.equal((await list())[0]?.status, 'planned')
  world.clock.advance(1)
  await world.sweep()
  const [failed] = await list()
  assert.deepEqual([failed?.status, failed?.failure, failed?.deposits.length], ['failed', 'not_sent', 1])
  assert.deepEqual(await eventTypes(world.ctx, sweep.id), ['sweep.failed'])
  await send(await post({}))
  await world.settle()
  await world.sweep()
  assert.equal((await list())[0]?.status, 'succeeded')
})

test('a sweep is made once for one Idempotency-Key', async () => {
  await world.paidSession()
  await world.settle()
  const body = { chainId: world.chainId }
  const first = await merchant.call('POST', '/sweeps', body, { 'idempotency-key': 'one' })
  const second = await merchant.call('POST', '/sweeps', body, { 'idempotency-key': 'one' })
  assert.deepEqual(second.answer, first.answer)
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.equal((await list()).length, 1)
})

test('lists are narrowed and paged, and show nobody else’s', async () => {
  for (let count = 0; count < 3; count++) {
    await world.paidSession()
    await world.settle()
    world.clock.advance(1000)
    await post({})
  }
  const all = await list()
  assert.equal(all.length, 3)
  assert.deepEqual(
    (await list(`?limit=2&startingAfter=${all[0]?.id}`)).map(({ id }) => id),
    all.slice(1).map(({ id }) => id),
  )
  assert.equal((await list(`?ids=${all[1]?.id}`)).length, 1)
  assert.equal((await list(`?chainId=${world.chainId}&status=planned`)).length, 3)
  assert.equal((await list('?chainId=1')).length, 0)
  assert.equal((await list('?status=failed')).length, 0)
  const other = await openApiCaller(world.ctx)
  assert.deepEqual((await other.ok('GET', '/sweeps')).data, [])
  assert.equal(await other.refused('GET', `/sweeps?startingAfter=${all[0]?.id}`), '400 cursor_invalid startingAfter')
  assert.equal(await other.refused('POST', '/sweeps', { chainId: world.chainId }), '400 nothing_to_sweep')
})

test('what is asked for is checked, and takes the scopes of balances', async () => {
  assert.equal(await merchant.refused('POST', '/sweeps', { chainId: 1 }), '400 network_unsupported chainId')
  assert.equal(await merchant.refused('POST', '/sweeps', {}), '400 parameter_missing chainId')
  assert.equal(
    await merchant.refused('POST', '/sweeps', { chainId: 80001, assetIds: [] }),
    '400 array_too_short assetIds',
  )
  assert.equal(
    await merchant.refused('POST', '/sweeps', { chainId: 80001, checkoutSessionIds: ['x'] }),
    '400 parameter_invalid checkoutSessionIds[0]',
  )
  assert.equal(await merchant.refused('GET', '/sweeps?chainId=x'), '400 parameter_invalid chainId')
  const reader = await openApiCaller(world.ctx, { of: world.caller, key: ['balances:read'] })
  await reader.ok('GET', '/balances')
  await reader.ok('GET', '/sweeps')
  assert.equal(await reader.refused('POST', '/sweeps', { chainId: 80001 }), '403 insufficient_permissions')
  const stranger = await openApiCaller(world.ctx, { of: world.caller, key: ['refunds:read'] })
  assert.equal(await stranger.refused('GET', '/balances'), '403 insufficient_permissions')
})

type BalanceAnswer = Record<'pending' | 'onDeposits' | 'swept' | 'refunded', string> & { asset: { address: Hex } }

async function balance(address: Hex) {
  const { data } = await merchant.ok('GET', '/balances')
  const found = (data as BalanceAnswer[]).find(({ asset }) => asset.address === address)
  return found && [found.pending, found.onDeposits, found.swept, found.refunded]
}

test('balances follow the money: pending, on deposit addresses, swept', async () => {
  assert.deepEqual((await merchant.ok('GET', '/balances')).data, [])
  await world.paidSession()
  await world.paidSession({ currency: 'eth', amountRaw: 10n ** 18n })
  await world.catchUp()
  assert.deepEqual(await balance(USDC), ['10000000', '10000000', '0', '0'])
  assert.deepEqual(await balance(NATIVE), [`${10n ** 18n}`, `${10n ** 18n}`, '0', '0'])
  await world.settle()
  assert.deepEqual(await balance(USDC), ['0', '10000000', '0', '0'])
  await send(await post({ assetIds: [assetId(world.chainId, USDC)] }))
  await world.settle()
  assert.deepEqual(await balance(USDC), ['0', '0', '10000000', '0'])
  await world.paidSession({ amountRaw: 3n })
  await world.settle()
  assert.deepEqual(await balance(USDC), ['0', '3', '10000000', '0'])
  const { count, hasMore } = await merchant.ok('GET', '/balances?limit=1')
  assert.deepEqual([count, hasMore], [1, true])
})
