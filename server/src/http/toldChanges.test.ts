// Whatever a page of the dashboard lists is told of when it changes: a table of every table, in which a new one cannot be forgotten.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Merchant, type MerchantWorld, openMerchantWorld, sampleBody } from '../../test/harness/merchantWorld.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { findNewest } from '../actions/findNewest.ts'
import { type LiveSessions, listenToSessions } from '../store/liveSessions.ts'

type Change = (merchant: Merchant) => Promise<unknown>

let world: MerchantWorld
let merchant: Merchant
let stranger: Merchant
let live: LiveSessions
before(async () => {
  world = await openMerchantWorld()
  merchant = await world.newMerchant('merchant')
  stranger = await world.newMerchant('stranger')
  await call('POST', '/products', 'createProduct')(merchant)
  live = listenToSessions(world.ctx.config.databaseUrl ?? '', () => undefined)
  await new Promise<void>(resolve => live.subscribeToChanges(merchant.api.caller.organizationId, () => resolve()))
})
after(async () => {
  await live.close()
  await world.close()
})

let changes = 0

/** An operation of the API on the merchant's object of that path. */
function call(method: string, path: string, operationId?: string): Change {
  return async ({ api, ids }) => {
    world.ctx.clock.advance(1)
    const [, of = '', rest = ''] = /^(.*\{\})?(.*)$/.exec(path) ?? []
    const body = operationId === undefined ? null : sampleBody(operationId, ids, `change${++changes}`)
    await api.ok(method, `${of.replace('{}', ids[of] ?? '')}${rest}`, body ?? undefined)
  }
}

/** What blocks, operators and people who sign in write; `$1` is the organization. */
function row(statement: string): Change {
  return ({ api }) => world.ctx.db.owner.query(statement, [api.caller.organizationId])
}

const OWNER = '(select user_id from members where organization_id = $1 order by user_id limit 1)'
const ID = 'gen_random_uuid()'

/** By table: the kind of object that pages show its rows as, and what changes it. */
const SHOWN: Readonly<Record<string, readonly [object: string, ...changes: [Change, ...Change[]]]>> = {
  address_changes: [
    'withdrawal_address',
    row(`insert into address_changes (id, organization_id, created_at, due_at, kind, requested_by, status)
         values (${ID}, $1, now(), now(), 'create', ${OWNER}, 'waiting')`),
  ],
  api_keys: ['api_key', call('POST', '/api-keys', 'createApiKey')],
  api_requests: [
    'api_request',
    row(`insert into api_requests (id, organization_id, created_at, method, route, status, duration_ms)
         values (${ID}, $1, now(), 'GET', '/products', 200, 1)`),
  ],
  asset_health: [
    'chain',
    row(`insert into asset_health select id, 'rpc_down', now() from assets where $1::uuid is not null limit 1`),
  ],
  audit_entries: ['audit', call('POST', '/api-keys', 'createApiKey')],
  chain_health: [
    'chain',
    row(`insert into chain_health select id, 'rpc_down', now() from chains where $1::uuid is not null limit 1`),
  ],
  checkout_sessions: ['checkout_session', call('POST', '/checkout/sessions', 'createCheckoutSession')],
  coupons: ['coupon', call('POST', '/coupons', 'createCoupon'), call('PUT', '/coupons/{}', 'updateCoupon')],
  customers: ['customer', call('POST', '/customers', 'createCustomer'), call('PUT', '/customers/{}', 'updateCustomer')],
  deliveries: [
    'delivery',
    call('POST', '/webhook-endpoints/{}/test'),
    call('POST', '/events/{}/resend', 'resendEvent'),
  ],
  events: ['event', call('POST', '/webhook-endpoints/{}/test')],
  factors: ['account', row(`insert into factors (user_id, totp_step) select ${OWNER}, 0`)],
  image_fetches: [
    'product',
    row("update image_fetches set fetched_at = now(), error = 'gone' where organization_id = $1"),
  ],
  invites: ['invite', call('POST', '/invites', 'createInvite'), call('DELETE', '/invites/{}')],
  invoices: ['invoice', call('POST', '/invoices', 'createInvoice'), call('PUT', '/invoices/{}', 'updateInvoice')],
  members: ['user', call('PUT', '/users/{}/role', 'updateUserRole')],
  organizations: [
    'organization',
    call('PUT', '/organization', 'updateOrganization'),
    call('PUT', '/organization/payment-setting', 'updatePaymentSetting'),
    call('PUT', '/organization/invoice-setting', 'updateInvoiceSetting'),
  ],
  passkeys: [
    'passkey',
    row(`insert into passkeys (id, user_id, created_at, name, credential_id, public_key, counter, transports)
         select ${ID}, ${OWNER}, now(), 'Laptop', '\\x01', '\\x02', 0, '{}'`),
  ],
  payment_links: [
    'payment_link',
    call('POST', '/payment-links', 'createPaymentLink'),
    call('PUT', '/payment-links/{}', 'updatePaymentLink'),
  ],
  prices: ['price', call('POST', '/prices', 'createPrice'), call('PUT', '/prices/{}', 'updatePrice')],
  products: ['product', call('POST', '/products', 'createProduct'), call('PUT', '/products/{}', 'updateProduct')],
  promotion_codes: ['coupon', call('POST', '/coupons', 'createCoupon')],
  refunds: ['refund', call('POST', '/refunds', 'createRefund'), call('POST', '/refunds/{}/cancel')],
  sign_ins: [
    'sign_in',
    row(`insert into sign_ins (id, user_id, works_for, token_hash, created_at, seen_at, confirmed_at, stage, is_strong, address, user_agent)
         select ${ID}, ${OWNER}, $1, sha256('a'), now(), now(), now(), 'whole', true, '::1', ''`),
    row('update sign_ins set ended_at = now() where works_for = $1'),
  ],
  sweeps: ['sweep', row("update sweeps set updated_at = updated_at + interval '1 second' where organization_id = $1")],
  tax_ids: ['customer', call('POST', '/customers', 'createCustomer')],
  tax_rates: ['tax_rate', call('POST', '/tax-rates', 'createTaxRate'), call('PUT', '/tax-rates/{}', 'updateTaxRate')],
  users: ['user', row(`update users set first_name = first_name || '.' where id = ${OWNER}`)],
  webhook_attempts: [
    'delivery',
    row(`insert into webhook_attempts (delivery_id, organization_id, attempt, created_at, duration_ms)
         select id, $1, 99, now(), 1 from deliveries where organization_id = $1 limit 1`),
  ],
  webhook_endpoints: [
    'webhook_endpoint',
    call('POST', '/webhook-endpoints', 'createWebhookEndpoint'),
    call('PUT', '/webhook-endpoints/{}', 'updateWebhookEndpoint'),
    call('POST', '/webhook-endpoints/{}/regenerate'),
  ],
  withdrawal_addresses: [
    'withdrawal_address',
    call('POST', '/organization/withdrawal-addresses', 'createWithdrawalAddress'),
    call('DELETE', '/organization/withdrawal-addresses/{}'),
  ],
}

