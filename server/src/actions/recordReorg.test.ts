import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  blockAfter,
  createOrganization,
  createSession,
  eventTypes,
  hashFor,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
} from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import { NATIVE } from '../domain/asset.ts'
import type { CheckoutSession } from '../domain/session.ts'
import type { Caller } from './caller.ts'
import { LeadLostError, leadChain } from './leadChain.ts'
import { recordReorg } from './recordReorg.ts'

let ctx: FreshContext
let caller: Caller
let chain: RecordedChain

before(async () => {
  ctx = await openFreshContext()
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
})

after(() => ctx.close())

/** What a caller sees of the money of a session. */
async function outcome(session: CheckoutSession) {
  const { status, exceptions, intent, transfers } = await readSession(ctx, session)
  const live = transfers.filter(transfer => transfer.orphanedAt === null)
  return { status, exceptions, intent: intent.status, received: intent.amountReceived, live: live.length }
}

const NOTHING = { status: 'open', exceptions: ['reorged'], intent: 'requires_payment_method', received: null, live: 0 }
const SEEN = { status: 'open', exceptions: [], intent: 'processing', received: 10_00000000n, live: 1 }
const PAID = { status: 'complete', exceptions: [], intent: 'succeeded', received: 10_00000000n, live: 1 }

test('a payment that is lost before it is final and comes back in another block counts once and is told once', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  const lost = await chain.mine(header => [paymentTo(session, header, { tx: 'moved', logIndex: 1 })])
  assert.deepEqual(await outcome(session), SEEN)
  const firstSeenAt = (await readSession(ctx, session)).transfers[0]?.firstSeenAt
  await chain.goBackTo(ancestor)
  assert.deepEqual(await outcome(session), NOTHING)
  await chain.mine(() => [], 'b')
  await chain.mine(header => [paymentTo(session, header, { tx: 'moved', logIndex: 9 })], 'b')
  assert.deepEqual(await outcome(session), SEEN)
  const live = (await readSession(ctx, session)).transfers.filter(transfer => transfer.orphanedAt === null)
  assert.deepEqual([live[0]?.place, live[0]?.firstSeenAt], ['9', firstSeenAt])
  await chain.mine(() => [], 'b')
  await chain.mine(() => [], 'b')
  assert.deepEqual(await outcome(session), PAID)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
  assert.deepEqual(await eventTypes(ctx, session.intent.id), ['payment_intent.processing', 'payment_intent.succeeded'])
  const { rows } = await ctx.db.owner.query('select is_canonical from blocks where hash = $1', [
    Buffer.from(lost.hash.slice(2), 'hex'),
  ])
  assert.deepEqual(rows, [{ is_canonical: false }])
})

for (const depth of [1, 2, 3, 7]) {
  const isFinal = depth >= 3
  test(`a reorg of ${depth} that takes a ${isFinal ? 'final' : 'pending'} payment’s block takes the payment`, async () => {
    const session = await createSession(ctx, caller)
    const bystander = await createSession(ctx, caller)
    await chain.mine(header => [paymentTo(bystander, header)])
    const ancestor = await chain.mine()
    await chain.mine(header => [paymentTo(session, header)])
    for (let more = 1; more < depth; more++) await chain.mine()
    assert.deepEqual(await outcome(session), isFinal ? PAID : SEEN)
    await chain.goBackTo(ancestor)
    assert.deepEqual(await outcome(session), NOTHING)
    await chain.mine(header => [paymentTo(session, header)], 'b')
    await chain.mine(() => [], 'b')
    await chain.mine(() => [], 'b')
    assert.deepEqual(await outcome(session), PAID)
    assert.deepEqual(await eventTypes(ctx, session.id), [
      'checkout_session.processing',
      ...(isFinal ? ['checkout_session.completed', 'checkout_session.reverted'] : []),
      'checkout_session.completed',
    ])
    assert.deepEqual(await eventTypes(ctx, bystander.id), ['checkout_session.processing', 'checkout_session.completed'])
  })
}

