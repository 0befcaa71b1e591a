import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  blockAfter,
  createOrganization,
  createSession,
  openBareContext,
  paymentTo,
  recordChain,
} from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { forgetOldRecords } from '../actions/forgetOldRecords.ts'

const DAY_MS = 86_400_000

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database.drop())

test('the sequence of an object goes on after its older events were forgotten', async t => {
  const ctx = await openBareContext(database.url)
  t.after(() => ctx.close())
  const caller = await createOrganization(ctx)
  const session = await createSession(ctx, caller)
  const chain = await recordChain(ctx)
  await chain.mine(header => [paymentTo(session, header, { tx: 'in time' })])
  await chain.mine()
  await chain.mine()
  const sequences = async () => {
    const { rows } = await ctx.db.owner.query<{ sequence: number; type: string }>(
      'select sequence, type from events where object_id = $1 order by sequence',
      [session.id],
    )
    return rows.map(({ sequence, type }) => `${sequence} ${type}`)
  }
  assert.deepEqual(await sequences(), ['1 checkout_session.processing', '2 checkout_session.completed'])

  ctx.clock.advance(31 * DAY_MS)
  while ((await forgetOldRecords(ctx, 100)) > 0);
  assert.deepEqual(await sequences(), [])
  const late = blockAfter(chain.tip(), { time: ctx.clock.now() })
  await chain.record(late, [paymentTo(session, late, { tx: 'a month later' })])
  assert.deepEqual(await sequences(), ['3 checkout_session.exception'])
})
