import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  createOrganization,
  createSession,
  openBareContext,
  paymentTo,
  readSession,
  recordChain,
  testChainConfig,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { bytesToHex } from '../domain/hex.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { readInOrganization } from '../store/database.ts'
import { sessionExists } from '../store/listCheckoutSessions.ts'
import { listCheckoutSessions } from './getCheckoutSession.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.drop())

test('a session is read as it was at one moment, though a block arrives between two statements', async t => {
  const ctx = await openBareContext(database.url)
  t.after(() => ctx.close())
  const caller = await createOrganization(ctx)
  const session = await createSession(ctx, caller)
  const chain = await recordChain(ctx)
  const seen = await readInOrganization(ctx.db, caller.organizationId, async tx => {
    assert.ok(await sessionExists(tx, session.id))
    await chain.mine(header => [paymentTo(session, header)])
    return await loadSessions(tx, [session.id], ctx.known)
  })
  assert.deepEqual(
    seen.map(({ intent, transfers }) => [intent.status, transfers.length]),
    [['requires_payment_method', 0]],
  )
  const page = { limit: 1, offset: 0, after: null }
  const { found } = await listCheckoutSessions(ctx, caller.organizationId, {}, page)
  assert.deepEqual(
    found.map(({ intent, transfers }) => [intent.status, transfers.length]),
    [['processing', 1]],
  )
})

test('a process meets a session in a coin of a chain that only a newer configuration has', async t => {
  const older = await openBareContext(database.url)
  t.after(() => older.close())
  const token = bytesToHex(older.random(20))
  const newer = await openBareContext(database.url, {
    chains: [testChainConfig(), testChainConfig({ chainId: 80003, tokens: { usdc: token } })],
  })
  t.after(() => newer.close())
  const session = await createSession(newer, await createOrganization(newer))
  assert.deepEqual(
    (await readSession(older, session)).assets.map(({ asset }) => asset.chainId),
    [80001, 80003],
  )
  assert.ok(older.known.chains.has(80003))
})
