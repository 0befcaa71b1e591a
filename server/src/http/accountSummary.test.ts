import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain, testClock } from '../../test/harness/fixtures.ts'
import { newLine, newSession } from '../../test/harness/sessionFixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { startSignIn } from '../actions/authenticatePerson.ts'
import { recordHealth } from '../actions/chainHealth.ts'
import { getAccountSummary } from '../actions/getAccountSummary.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
import type { GasNode } from '../chain/gasNode.ts'
import { invariant } from '../domain/errors.ts'
import { createApp } from './app.ts'

const DAY_MS = 86_400_000
// A clock that is put forward there on the second of these days; the zone is 12:45 or 13:45 hours ahead.
const clock = testClock(new Date('2026-09-25T08:00:00.000Z'))

let world: TestContext
let chain: RecordedChain
before(async () => {
  world = await createTestContext({ clock })
  chain = await recordChain({ ...world.ctx, clock })
})
after(() => world.close())

type Times = { medianMs: number | null; p95Ms: number | null }
type Summary = {
  days: (Times & { day: string; created: number; completed: number })[]
  volume: { day: string; assetId: string; amountRaw: string; usd: string | null; payments: number }[]
  assets: { id: string; symbol: string; decimals: number; chainName: string }[]
  timeToConfirm: Times
  attention: {
    exceptions: number
    unmatched: number
    chains: { chainId: number; health: object; readTo: string | null; coins: object[]; nodes: object[] }[]
  }
}

let members = 0

/** A member of the organization, who asks for what only people may see. */
async function asMember(organizationId: string) {
  const { ctx } = world
  const userId = await addMember(ctx, organizationId, `reader${++members}@example.com`, 'viewer')
  const person = { userId, organizationId, stage: 'whole', isStrong: true } as const
  const token = await startSignIn(ctx, person, { address: '127.0.0.1', userAgent: 'test' })
  const app = createApp(ctx)
  return async (path: string) =>
    await app.request(`/api/account/${path}`, { headers: { cookie: `bitstream=${token}` } })
}