test('a reorg that leaves the payment’s block takes nothing away', async () => {
  const session = await createSession(ctx, caller)
  const paid = await chain.mine(header => [paymentTo(session, header)])
  await chain.mine()
  await chain.goBackTo(paid)
  assert.deepEqual(await outcome(session), SEEN)
  await chain.mine(() => [], 'b')
  await chain.mine(() => [], 'b')
  assert.deepEqual(await outcome(session), PAID)
})

test('a branch that comes back brings its payment back: one row, counted once, final anew', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  const first = await chain.mine(header => [paymentTo(session, header)])
  const second = await chain.mine()
  const third = await chain.mine()
  const [stored] = (await readSession(ctx, session)).transfers
  assert.deepEqual(await outcome(session), PAID)
  await chain.goBackTo(ancestor)
  await chain.mine(() => [], 'b')
  await chain.goBackTo(ancestor)
  await chain.record(first, [paymentTo(session, first)])
  assert.deepEqual(await outcome(session), SEEN, 'it is one block deep again')
  await chain.record(second, [])
  await chain.record(third, [])
  assert.deepEqual(await outcome(session), PAID)
  const again = (await readSession(ctx, session)).transfers
  assert.deepEqual(
    again.map(transfer => [transfer.id, transfer.firstSeenAt]),
    [[stored?.id, stored?.firstSeenAt]],
  )
  assert.deepEqual(await eventTypes(ctx, session.id), [
    'checkout_session.processing',
    'checkout_session.completed',
    'checkout_session.reverted',
    'checkout_session.completed',
  ])
  const { known } = await leadChain(ctx, 80001, () => assert.fail('the chain was begun'))
  assert.deepEqual(known.slice(-4), [ancestor, first, second, third])
  chain = await recordChain(ctx)
})

test('a payment that stays lost is told once the chain is as far again as makes payments final, and not before', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'lost' })])
  await chain.goBackTo(ancestor)
  for (const branch of ['b', 'b', 'b']) await chain.mine(() => [], branch)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing'])
  await chain.mine(() => [], 'b')
  const told = ['checkout_session.processing', 'checkout_session.exception']
  assert.deepEqual(await eventTypes(ctx, session.id), told)
  assert.deepEqual(await outcome(session), NOTHING)
  await chain.mine(() => [], 'b')
  assert.deepEqual(await eventTypes(ctx, session.id), told)
  await chain.mine(header => [paymentTo(session, header, { tx: 'lost' })], 'b')
  assert.deepEqual(await outcome(session), SEEN, 'even then it may come back')
})

test('of two payments only the one that stays lost is told', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  await chain.mine(header => [
    paymentTo(session, header, { tx: 'comes back', logIndex: 1, amountRaw: 1n }),
    paymentTo(session, header, { tx: 'stays lost', logIndex: 2, amountRaw: 2n }),
  ])
  await chain.goBackTo(ancestor)
  await chain.mine(header => [paymentTo(session, header, { tx: 'comes back', amountRaw: 1n })], 'b')
  const exceptions = async () => (await eventTypes(ctx, session.id)).filter(type => type.endsWith('exception')).length
  const before = await exceptions()
  for (const branch of ['b', 'b', 'b', 'b']) await chain.mine(() => [], branch)
  assert.equal((await exceptions()) - before, 2, 'that it is underpaid, and that money stays lost')
})

test('a payment that another one replaced counts with the amount that arrived', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'hundred' })])
  await chain.goBackTo(ancestor)
  await chain.mine(header => [paymentTo(session, header, { tx: 'sixty', amountRaw: 6_000_000n })], 'b')
  await chain.mine(() => [], 'b')
  await chain.mine(() => [], 'b')
  const { status, exceptions, received } = await outcome(session)
  assert.deepEqual([status, exceptions, received], ['incomplete', ['reorged', 'underpaid'], 6_00000000n])
})

