import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { beginDelivery } from '../../src/actions/beginDelivery.ts'
import { mailReceipt } from '../../src/actions/receiptEmail.ts'
import { type Merchant, type MerchantWorld, openMerchantWorld } from '../harness/merchantWorld.ts'

let world: MerchantWorld
let ours: Merchant
let theirs: Merchant
before(async () => {
  world = await openMerchantWorld()
  ours = await world.newMerchant('ann')
  theirs = await world.newMerchant('ben')
})
after(() => world.close())

const idOf = ({ api }: Merchant) => api.caller.organizationId

/** The first row of a statement, by somebody who may do everything in the database. */
async function row<T extends object>(statement: string, values: readonly unknown[]): Promise<T> {
  const { rows } = await world.ctx.db.owner.query<T>(statement, [...values])
  assert.ok(rows[0], statement)
  return rows[0]
}

test('C7.7: a webhook of one organization never goes to an endpoint of another, nor tells of its events', async () => {
  const { ctx } = world
  const find = `select id, event_id, webhook_endpoint_id from deliveries where organization_id = $1 and status = 'pending' limit 1`
  type Delivery = { id: string; event_id: string; webhook_endpoint_id: string }
  const own = await row<Delivery>(find, [idOf(ours)])
  const foreign = await row<Delivery>(find, [idOf(theirs)])
  assert.equal((await beginDelivery(ctx, own.id))?.organizationId, idOf(ours))
  const client = await ctx.db.owner.connect()
  await client.query("set session_replication_role = 'replica'")
  try {
    for (const [column, value] of [
      ['organization_id', idOf(theirs)],
      ['webhook_endpoint_id', foreign.webhook_endpoint_id],
      ['event_id', foreign.event_id],
    ]) {
      const before = await client.query(`select ${column} as value from deliveries where id = $1`, [own.id])
      await client.query(`update deliveries set ${column} = $2 where id = $1`, [own.id, value])
      assert.equal(await beginDelivery(ctx, own.id), null, column)
      await client.query(`update deliveries set ${column} = $2 where id = $1`, [own.id, before.rows[0].value])
    }
  } finally {
    client.release(true)
  }
  assert.equal((await beginDelivery(ctx, own.id))?.endpointId, own.webhook_endpoint_id)
})

test('C7.7: the job of a receipt that names another organization mails nothing', async () => {
  const { ctx } = world
  const { session_id: sessionId } = await row<{ session_id: string }>(
    `select i.checkout_session_id as session_id from payment_receipts r join payment_intents i on i.id = r.payment_intent_id
     where r.organization_id = $1`,
    [idOf(ours)],
  )
  await ctx.db.owner.query(
    `update checkout_sessions set options = jsonb_set(options::jsonb, '{customerDetails}',
       coalesce(options::jsonb -> 'customerDetails', '{}') || '{"email":"payer@example.com"}') where id = $1`,
    [sessionId],
  )
  const receipts = async () => {
    const { rows } = await ctx.db.owner.query("select from emails where kind = 'receipt'")
    return rows.length
  }
  await mailReceipt(ctx, { organizationId: idOf(theirs), sessionId })
  assert.equal(await receipts(), 0)
  await mailReceipt(ctx, { organizationId: idOf(ours), sessionId })
  assert.equal(await receipts(), 1)
})
