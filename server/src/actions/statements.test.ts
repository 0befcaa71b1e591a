// What the database is asked while sessions are made and paid: so often, however many there are.
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import pg from 'pg'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import {
  createOrganization,
  createSession,
  paymentTo,
  type RecordedChain,
  recordChain,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { addLink } from '../../test/harness/paymentLinkFixtures.ts'
import { statementsOf, workOf } from '../../test/lists/planWork.ts'
import { invariant } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { getCheckoutSession, getPayersSession } from './getCheckoutSession.ts'
import { payPaymentLink } from './payPaymentLink.ts'

let ctx: FreshContext
let caller: Caller
let chain: RecordedChain
before(async () => {
  ctx = await openFreshContext()
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
})
after(() => ctx.close())

/** The statements that are sent from now on, and how often one was sent while no answer was awaited: the round trips. */
function watchStatements(t: TestContext): { texts: string[]; trips: number } {
  const seen = { texts: [] as string[], trips: 0 }
  let awaited = 0
  const query = pg.Client.prototype.query
  t.mock.method(pg.Client.prototype, 'query', function (this: pg.Client, ...sent: unknown[]) {
    const [what] = sent
    seen.texts.push(typeof what === 'string' ? what : `${(what as pg.QueryConfig).text}`)
    if (awaited++ === 0) seen.trips++
    const answer = Reflect.apply(query, this, sent) as unknown as Promise<unknown>
    const answered = () => void awaited--
    answer.then(answered, answered)
    return answer
  })
  return seen
}

test('a session is made in one round trip of four statements', async t => {
  await createSession(ctx, caller)
  const seen = watchStatements(t)
  await createSession(ctx, caller)
  assert.deepEqual([seen.texts.length, seen.trips], [4, 1])
})

test('what a payer sees is read in one transaction of nine statements and four round trips, and what is not there in less', async t => {
  const { id } = await createSession(ctx, caller)
  await getPayersSession(ctx, id)
  const seen = watchStatements(t)
  await getPayersSession(ctx, id)
  assert.deepEqual([seen.texts.length, seen.trips], [9, 4])
  assert.equal(await getPayersSession(ctx, caller.organizationId), null)
  assert.deepEqual([seen.texts.length - 9, seen.trips - 4], [7, 2])
})

test('a session is read with as many scans before there are statistics, be there few sessions or many', async () => {
  const scans = async () => {
    const { id } = await createSession(ctx, caller)
    const sent = await statementsOf(() => getCheckoutSession(ctx, caller.organizationId, id))
    const works = await Promise.all(sent.map(each => workOf(ctx, each)))
    return works.reduce((sum, work) => sum + work.scans, 0)
  }
  const few = await scans()
  for (let index = 0; index < 50; index++) await createSession(ctx, caller)
  assert.equal(await scans(), few)
})

/** The statements of the block that makes the payments of so many sessions final. */
async function whilePaid(t: TestContext, count: number, email: string | null = null): Promise<string[]> {
  const sessions: CheckoutSession[] = []
  for (let index = 0; index < count; index++) sessions.push(await createSession(ctx, caller))
  if (email !== null) {
    await ctx.db.owner.query(
      `update checkout_sessions set options = jsonb_set(options::jsonb, '{customerDetails,email}', to_jsonb($2::text)) where id = any($1)`,
      [sessions.map(({ id }) => id), email],
    )
  }
  await chain.mine(block => sessions.map((session, logIndex) => paymentTo(session, block, { logIndex })))
  await chain.mine()
  const { texts } = watchStatements(t)
  await chain.mine()
  t.mock.restoreAll()
  const { rows } = await ctx.db.owner.query('select distinct status from checkout_sessions where id = any($1)', [
    sessions.map(({ id }) => id),
  ])
  assert.deepEqual(rows, [{ status: 'complete' }])
  return texts
}

test('sessions that a block completes cost the same statements, be there many or few, and none about invoices or links', async t => {
  const shape = (text: string) => text.replaceAll(/\$\d+(, \$\d+)*/g, '$')
  const few = (await whilePaid(t, 2)).map(shape)
  assert.deepEqual((await whilePaid(t, 40)).map(shape), few)
  const others = /\b(invoices|invoice_items|payment_links|emails|coupons|customers)\b/
  assert.deepEqual(
    few.filter(text => others.test(text)),
    [],
  )
})

test('the receipts of all payers go to the queue with the same statements, be there many or few', async t => {
  const few = await whilePaid(t, 2, 'ada@example.com')
  const many = await whilePaid(t, 40, 'ada@example.com')
  assert.equal(many.length, few.length)
  const { rows } = await ctx.db.owner.query(
    "select count(*)::int from graphile_worker.jobs where task_identifier = 'mailReceipt'",
  )
  assert.deepEqual(rows, [{ count: 42 }])
})

test('a link for one payment ends its other sessions with the same statements, be there many or few', async t => {
  const api = await openApiCaller(ctx)
  const counts: number[] = []
  for (const others of [2, 12]) {
    const { id } = await addLink(api, { type: 'one_time' })
    const ids: (string | null)[] = []
    for (let index = 0; index <= others; index++) ids.push(await payPaymentLink(ctx, `${id}`, null))
    const seen = await getPayersSession(ctx, ids[0] ?? '')
    invariant(seen, 'the link leads to a session')
    await chain.mine(block => [paymentTo(seen.found, block)])
    await chain.mine()
    const { texts } = watchStatements(t)
    await chain.mine()
    t.mock.restoreAll()
    counts.push(texts.length)
    await chain.mine()
    await closeDueSessions(ctx, 100)
    const { rows } = await ctx.db.owner.query(
      'select status, count(*)::int from checkout_sessions where payment_link_id = $1 group by status order by status',
      [id],
    )
    assert.deepEqual(rows, [
      { status: 'complete', count: 1 },
      { status: 'expired', count: others },
    ])
  }
  assert.equal(counts[1], counts[0])
})
