import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  createOrganization,
  createSession,
  createWebhookEndpoint,
  paymentTo,
  type RecordedChain,
  recordChain,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import { invariant } from '../domain/errors.ts'
import { entryFor } from '../domain/ledger.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { readAsWorker } from '../store/database.ts'
import { type Booking, bookEntries } from './bookEntries.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { proveSessions } from './proveSessions.ts'

let ctx: FreshContext
let caller: Caller
let chain: RecordedChain

before(async () => {
  ctx = await openFreshContext()
  caller = await createOrganization(ctx)
  await createWebhookEndpoint(ctx, caller, ['*'])
  chain = await recordChain(ctx)
})

after(() => ctx.close())

const differences = async (sessions: readonly CheckoutSession[]) =>
  (
    await readAsWorker(ctx.db, tx =>
      proveSessions(
        tx,
        ctx,
        sessions.map(({ id }) => id),
      ),
    )
  ).differences

/** What must hold of the stored books at any moment; each statement names the rows that break it. */
const RULES: Record<string, string> = {
  'I3: two live credits of one transfer on the chain': `
    select t.tx_hash from transfers t where exists (
      select from entries e where e.subject_id = t.id and e.nth % 2 = 1 and not exists (select from entries r where r.reverses = e.id))
    group by t.chain_id, t.tx_hash, t.place having count(*) > 1`,
  'I4: a live credit in a block that is not canonical': `
    select e.id from entries e join transfers t on t.id = e.subject_id
    where e.nth % 2 = 1 and not exists (select from entries r where r.reverses = e.id)
      and not exists (select from blocks b where b.chain_id = t.chain_id and b.hash = t.block_hash and b.is_canonical)`,
  'I9: an entry in an asset of another chain': `
    select e.id from entries e join assets a on a.id = e.asset_id where a.chain_id <> e.chain_id`,
  'I12: a gap in a sequence': `
    select object_id from events group by object_id having max(sequence) <> count(*)`,
  'I12: a session that is complete and was not told so last': `
    select s.id from checkout_sessions s where (s.status = 'complete') <> coalesce((
      select e.type = 'checkout_session.completed' from events e where e.object_id = s.id
        and e.type in ('checkout_session.completed', 'checkout_session.reverted') order by e.sequence desc limit 1), false)`,
  'I13: an event without a delivery': `
    select e.id from events e where not exists (select from deliveries d where d.event_id = e.id)`,
}

type Step =
  | { mine: { session: number; tx: number; isSweep: boolean }[]; minutes: number }
  | { back: number }
  | { close: true }

const money = fc.record({ session: fc.nat({ max: 2 }), tx: fc.nat({ max: 3 }), isSweep: fc.boolean() })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        mine: fc.uniqueArray(money, { maxLength: 3, selector: ({ session, tx }) => `${session} ${tx}` }),
        minutes: fc.constantFrom(0, 0, 0, 40),
      }),
    },
    { weight: 1, arbitrary: fc.record({ back: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.constant<Step>({ close: true }) },
  ),
  { minLength: 4, maxLength: 16 },
)

test('I3, I4, I5, I9, I12, I13: after any blocks, reorgs, sweeps and deadlines the books are what the facts say', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(steps, async history => {
      run += 1
      const sessions = await Promise.all([0, 1, 2].map(() => createSession(ctx, caller)))
      const branch: { header: BlockHeader; mined: string[] }[] = [{ header: await chain.mine(), mined: [] }]
      for (const [index, step] of history.entries()) {
        if ('close' in step) await closeDueSessions(ctx, 100)
        else if ('back' in step) {
          if (branch.length === 1) continue
          branch.length = Math.max(1, branch.length - step.back)
          await chain.goBackTo(branch.at(-1)?.header ?? assert.fail('the first block stays'))
        } else {
          ctx.clock.advance(step.minutes * 60_000)
          const known = new Set(branch.flatMap(({ mined }) => mined))
          const mined = step.mine.filter(({ session, tx }) => !known.has(`${session} ${tx}`))
          const header = await chain.mine(
            block => mined.map((wanted, logIndex) => moneyIn(sessions, wanted, block, logIndex)),
            `${run} ${index}`,
          )
          branch.push({ header, mined: mined.map(({ session, tx }) => `${session} ${tx}`) })
        }
        assert.deepEqual(await differences(sessions), [])
      }
      for (const [rule, statement] of Object.entries(RULES)) {
        assert.deepEqual((await ctx.db.owner.query(statement)).rows, [], rule)
      }
    }),
    { numRuns: 15 },
  )
})

