import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  allAgree,
  blockAfter,
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  paymentTo,
  readSession,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { type Lead, LeadLostError, leadChain } from './leadChain.ts'
import type { FoundBlock } from './matchTransfers.ts'
import { recordBlocks } from './recordBlocks.ts'
import { recordReorg } from './recordReorg.ts'

const ONE_BY_ONE = 80001
const IN_LISTS = 80002

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller

before(async () => {
  database = await createTestDatabase()
  const chains = [ONE_BY_ONE, IN_LISTS].map(chainId => testChainConfig({ chainId, confirmations: 3 }))
  ctx = await openBareContext(database.url, { chains })
  caller = await createOrganization(ctx)
})

after(async () => {
  await ctx.close()
  await database.drop()
})

/** What happens on a chain: how long each block takes, and which session is paid (or swept) in it, with what share of its price. */
type Plan = { minutes: number; payments: { session: number; halves: number; isSwept?: boolean }[] }[]

/** When payments for each of the sessions are final: in the end that is all that bands are. */
const WAITS = ['3', '1', '5']

const plans: fc.Arbitrary<Plan> = fc.array(
  fc.record({
    minutes: fc.constantFrom(0, 0, 0, 0, 0, 30),
    payments: fc.oneof(
      { weight: 2, arbitrary: fc.constant<Plan[number]['payments']>([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.record({
            session: fc.nat({ max: WAITS.length - 1 }),
            halves: fc.integer({ min: 1, max: 3 }),
            isSwept: fc.constantFrom(false, false, true),
          }),
          { maxLength: 3 },
        ),
      },
    ),
  }),
  { minLength: 1, maxLength: 40 },
)

const half = [{ session: 0, halves: 1 }]
const inHalves: Plan = [[], half, [], [], half, []].map(payments => ({ minutes: 0, payments }))

function blocksOf(plan: Plan, chainId: number, from: BlockHeader, sessions: CheckoutSession[]): FoundBlock[] {
  let tip = from
  return plan.map(({ minutes, payments }) => {
    tip = blockAfter(tip, { time: new Date(tip.time.getTime() + 1_000 + minutes * 60_000) })
    const header = tip
    const transfers = payments.map(({ session: index, halves, isSwept }, logIndex) => {
      const session = sessions[index]
      invariant(session?.assets[0], 'the session is made and payable')
      const amountRaw = (session.assets[0].amountRaw / 2n) * BigInt(halves)
      const tx = `${chainId} ${header.hash} ${logIndex}`
      const payment = paymentTo(session, header, { chainId, amountRaw, tx, logIndex })
      if (isSwept !== true) return payment
      const receiver = session.deposit.payouts.find(row => row.chainId === chainId)?.receiver
      invariant(receiver, 'the session pays somebody on the chain')
      return { ...payment, from: session.deposit.address, to: receiver }
    })
    return { header, transfers }
  })
}

async function outcome(session: CheckoutSession) {
  const { status, exceptions, isClosed, intent, transfers } = await readSession(ctx, session)
  return {
    session: [status, isClosed, intent.status, intent.amountReceived, exceptions],
    // Their ids are of one time, so that their order is none.
    transfers: transfers
      .map(({ amountRaw, postedAt, unmatchedReason }) => `${amountRaw} ${postedAt !== null} ${unmatchedReason}`)
      .sort(),
    events: [await eventTypes(ctx, session.id), await eventTypes(ctx, session.intent.id)],
    entries: await entriesOf(session),
  }
}

/** What was booked about each subject, in its order. */
async function entriesOf({ id }: CheckoutSession): Promise<string[]> {
  const { rows } = await ctx.db.owner.query(
    `select subject || ' ' || amount_raw || ': ' || string_agg(credit || ' → ' || debit, ', ' order by nth) as told
     from entries where checkout_session_id = $1 group by subject, subject_id, amount_raw order by told`,
    [id],
  )
  return rows.map(({ told }) => told)
}

async function begin(chainId: number) {
  const { lead, known } = await leadChain(ctx, chainId, async () => blockAfter(null, { time: ctx.clock.now() }))
  const tip = known.at(-1)
  invariant(tip, 'the chain has a block')
  const options = { chainIds: [chainId], expiresAt: new Date(ctx.clock.now().getTime() + 45 * 60_000) }
  const sessions: CheckoutSession[] = []
  for (const wait of WAITS) {
    const session = await createSession(ctx, caller, options)
    await ctx.db.owner.query('update session_assets set wait = $1 where checkout_session_id = $2', [wait, session.id])
    sessions.push(session)
  }
  return { lead, tip, sessions }
}

test('blocks that are recorded in lists leave what they leave one by one', async () => {
  await fc.assert(
    fc.asyncProperty(
      plans,
      fc.array(fc.constantFrom(1, 5, 20, 40), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 0, max: 2 }),
      async (plan, sizes, comebacks) => {
        const single = await begin(ONE_BY_ONE)
        const listed = await begin(IN_LISTS)
        const blocks = blocksOf(plan, ONE_BY_ONE, single.tip, single.sessions)
        const same = blocksOf(plan, IN_LISTS, listed.tip, listed.sessions)
        const [last, sameLast] = [blocks.at(-1)?.header, same.at(-1)?.header]
        invariant(last && sameLast, 'a plan has a block')
        for (let round = 0; ; round++) {
          for (const block of blocks) await recordAll(ctx, single.lead, [block])
          const left = [...same]
          for (const size of sizes) await recordAll(ctx, listed.lead, left.splice(0, size))
          assert.equal(left.length, 0)
          if (round === comebacks) break
          // All of it is lost, and comes back block for block.
          await recordReorg(ctx, single.lead, last.hash, single.tip)
          await recordReorg(ctx, listed.lead, sameLast.hash, listed.tip)
        }
        assert.deepEqual(
          await Promise.all(listed.sessions.map(outcome)),
          await Promise.all(single.sessions.map(outcome)),
        )
        ctx.clock.advance(last.time.getTime() - ctx.clock.now().getTime())
      },
    ),
    // The first half is posted by a block in which nothing arrives, so that the second half is told as a new beginning.
    { numRuns: 12, examples: [[inHalves, Array<number>(40).fill(40), 0]] },
  )
  const { rows } = await ctx.db.owner.query(
    `select count(distinct (c.number, c.time))::int as positions, count(distinct b.count)::int as counts
     from cursors c join (select chain_id, count(*) from blocks where is_canonical group by chain_id) b using (chain_id)`,
  )
  assert.deepEqual(rows, [{ positions: 1, counts: 1 }])
})