test('F181: the numbers of Home are those of the lists of the API and of the ledger, day by day and to the unit', async () => {
  const api = await openApiCaller(world.ctx)
  const { organizationId } = api.caller
  const { ctx } = world
  const pay = async ({ id }: { id: string }, amountRaw?: bigint) => {
    const seen = await getCheckoutSession(ctx, organizationId, id)
    invariant(seen, 'the session is stored')
    await chain.mine(header => [{ ...paymentTo(seen.found, header), ...(amountRaw !== undefined && { amountRaw }) }])
    for (let block = 0; block < 3; block++) await chain.mine()
  }
  for (let day = 0; day < 4; day++) {
    for (let hour = 0; hour < 24; hour += 6) {
      const session = await newSession(api, { lineItems: [newLine({ unitAmount: `${1_000_001_00 + day * 100}` })] })
      if (hour === 6) await pay(session, 999_999n)
      else if (hour > 0) await pay(session)
      clock.advance(DAY_MS / 4)
    }
  }
  const member = await asMember(organizationId)
  const ask = (query: string) => member(`summary?${query}`)
  const timeZone = 'Pacific/Chatham'
  const asked = await ask(new URLSearchParams({ from: '2026-09-25', to: '2026-09-30', timeZone }).toString())
  assert.equal(asked.status, 200)
  const summary = (await asked.json()) as Summary

  const dayOf = (at: unknown) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(new Date(String(at)))
  const sessions = (await api.ok('GET', '/checkout/sessions')).data as {
    createdAt: string
    status: string
    exceptions: []
  }[]
  for (const { day, created, completed } of summary.days) {
    const own = sessions.filter(({ createdAt }) => dayOf(createdAt) === day)
    assert.deepEqual([created, completed], [own.length, own.filter(({ status }) => status === 'complete').length], day)
  }
  assert.equal(
    summary.days.reduce((sum, { created }) => sum + created, 0),
    sessions.length,
  )

  type Listed = { createdAt: string; assetId: string; amountRaw: string }
  const transactions = (await api.ok('GET', '/transactions?type=incoming')).data as Listed[]
  const listed = [...Map.groupBy(transactions, ({ createdAt, assetId }) => `${dayOf(createdAt)} ${assetId}`)]
    .map(([key, all]) => `${key} ${all.reduce((sum, { amountRaw }) => sum + BigInt(amountRaw), 0n)} ${all.length}`)
    .sort()
  const told = summary.volume.map(
    ({ day, assetId, amountRaw, payments }) => `${day} ${assetId} ${amountRaw} ${payments}`,
  )
  assert.deepEqual(told, listed)
  assert.ok(told.length >= 4)

  const [asset] = ctx.chains.get(80001)?.assets ?? []
  assert.deepEqual(summary.assets, [{ id: asset?.id, symbol: 'USDC', decimals: 6, chainName: 'Test chain 80001' }])
  // A coin that is worth a dollar, and has two decimals less than dollars have here.
  for (const { amountRaw, usd } of summary.volume) assert.equal(usd, `${amountRaw}00`)

  const { rows: times } = await ctx.db.owner.query<{ seen: Date; ms: string }>(
    `select first_seen_at as seen, extract(epoch from posted_at - first_seen_at) * 1000 as ms from transfers
     where organization_id = $1 order by 2`,
    [organizationId],
  )
  for (const { day, medianMs, p95Ms } of [...summary.days, { day: null, ...summary.timeToConfirm }]) {
    const ms = times.filter(({ seen }) => day === null || dayOf(seen) === day).map(time => Number(time.ms))
    assert.deepEqual([medianMs, p95Ms], [quantile(ms, 0.5), quantile(ms, 0.95)], `${day}`)
  }

  const { rows } = await ctx.db.owner.query<{ sum: string }>(
    `select sum(case when credit = 'posted' then amount_raw when debit = 'posted' then -amount_raw else 0 end)
     from entries where organization_id = $1`,
    [organizationId],
  )
  assert.equal(`${summary.volume.reduce((sum, { amountRaw }) => sum + BigInt(amountRaw), 0n)}`, rows[0]?.sum)
  const open = sessions.filter(({ exceptions, status }) => exceptions.length > 0 && status !== 'complete')
  assert.ok(open.length > 0)
  assert.equal(summary.attention.exceptions, open.length)
  assert.deepEqual(summary.attention.chains, [])

  for (const query of ['from=2026-01-01', 'from=2026-02-30&to=2026-03-01', 'from=2020-01-01&to=2026-01-01']) {
    assert.equal((await ask(query)).status, 400, query)
  }
  assert.equal((await ask('from=2026-01-01&to=2026-01-01&timeZone=Nowhere')).status, 400)
})

test('a process tells what came in a coin that only a newer configuration has', async () => {
  const { ctx } = world
  const api = await openApiCaller(ctx)
  const { organizationId } = api.caller
  const session = await newSession(api)
  const seen = await getCheckoutSession(ctx, organizationId, session.id)
  invariant(seen, 'the session is stored')
  const day = clock.now().toISOString().slice(0, 10)
  await chain.mine(header => [paymentTo(seen.found, header)])
  for (let block = 0; block < 3; block++) await chain.mine()
  const older = { ...ctx, known: { chains: new Map(), assets: new Map() } }
  const { volume, assets } = await getAccountSummary(older, organizationId, { from: day, to: day, timeZone: 'UTC' })
  assert.deepEqual(
    assets.map(({ id, chainName }) => [id, chainName]),
    volume.map(({ assetId }) => [assetId, 'Test chain 80001']),
  )
  assert.equal(assets.length, 1)
})

