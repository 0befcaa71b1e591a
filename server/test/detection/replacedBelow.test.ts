import assert from 'node:assert/strict'
import { test } from 'node:test'
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

test('F111: a payment is replaced as soon as its nonce is taken for good, on a branch that is lower than the lost one too', async t => {
  const database = await createTestDatabase()
  t.after(database.drop)
  const ctx = await openBareContext(database.url, { chains: [testChainConfig({ confirmations: 3 })] })
  t.after(ctx.close)
  const session = await createSession(ctx, await createOrganization(ctx))
  const chain = fakeChain(ctx.clock.now())
  const anew = () => readChain(ctx, 80001, chain.node, new AbortController().signal)
  let reading = anew()
  const read = async () => {
    for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
  }
  const ancestor = chain.mine()
  const paid = chain.mine(header => [paymentTo(session, header)])
  const { txHash, from } = paymentTo(session, paid)
  assert.ok(txHash !== null && from !== null)
  const sent = { sender: from, nonce: 7n, blockHash: paid.hash, blockNumber: paid.number, succeeded: true }
  chain.sent.set(txHash, sent)
  for (let more = 0; more < 8; more++) chain.mine()
  await read()
  assert.equal((await readSession(ctx, session)).status, 'complete')
  // Another leader begins at the newest block.
  reading = anew()
  await read()
  chain.goBackTo(ancestor)
  chain.sent.delete(txHash)
  chain.nonces.set(from, 8n)
  for (let more = 0; more < 4; more++) chain.mine(() => [], { branch: 'b' })
  await read()
  const { status, exceptions } = await readSession(ctx, session)
  assert.deepEqual([status, exceptions], ['open', ['replaced']])
  assert.equal((await eventTypes(ctx, session.id)).at(-1), 'checkout_session.exception')
})