/** What no page shows, or shows as a part of an object that is written with it. */
const NOT_SHOWN = new Set([
  // Of a session, whose events tell.
  ...['line_items', 'payment_intents', 'session_assets', 'deposit_addresses', 'transfers', 'decisions', 'entries'],
  ...['payment_receipts', 'sweep_facts', 'coin_doubts', 'halts'],
  // Of an invoice, a sweep, a log or an event.
  ...['invoice_items', 'sweep_deposits', 'gas_transactions', 'audit_heads', 'event_sequences'],
  // What is sent, kept or counted behind the pages.
  ...['account_links', 'assets', 'blocks', 'chains', 'cursors', 'emails', 'files', 'guesses', 'idempotency_keys'],
  ...['passkey_challenges', 'quotes', 'rates', 'recovery_codes'],
])

/** What the organization's pages would be told of `change`: what it says when it commits, and what is found by looking. */
async function toldBy(change: () => Promise<unknown>, { api }: Merchant): Promise<Set<string>> {
  const { ctx } = world
  const { organizationId } = api.caller
  const told = new Set<string>()
  const stop = live.subscribeToChanges(organizationId, heard => {
    for (const { object } of heard ?? []) told.add(object)
  })
  const look = async () => new Map((await findNewest(ctx, [organizationId])).map(({ object, rows }) => [object, rows]))
  const known = await look()
  await change()
  // Messages come in the order of their transactions.
  await ctx.db.owner.query("select pg_notify('changes', $1 || ' end')", [organizationId])
  await waitUntil('all is heard', () => told.delete('end'))
  stop()
  for (const [object, rows] of await look()) if (known.get(object) !== rows) told.add(object)
  return told
}

async function contentOf(table: string): Promise<string> {
  const { rows } = await world.ctx.db.owner.query(
    `select md5(string_agg(t::text, ' ' order by t::text)) as hash from "${table}" t`,
  )
  return rows[0].hash
}

test('every table is shown as a kind of object, or it is known that none of it is', async () => {
  const { rows } = await world.ctx.db.owner.query(
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'kysely%'",
  )
  const tables = rows.map(({ relname }) => relname)
  assert.deepEqual(tables.sort(), [...Object.keys(SHOWN), ...NOT_SHOWN].sort())
})

for (const [table, [object, ...ways]] of Object.entries(SHOWN)) {
  test(`a change of ${table} is told as one of ${object}, to the organization alone`, async () => {
    for (const [nth, way] of ways.entries()) {
      const before = await contentOf(table)
      let heard = new Set<string>()
      const elsewhere = await toldBy(async () => {
        heard = await toldBy(() => way(merchant), merchant)
      }, stranger)
      assert.notEqual(await contentOf(table), before, `way ${nth} changes the table`)
      assert.ok(heard.has(object), `way ${nth} told ${[...heard]}`)
      assert.deepEqual([...elsewhere], object === 'chain' ? ['chain'] : [])
    }
  })
}

test('a new session is told by nobody who commits: it is looked for', async () => {
  const heard: string[] = []
  const { ctx } = world
  const { organizationId } = merchant.api.caller
  const stop = live.subscribeToChanges(organizationId, changed =>
    heard.push(...(changed ?? []).map(({ object }) => object)),
  )
  await call('POST', '/checkout/sessions', 'createCheckoutSession')(merchant)
  await ctx.db.owner.query("select pg_notify('changes', $1 || ' end')", [organizationId])
  await waitUntil('all is heard', () => heard.includes('end'))
  stop()
  assert.deepEqual(heard, ['end'])
})
