import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pino from 'pino'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  paymentTo,
  type RecordedChain,
  readSession,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { chainsWaiting } from '../store/cursors.ts'
import { asWorker, inOrganization } from '../store/database.ts'
import { closeSessions } from '../workers/closeSessions.ts'
import type { Caller } from './caller.ts'
import { closeDueSessions } from './closeDueSessions.ts'
import { expireCheckoutSession } from './expireCheckoutSession.ts'

const OTHER_CHAIN = 80002

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let chain: RecordedChain
let other: RecordedChain

before(async () => {
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, {
    chains: [testChainConfig(), testChainConfig({ chainId: OTHER_CHAIN })],
  })
  caller = await createOrganization(ctx)
  chain = await recordChain(ctx)
  other = await recordChain(ctx, OTHER_CHAIN)
})

after(async () => {
  await ctx.close()
  await database.drop()
})

const standing = async (session: CheckoutSession) => {
  const { status, isClosed, intent } = await readSession(ctx, session)
  return [status, isClosed, intent.status]
}

/** Moves the clock `ms` past the session's deadline. */
function passDeadline(session: CheckoutSession, ms = 1): void {
  ctx.clock.advance(session.deadline.getTime() + ms - ctx.clock.now().getTime())
}

const waiting = () => asWorker(ctx.db, tx => chainsWaiting(tx, ctx.clock.now()))

const expire = (session: CheckoutSession, by = caller) =>
  inOrganization(ctx.db, by.organizationId, tx => expireCheckoutSession(tx, ctx, session.id))

test('a session expires once the clock and a block of every chain have passed its deadline, and not before', async () => {
  const session = await createSession(ctx, caller)
  passDeadline(session, 0)
  assert.equal(await closeDueSessions(ctx, 10), 0)
  ctx.clock.advance(1)
  assert.equal(await closeDueSessions(ctx, 10), 0, 'no chain has told of that time')
  assert.deepEqual(await waiting(), [80001, OTHER_CHAIN])
  await chain.mine()
  assert.equal(await closeDueSessions(ctx, 10), 0, 'one chain has')
  assert.deepEqual(await waiting(), [OTHER_CHAIN])
  assert.deepEqual(await standing(session), ['open', false, 'requires_payment_method'])
  await other.mine()
  assert.deepEqual(await waiting(), [])
  assert.equal(await closeDueSessions(ctx, 10), 1)
  assert.deepEqual(await standing(session), ['expired', true, 'canceled'])
  assert.deepEqual((await readSession(ctx, session)).intent.canceledAt, ctx.clock.now())
  assert.equal(await closeDueSessions(ctx, 10), 0)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.expired'])
  assert.deepEqual(await eventTypes(ctx, session.intent.id), ['payment_intent.canceled'])
})

test('a session waits only for the chains that it may be paid on', async () => {
  const session = await createSession(ctx, caller, { chainIds: [OTHER_CHAIN] })
  passDeadline(session)
  await other.mine()
  assert.equal(await closeDueSessions(ctx, 10), 1)
  assert.equal((await readSession(ctx, session)).status, 'expired')
})

test('a paid and a partly paid session close as they are, and without an event', async () => {
  const [paid, part] = [await createSession(ctx, caller), await createSession(ctx, caller)]
  await chain.mine(header => [
    paymentTo(paid, header, { logIndex: 0 }),
    paymentTo(part, header, { logIndex: 1, amountRaw: 1n }),
  ])
  await chain.mine()
  await chain.mine()
  const told = [await eventTypes(ctx, paid.id), await eventTypes(ctx, part.id)]
  const updatedAt = (await readSession(ctx, paid)).updatedAt
  passDeadline(part)
  await chain.mine()
  await other.mine()
  assert.equal(await closeDueSessions(ctx, 10), 2)
  assert.deepEqual(await standing(paid), ['complete', true, 'succeeded'])
  assert.deepEqual(await standing(part), ['incomplete', true, 'requires_payment_method'])
  assert.deepEqual([await eventTypes(ctx, paid.id), await eventTypes(ctx, part.id)], told)
  assert.deepEqual((await readSession(ctx, paid)).updatedAt, updatedAt)
})

test('money on its way keeps a closed session from expiring, and then completes it', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header)])
  passDeadline(session)
  await chain.mine()
  await other.mine()
  await closeDueSessions(ctx, 10)
  assert.deepEqual(await standing(session), ['open', true, 'processing'])
  assert.deepEqual(await waiting(), [80001], 'the payment waits for its last confirmation')
  await chain.mine()
  assert.deepEqual(await standing(session), ['complete', true, 'succeeded'])
  assert.deepEqual(await waiting(), [])
})

test('a closed session whose payment is lost expires', async () => {
  const session = await createSession(ctx, caller)
  const ancestor = chain.tip()
  await chain.mine(header => [paymentTo(session, header)])
  passDeadline(session)
  await chain.mine()
  await other.mine()
  await closeDueSessions(ctx, 10)
  await chain.goBackTo(ancestor)
  await chain.mine(() => [], 'b')
  await closeDueSessions(ctx, 10)
  assert.deepEqual(await standing(session), ['expired', true, 'canceled'])
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.expired'])
})

test('many sessions are closed in batches, by several workers at once, each told once', async () => {
  const sessions = await Promise.all(Array.from({ length: 30 }, () => createSession(ctx, caller)))
  passDeadline(sessions[0] ?? assert.fail())
  await chain.mine()
  await other.mine()
  const closed: number[] = []
  for (let round = 0; round < 3; round++) {
    closed.push(...(await Promise.all([closeDueSessions(ctx, 7), closeDueSessions(ctx, 7)])))
  }
  assert.equal(
    closed.reduce((sum, number) => sum + number, 0),
    30,
  )
  for (const session of sessions) assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.expired'])
})

