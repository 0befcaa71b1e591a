import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeSessions } from '../../src/workers/closeSessions.ts'
import { createOrganization, createSession, eventTypes, openBareContext, recordChain } from '../harness/fixtures.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'
import { waitUntil } from '../harness/waitUntil.ts'

const SESSIONS = 120

test('G47: two processes that close what is due at the same time close each session once', async t => {
  const database = await createTestDatabase()
  t.after(database.drop)
  const ctx = await openBareContext(database.url)
  const other = await openBareContext(database.url)
  t.after(async () => await Promise.all([ctx.close(), other.close()]))
  const caller = await createOrganization(ctx)
  const sessions = []
  for (let made = 0; made < SESSIONS; made++) sessions.push(await createSession(ctx, caller))
  const chain = await recordChain(ctx)
  for (const { clock } of [ctx, other]) clock.advance(2 * 3_600_000)
  await chain.mine()
  const stopping = new AbortController()
  const working = [closeSessions(ctx, stopping.signal), closeSessions(other, stopping.signal)]
  await waitUntil('all are closed', async () => {
    const { rows } = await ctx.db.owner.query('select from checkout_sessions where not is_closed limit 1')
    return rows.length === 0
  })
  stopping.abort()
  await Promise.all(working)
  for (const { id } of sessions) assert.deepEqual(await eventTypes(ctx, id), ['checkout_session.expired'])
})