test('a late payment stays late, and is told once, whatever blocks it moves through', async () => {
  const session = await createSession(ctx, caller)
  ctx.clock.advance(session.deadline.getTime() - ctx.clock.now().getTime())
  const ancestor = await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'too late', logIndex: 1 })])
  await chain.goBackTo(ancestor)
  await chain.mine(header => [paymentTo(session, header, { tx: 'too late', logIndex: 2 })], 'b')
  const { transfers } = await readSession(ctx, session)
  const told = await Promise.all(transfers.map(transfer => eventTypes(ctx, transfer.id)))
  assert.deepEqual(told.flat(), ['payment.unmatched'])
  assert.deepEqual(
    transfers.map(transfer => transfer.unmatchedReason),
    ['late', 'late'],
  )
})

test('a late payment that a reorg puts into a block of before the deadline begins to count, and is told to', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  ctx.clock.advance(session.deadline.getTime() - ctx.clock.now().getTime())
  await chain.mine(header => [paymentTo(session, header, { tx: 'earlier' })])
  assert.deepEqual((await outcome(session)).exceptions, ['late'])
  await chain.goBackTo(ancestor)
  const early = blockAfter(ancestor, { branch: 'b' })
  await chain.record(early, [paymentTo(session, early, { tx: 'earlier' })])
  assert.deepEqual(await outcome(session), SEEN)
  await chain.mine(() => [], 'b')
  await chain.mine(() => [], 'b')
  assert.deepEqual(await outcome(session), PAID)
  const told = await eventTypes(ctx, session.id)
  assert.deepEqual(told.slice(-2), ['checkout_session.processing', 'checkout_session.completed'])
})

test('a payment seen in time is on time in a block of after the deadline', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  await chain.mine(header => [paymentTo(session, header, { tx: 'in time' })])
  await chain.goBackTo(ancestor)
  ctx.clock.advance(session.deadline.getTime() - ctx.clock.now().getTime())
  await chain.mine(header => [paymentTo(session, header, { tx: 'in time' })], 'b')
  assert.deepEqual(await outcome(session), SEEN)
})

test('coin that several transactions brought keeps the time it was first seen, together and apart', async () => {
  const session = await createSession(ctx, caller, { currency: 'eth' })
  const coin = (header: BlockHeader, txHash: Transfer['txHash']) => ({
    ...paymentTo(session, header, { asset: NATIVE }),
    txHash,
  })
  const firstSeen = async () => {
    const { transfers } = await readSession(ctx, session)
    return transfers.find(transfer => transfer.orphanedAt === null)?.firstSeenAt
  }
  const ancestor = await chain.mine()
  await chain.mine(header => [coin(header, null)])
  const time = await firstSeen()
  for (const [index, txHash] of [null, hashFor('one of them'), null].entries()) {
    await chain.goBackTo(ancestor)
    await chain.mine(header => [coin(header, txHash)], `${index}`)
    assert.deepEqual(await firstSeen(), time)
  }
})

test('coin that was overlooked in its block, and told with a later one, counts once when the chain comes back and tells each', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = await chain.mine()
  const coin = (header: BlockHeader, amountRaw: bigint): Transfer => ({
    ...paymentTo(session, header, { asset: NATIVE, amountRaw }),
    ...{ from: null, txHash: null },
  })
  const first = await chain.mine()
  const second = await chain.mine(header => [coin(header, 10n)])
  await chain.goBackTo(ancestor)
  await chain.mine(() => [], 'b')
  await chain.goBackTo(ancestor)
  await chain.record(first, [coin(first, 6n)])
  await chain.record(second, [coin(second, 4n)])
  const live = async () => {
    const { transfers } = await readSession(ctx, session)
    return transfers.filter(({ orphanedAt }) => orphanedAt === null).map(({ amountRaw }) => amountRaw)
  }
  // Of two of the same millisecond, either is the newer.
  assert.deepEqual(new Set(await live()), new Set([6n, 4n]))
  await chain.goBackTo(ancestor)
  await chain.record(first, [])
  await chain.record(second, [coin(second, 10n)])
  assert.deepEqual(await live(), [10n])
})