test('a merchant ends a session: money that is seen later comes late', async () => {
  const session = await createSession(ctx, caller, { chainIds: [80001] })
  const answer = await expire(session)
  assert.deepEqual(answer?.found.deadline, ctx.clock.now())
  await assert.rejects(expire(session), { code: 'session_not_open' })
  await chain.mine(header => [paymentTo(session, header)])
  await closeDueSessions(ctx, 10)
  const { status, exceptions } = await readSession(ctx, session)
  assert.deepEqual([status, exceptions], ['expired', ['late']])
  await assert.rejects(expire(session), { code: 'session_not_open' })
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.expired', 'checkout_session.exception'])
})

test('F67 F68: a session cannot be ended while its money is here or on its way, but with a part of it', async () => {
  const session = await createSession(ctx, caller)
  await chain.mine(header => [paymentTo(session, header, { tx: 'most', amountRaw: 9_999_999n })])
  const part = await createSession(ctx, caller, { chainIds: [80001] })
  await chain.mine(header => [
    paymentTo(session, header, { tx: 'the rest', amountRaw: 1n, logIndex: 1 }),
    paymentTo(part, header, { amountRaw: 1n, logIndex: 2 }),
  ])
  await assert.rejects(expire(session), { code: 'payment_in_progress' })
  await expire(part)
  await chain.mine()
  await chain.mine()
  await assert.rejects(expire(session), { code: 'session_not_open' })
  await closeDueSessions(ctx, 10)
  assert.deepEqual(await standing(session), ['complete', false, 'succeeded'])
  assert.deepEqual(await standing(part), ['incomplete', true, 'requires_payment_method'])
})

test('what was seen by a clock that is ahead stays on time when the session is ended', async () => {
  const session = await createSession(ctx, caller, { chainIds: [80001] })
  await chain.mine(header => [paymentTo(session, header, { amountRaw: 1n })])
  await chain.mine()
  await chain.mine()
  const ahead = ctx.clock.now()
  ctx.clock.advance(-10_000)
  await expire(session)
  ctx.clock.advance(10_000)
  await chain.mine()
  await closeDueSessions(ctx, 10)
  const { status, exceptions, deadline } = await readSession(ctx, session)
  assert.deepEqual([status, exceptions], ['incomplete', ['underpaid']])
  assert.ok(deadline <= ahead)
})

test('the worker closes what is due, goes on after a failure, and stops when told', async () => {
  const session = await createSession(ctx, caller)
  passDeadline(session)
  await chain.mine()
  await other.mine()
  const failures: unknown[] = []
  let calls = 0
  const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(JSON.parse(line)) })
  const clock = {
    now: () => {
      calls += 1
      if (calls === 1) throw new Error('no time')
      return ctx.clock.now()
    },
  }
  const stopping = new AbortController()
  const ended = closeSessions({ ...ctx, clock, log }, stopping.signal)
  await waitUntil('the session expires', async () => (await readSession(ctx, session)).status === 'expired')
  stopping.abort()
  await ended
  assert.equal(failures.length, 1)
})

test('a session that cannot be settled is logged and keeps no other from closing', async () => {
  const sessions: CheckoutSession[] = []
  while (sessions.length < 7) sessions.push(await createSession(ctx, caller))
  const broken = sessions[2] ?? assert.fail()
  await ctx.db.owner.query("update checkout_sessions set status = 'complete' where id = $1", [broken.id])
  passDeadline(broken)
  await chain.mine()
  await other.mine()
  const failures: { sessionId: string }[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(JSON.parse(line)) })
  assert.equal(await closeDueSessions({ ...ctx, log }, 10), 6)
  assert.deepEqual(
    failures.map(({ sessionId }) => sessionId),
    [broken.id],
  )
  for (const session of sessions.filter(each => each !== broken)) {
    assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.expired'])
  }
  await assert.rejects(closeDueSessions({ ...ctx, log }, 10), /illegal move/)
  await ctx.db.owner.query("update checkout_sessions set status = 'open' where id = $1", [broken.id])
  assert.equal(await closeDueSessions(ctx, 10), 1)
})

test('a session of another organization cannot be ended', async () => {
  const session = await createSession(ctx, caller)
  assert.equal(await expire(session, await createOrganization(ctx)), null)
  assert.deepEqual(await standing(session), ['open', false, 'requires_payment_method'])
})

test('a session is ended and paid at the same moment: it completes, or the money is late', async () => {
  const sessions = await Promise.all(
    Array.from({ length: 10 }, () => createSession(ctx, caller, { chainIds: [80001] })),
  )
  const mining = chain.mine(header => sessions.map((session, logIndex) => paymentTo(session, header, { logIndex })))
  const ended = await Promise.allSettled(sessions.map(session => expire(session)))
  await mining
  await chain.mine()
  await chain.mine()
  await closeDueSessions(ctx, 500)
  for (const [index, session] of sessions.entries()) {
    const { status, exceptions, intent } = await readSession(ctx, session)
    if (status === 'complete') assert.deepEqual([exceptions, intent.amountReceived], [[], 10_00000000n])
    else {
      assert.equal(ended[index]?.status, 'fulfilled')
      assert.deepEqual([status, exceptions, intent.amountReceived], ['expired', ['late'], null])
    }
  }
})
