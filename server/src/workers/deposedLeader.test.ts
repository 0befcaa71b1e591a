import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeChain } from '../../test/harness/fakeChain.ts'
import {
  createOrganization,
  createSession,
  openBareContext,
  paymentTo,
  readSession,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase } from '../../test/harness/testDatabase.ts'
import { LeadLostError } from '../actions/leadChain.ts'
import { readChain } from './watchChain.ts'

test('what an old leader reads once more makes no asset unreliable', async t => {
  const database = await createTestDatabase()
  const ctx = await openBareContext(database.url)
  t.after(async () => {
    await ctx.close()
    await database.drop()
  })
  const config = testChainConfig()
  const chain = fakeChain(ctx.clock.now())
  const lead = () => readChain(ctx, config.chain.id, chain.node, new AbortController().signal)
  const old = lead()
  assert.equal((await old.next()).value?.kind, 'idle')
  const session = await createSession(ctx, await createOrganization(ctx))
  chain.mine(block => [paymentTo(session, block)])
  // So far behind that a leader reads them in lists, in which a payment comes with what makes it final.
  for (let block = 0; block < 40; block++) chain.mine()

  for await (const step of lead()) if (step.kind === 'idle') break
  assert.equal((await readSession(ctx, session)).status, 'complete')
  await assert.rejects(old.next(), LeadLostError)
  assert.deepEqual([...ctx.health.now().assets.keys()], [])
})
