import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckoutSession } from '../../src/domain/session.ts'
import {
  createOrganization,
  createSession,
  createWebhookEndpoint,
  openBareContext,
  paymentTo,
  recordChain,
} from '../harness/fixtures.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'
import { FAULTS_ROUNDS } from './faultsRounds.ts'

// `npm run bench -- storm` pays 10,000 and takes the time.
const PAYMENTS = FAULTS_ROUNDS === null ? 1_000 : 10_000
const AT_ONCE = 6

test(`G57: ${PAYMENTS} sessions that are paid in one block are all processing with its commit, each told, booked and to be delivered once`, async t => {
  const database = await createTestDatabase()
  t.after(database.drop)
  const ctx = await openBareContext(database.url)
  t.after(ctx.close)
  const caller = await createOrganization(ctx)
  await createWebhookEndpoint(ctx, caller, ['checkout_session.processing'])
  const sessions: CheckoutSession[] = []
  while (sessions.length < PAYMENTS) {
    sessions.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => createSession(ctx, caller)))))
  }
  const chain = await recordChain(ctx)
  await chain.mine(header => sessions.map((session, logIndex) => paymentTo(session, header, { logIndex })))
  const { rows } = await ctx.db.owner.query(
    `select s.status, i.status as intent, i.amount_received::text as received, count(*)::int,
       (select count(*) from events where type = 'checkout_session.processing')::int as told,
       (select count(*) from entries where debit = 'deposits' and credit = 'pending' and amount_raw = 10000000)::int as booked,
       (select count(*) from deliveries d join graphile_worker._private_jobs j on j.payload->>'deliveryId' = d.id::text)::int as queued
     from checkout_sessions s join payment_intents i on i.checkout_session_id = s.id group by 1, 2, 3`,
  )
  const each = sessions.length
  const all = { count: each, told: each, booked: each, queued: each }
  assert.deepEqual(rows, [{ status: 'open', intent: 'processing', received: '1000000000', ...all }])
})
