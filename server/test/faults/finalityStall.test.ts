import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { chainHealth } from '../../src/domain/chainHealth.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { fakeChain } from '../harness/fakeChain.ts'
import {
  createOrganization,
  createSession,
  eventTypes,
  openBareContext,
  paymentTo,
  readSession,
  testChainConfig,
} from '../harness/fixtures.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'

const MINUTE = 60_000
const CHAIN_ID = 80001

test('G32: while finality stalls for two hours what was paid waits beyond its own end, and completes once after', async t => {
  const database = await createTestDatabase()
  t.after(database.drop)
  const finality = [{ below: null, wait: 'finalized', witness: 'quorum' }] as const
  const config = { ...testChainConfig(), blockTimeMs: MINUTE, finality }
  const ctx = await openBareContext(database.url, { chains: [config] })
  t.after(ctx.close)
  const caller = await createOrganization(ctx)
  const chain = fakeChain(ctx.clock.now())
  const reading = readChain(ctx, CHAIN_ID, chain.node, new AbortController().signal)
  const read = async () => {
    for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
  }
  chain.tags.finalized = chain.tip().number
  await read()
  const session = await createSession(ctx, caller)
  for (let minute = 0; minute < 120; minute++) {
    ctx.clock.advance(MINUTE)
    chain.mine(header => (minute === 0 ? [paymentTo(session, header)] : []), { time: ctx.clock.now() })
    await read()
    await closeDueSessions(ctx, 10)
  }
  assert.equal(chainHealth(ctx.health.now(), CHAIN_ID).reason, 'finality_stalled')
  const waiting = await readSession(ctx, session)
  assert.deepEqual([waiting.status, waiting.intent.status, waiting.isClosed], ['open', 'processing', true])
  chain.tags.finalized = chain.tip().number
  await read()
  await read()
  assert.equal((await readSession(ctx, session)).status, 'complete')
  assert.equal(chainHealth(ctx.health.now(), CHAIN_ID).reason, null)
  assert.deepEqual(await eventTypes(ctx, session.id), ['checkout_session.processing', 'checkout_session.completed'])
})