test('what is decided about, or was given back, needs no attention any more', async () => {
  const { ctx } = world
  const api = await openApiCaller(ctx)
  const ask = await asMember(api.caller.organizationId)
  const waiting = async () => {
    const answer = await ask('summary?from=2026-10-01&to=2026-10-01')
    const { exceptions, unmatched } = ((await answer.json()) as Summary).attention
    assert.equal(unmatched, ((await api.ok('GET', '/unmatched-payments?status=open')).data as []).length)
    return [exceptions, unmatched]
  }
  const sessionOf = async (...amounts: bigint[]) => {
    const { id } = await newSession(api)
    const seen = await getCheckoutSession(ctx, api.caller.organizationId, id)
    invariant(seen, 'the session is stored')
    for (const amountRaw of amounts) {
      await chain.mine(header => [paymentTo(seen.found, header, { amountRaw, tx: `${id} ${amountRaw}` })])
      for (let block = 0; block < 3; block++) await chain.mine()
    }
    return seen.found
  }
  const due = 100_000_000n
  await sessionOf(due, 1n, 2n, 3n)
  const { intent } = await sessionOf(5n)
  assert.deepEqual(await waiting(), [1, 3])
  const [last, middle] = (await api.ok('GET', '/unmatched-payments')).data as { id: string }[]
  await api.ok('POST', `/unmatched-payments/${last?.id}/resolve`, { resolution: 'swept' })
  assert.deepEqual(await waiting(), [1, 2])
  const toAddress = `0x${'9a'.repeat(20)}`
  await api.ok('POST', '/refunds', { unmatchedPaymentId: middle?.id, toAddress })
  await api.ok('POST', '/refunds', { paymentIntentId: intent.id, toAddress })
  assert.deepEqual(await waiting(), [1, 2])
  // As the blocks that carry them would leave them.
  await ctx.db.owner.query(`update refunds set status = 'succeeded' where organization_id = $1`, [
    api.caller.organizationId,
  ])
  assert.deepEqual(await waiting(), [0, 1])
})

/** Of ascending numbers, in whole ones: between the two nearest, as far as it lies between them. */
function quantile(sorted: readonly number[], share: number): number | null {
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low === undefined || high === undefined ? null : Math.round(low + (high - low) * (at - Math.floor(at)))
}

test('a chain that is off and a coin that is not to be relied on are told, until all is well', async () => {
  const ask = await asMember(world.organizationId)
  const told = async () => {
    const answer = await ask('summary?from=2026-10-01&to=2026-10-01')
    return ((await answer.json()) as Summary).attention.chains
  }
  const { ctx } = world
  const config = ctx.chains.get(80001)
  const [coin] = config?.assets ?? []
  assert.ok(config !== undefined && coin !== undefined)
  await recordHealth(ctx, 80001, [
    { assetId: null, reason: 'halted', isWrong: true },
    { assetId: null, reason: 'factory_missing', isWrong: true },
    { assetId: coin.id, reason: 'decimals_changed', isWrong: true },
  ])
  const since = clock.now().toISOString()
  const name = 'Test chain 80001'
  const health = { status: 'off', reason: 'factory_missing', since }
  const coins = [{ symbol: 'USDC', reason: 'decimals_changed', since }]
  assert.deepEqual(await told(), [{ chainId: 80001, name, health, readTo: null, coins, nodes: [] }])
  await recordHealth(ctx, 80001, [
    { assetId: null, reason: 'halted', isWrong: false },
    { assetId: null, reason: 'factory_missing', isWrong: false },
    { assetId: coin.id, reason: 'decimals_changed', isWrong: false },
  ])
  assert.deepEqual(await told(), [])
})

test('the gas account is read once a minute, however many ask, and told to be low where it pays for no sweep', async () => {
  const ask = await asMember(world.organizationId)
  const { ctx } = world
  let [balanceRaw, reads] = [86_999n, 0]
  const gas = {
    address: '0x00000000000000000000000000000000000000ff',
    market: async () => ({ price: 1n }),
    head: async () => ({ block: chain.tip(), nonce: 0n }),
    balance: async () => {
      reads += 1
      return balanceRaw
    },
  } as unknown as GasNode
  const accounts = ctx.gas as Map<number, GasNode>
  accounts.set(80001, gas)
  const told = async () => ((await (await ask('gas')).json()) as { data: object[] }).data
  const { address } = gas
  const account = { chainId: 80001, address, daysLeft: null }
  const low = [{ ...account, isLow: true, balanceRaw: '86999' }]
  assert.deepEqual(await told(), low)
  balanceRaw = 87_000n
  assert.deepEqual(await told(), low)
  assert.equal(reads, 1)
  clock.advance(60_000)
  assert.deepEqual(await told(), [{ ...account, isLow: false, balanceRaw: '87000' }])
  accounts.clear()
})
