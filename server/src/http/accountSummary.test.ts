import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { paymentTo, type RecordedChain, recordChain, testClock } from '../../test/harness/fixtures.ts'
import { newLine, newSession } from '../../test/harness/sessionFixtures.ts'
import { addMember } from '../../test/harness/teamFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { startSignIn } from '../actions/authenticatePerson.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
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

type Summary = {
  days: { day: string; created: number; completed: number }[]
  volume: { day: string; assetId: string; amountRaw: string; payments: number }[]
  timeToConfirm: { medianMs: number | null; p95Ms: number | null }
  attention: { exceptions: number; unmatched: number }
}

test('F181: the numbers of Home are those of the lists of the API and of the ledger, day by day and to the unit', async () => {
  const api = await openApiCaller(world.ctx)
  const { organizationId } = api.caller
  const { ctx } = world
  const userId = await addMember(ctx, organizationId, 'reader@example.com', 'viewer')
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
  const person = { userId, organizationId, stage: 'whole', isStrong: true } as const
  const token = await startSignIn(ctx, person, { address: '127.0.0.1', userAgent: 'test' })
  const ask = async (query: string) =>
    await createApp(ctx).request(`/api/account/summary?${query}`, { headers: { cookie: `bitstream=${token}` } })
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

  const { rows } = await ctx.db.owner.query<{ sum: string }>(
    `select sum(case when credit = 'posted' then amount_raw when debit = 'posted' then -amount_raw else 0 end)
     from entries where organization_id = $1`,
    [organizationId],
  )
  assert.equal(`${summary.volume.reduce((sum, { amountRaw }) => sum + BigInt(amountRaw), 0n)}`, rows[0]?.sum)
  const open = sessions.filter(({ exceptions, status }) => exceptions.length > 0 && status !== 'complete')
  assert.equal(summary.attention.exceptions, open.length)
  assert.ok(summary.timeToConfirm.medianMs !== null)

  for (const query of ['from=2026-01-01', 'from=2026-02-30&to=2026-03-01', 'from=2020-01-01&to=2026-01-01']) {
    assert.equal((await ask(query)).status, 400, query)
  }
  assert.equal((await ask('from=2026-01-01&to=2026-01-01&timeZone=Nowhere')).status, 400)
})