test('a payment that a reorg moved begins nothing, in one list with one that was told of or block by block', async () => {
  for (const size of [1, 6]) {
    const { lead, tip, sessions } = await begin(IN_LISTS)
    const [session] = sessions
    invariant(session?.assets[0], 'the session is made and payable')
    const amountRaw = session.assets[0].amountRaw / 2n
    const paid = (header: BlockHeader, tx: string) =>
      paymentTo(session, header, { chainId: IN_LISTS, amountRaw, tx: `${session.id} ${tx}` })
    const lost = blockAfter(tip, { branch: 'lost' })
    await recordAll(ctx, lead, [{ header: lost, transfers: [paid(lost, 'moved')] }])
    await recordReorg(ctx, lead, lost.hash, tip)
    // The second is final, and nothing pending, when the first is there again.
    const left: FoundBlock[] = []
    for (const tx of ['new', null, null, 'moved', null, null]) {
      const header = blockAfter(left.at(-1)?.header ?? tip)
      left.push({ header, transfers: tx === null ? [] : [paid(header, tx)] })
    }
    while (left.length > 0) await recordAll(ctx, lead, left.splice(0, size))
    const told = ['processing', 'processing', 'incomplete', 'exception', 'completed'].map(
      type => `checkout_session.${type}`,
    )
    assert.deepEqual(await eventTypes(ctx, session.id), told)
    const intents = ['processing', 'processing', 'succeeded'].map(type => `payment_intent.${type}`)
    assert.deepEqual(await eventTypes(ctx, session.intent.id), intents)
  }
})

test('a list that does not continue the chain, or comes from an old leader, writes nothing', async () => {
  const { lead, tip, sessions } = await begin(IN_LISTS)
  const plan: Plan = Array.from({ length: 4 }, () => ({ minutes: 0, payments: [{ session: 0, halves: 2 }] }))
  const blocks = blocksOf(plan, IN_LISTS, tip, sessions)
  const before = await Promise.all(sessions.map(outcome))
  await assert.rejects(recordAll(ctx, lead, blocks.slice(1)), LeadLostError)
  await leadChain(ctx, IN_LISTS, async () => tip)
  await assert.rejects(recordAll(ctx, lead, blocks), LeadLostError)
  assert.deepEqual(await Promise.all(sessions.map(outcome)), before)
})

/** Records blocks of a chain that all agree on. */
async function recordAll(ctx: Context, lead: Lead, blocks: readonly FoundBlock[]): Promise<void> {
  await recordBlocks(ctx, lead, blocks, allAgree(blocks.at(-1)?.header.number ?? 0n))
}