function moneyIn(
  sessions: readonly CheckoutSession[],
  { session: index, tx, isSweep }: { session: number; tx: number; isSweep: boolean },
  block: BlockHeader,
  logIndex: number,
): Transfer {
  const session = sessions[index]
  invariant(session, 'the session was made')
  const payment = paymentTo(session, block, { tx: `${session.id} ${tx}`, logIndex, amountRaw: 4_000_000n })
  const [payout] = session.deposit.payouts
  invariant(payout, 'the session pays somebody')
  return isSweep ? { ...payment, from: session.deposit.address, to: payout.receiver } : payment
}

test('I18: what is due, in which coin and at which rate stays from the first transfer on; the address always', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  const { owner } = ctx.db
  for (const change of [
    'amount_raw = 1',
    'amount = 1',
    "quote = '{}'",
    "wait = '1'",
    `asset_id = (select id from assets where id <> session_assets.asset_id limit 1)`,
  ]) {
    const changed = owner.query(`update session_assets set ${change} where checkout_session_id = $1`, [session.id])
    await assert.rejects(changed, { constraint: 'terms_fixed' }, change)
  }
  const removed = owner.query('delete from session_assets where checkout_session_id = $1', [session.id])
  await assert.rejects(removed, { constraint: 'terms_fixed' })
  for (const role of ['bitstream_app', 'bitstream_worker']) {
    for (const column of ['address', 'payouts', 'factory', 'init_code_hash', 'checkout_session_id', 'is_fallback']) {
      const client = await owner.connect()
      try {
        await client.query('begin')
        await client.query(`set local role ${role}`)
        const changed = client.query(`update deposit_addresses set ${column} = ${column}`)
        await assert.rejects(changed, { code: '42501' }, `${role} ${column}`)
      } finally {
        await client.query('rollback')
        client.release()
      }
    }
  }
})

test('I19: of two open transactions the one that began first and commits last is not skipped', async () => {
  const [early, late] = [await createSession(ctx, caller), await createSession(ctx, caller)]
  const bookingOf = ({ id, organizationId, deposit, assets: [due] }: CheckoutSession): Booking => {
    invariant(due, 'the session is payable')
    const subject = { subjectId: id, organizationId, sessionId: id, address: deposit.address, amountRaw: due.amountRaw }
    return {
      subject: { ...subject, subject: 'refund', chainId: due.asset.chainId, assetId: due.asset.id },
      wanted: entryFor({ subject: 'refund', of: 'posted', isLive: true }),
    }
  }
  const seen = async () => {
    const { rows } = await ctx.db.owner.query(
      'select checkout_session_id as id from entries where checkout_session_id = any($1) order by created_at, id',
      [[early.id, late.id]],
    )
    return rows.map(({ id }) => id)
  }
  const begun = Promise.withResolvers<void>()
  const committed = Promise.withResolvers<void>()
  const first = ctx.db.worker.transaction().execute(async tx => {
    await bookEntries(tx, ctx, [bookingOf(early)], ctx.clock.now())
    begun.resolve()
    await committed.promise
  })
  await begun.promise
  ctx.clock.advance(1000)
  await ctx.db.worker.transaction().execute(tx => bookEntries(tx, ctx, [bookingOf(late)], ctx.clock.now()))
  assert.deepEqual(await seen(), [late.id])
  // Whoever reads by subject or by session finds both now; whoever had paged by id, which is older, would have missed it.
  committed.resolve()
  await first
  assert.deepEqual(await seen(), [early.id, late.id])
  const found = await differences([early, late])
  assert.deepEqual(
    found.map(({ table, problem }) => [table, problem.replace(/ [0-9a-f-]{36}/, '')]),
    [early, late].map(() => ['entries', 'it is about the refund, which is not there']),
  )
})