test('more coin in a later block is seen later', async () => {
  const session = await createSession(ctx, caller, { currency: 'eth' })
  const seen: Date[] = []
  for (let block = 0; block < 2; block++) {
    await chain.mine(header => [{ ...paymentTo(session, header, { asset: NATIVE }), txHash: null }])
    seen.push(ctx.clock.now())
  }
  const { transfers } = await readSession(ctx, session)
  assert.deepEqual(
    transfers.map(transfer => transfer.firstSeenAt),
    seen,
  )
})

test('an old leader cannot take blocks away, and nobody can from a block that is not the newest', async () => {
  const ancestor = await chain.mine()
  const tip = await chain.mine()
  await assert.rejects(recordReorg(ctx, chain.lead, ancestor.hash, ancestor), LeadLostError)
  const { lead } = await leadChain(ctx, 80001, () => assert.fail('the chain was begun'))
  await assert.rejects(recordReorg(ctx, chain.lead, tip.hash, ancestor), LeadLostError)
  await recordReorg(ctx, lead, tip.hash, ancestor)
  chain = await recordChain(ctx)
  assert.deepEqual(chain.tip(), ancestor)
})

test('after any blocks and reorgs the sessions are as if only the winning branch had ever been', async () => {
  // Three sessions, each with four transactions that pay 4 of 10 USDC and may be mined anew after they were lost.
  const transactions = [0, 1, 2].flatMap(session => [0, 1, 2, 3].map(tx => ({ session, tx })))
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ mine: fc.subarray(transactions, { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ back: fc.integer({ min: 1, max: 5 }) }) },
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async steps => {
      run += 1
      const sessions = await Promise.all([0, 1, 2].map(() => createSession(ctx, caller)))
      const branch: { header: BlockHeader; mined: typeof transactions }[] = [{ header: await chain.mine(), mined: [] }]
      for (const [index, action] of [...steps, { mine: [] }, { mine: [] }, { mine: [] }].entries()) {
        if ('back' in action) {
          if (branch.length === 1) continue
          branch.length = Math.max(1, branch.length - action.back)
          await chain.goBackTo(branch.at(-1)?.header ?? assert.fail('the first block stays'))
        } else {
          const mined = action.mine.filter(wanted => !branch.some(block => block.mined.includes(wanted)))
          const header = await chain.mine(
            block => mined.map(wanted => payment(sessions, wanted, block)),
            `${run} ${index}`,
          )
          branch.push({ header, mined })
        }
      }
      for (const [index, session] of sessions.entries()) {
        const blocks = branch.flatMap(({ header, mined }) =>
          mined.filter(wanted => wanted.session === index).map(() => header.hash),
        )
        const { status, received, live } = await outcome(session)
        assert.equal(live, blocks.length)
        assert.equal(status, blocks.length >= 3 ? 'complete' : blocks.length > 0 ? 'incomplete' : 'open')
        if (blocks.length < 3) assert.equal(received, blocks.length === 0 ? null : BigInt(blocks.length) * 4_00000000n)
        const { rows } = await ctx.db.owner.query(
          `select t.block_hash from transfers t join blocks b on b.chain_id = t.chain_id and b.hash = t.block_hash
           where t.checkout_session_id = $1 and t.orphaned_at is null and t.posted_at is not null and b.is_canonical`,
          [session.id],
        )
        assert.deepEqual(rows.map(row => `0x${row.block_hash.toString('hex')}`).sort(), blocks.sort())
        const types = await eventTypes(ctx, session.id)
        assert.ok(types.filter(type => type === 'checkout_session.processing').length <= 4)
      }
    }),
    { numRuns: 15 },
  )
})

function payment(
  sessions: CheckoutSession[],
  { session, tx }: { session: number; tx: number },
  block: BlockHeader,
): Transfer {
  const paid = sessions[session]
  assert.ok(paid)
  return paymentTo(paid, block, { tx: `${paid.id} ${tx}`, logIndex: session * 4 + tx, amountRaw: 4_000_000n })
}
