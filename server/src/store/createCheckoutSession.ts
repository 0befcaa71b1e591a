import { CompiledQuery } from 'kysely'
import { NATIVE } from '../domain/asset.ts'
import { type CheckoutSession, watchUntil } from '../domain/session.ts'
import { byteaText } from './bytes.ts'
import { type Database, type Tx, violatedConstraint } from './database.ts'

/** A POST's `Idempotency-Key`, the hash of what it means (32 bytes), and the answer to keep. */
export type Claim = { key: string; requestHash: Uint8Array; response: string }

/** What became of the insert: done; settings changed meanwhile; key in flight elsewhere; or key used before, with its answer. */
export type Inserted =
  | { kind: 'inserted' }
  | { kind: 'stale' }
  | { kind: 'in_use' }
  | { kind: 'replay'; requestHash: Uint8Array; response: string }

const insert = (table: string, parameter: number) =>
  `${table}_rows as (insert into ${table} select r.* from go, json_populate_recordset(null::${table}, $${parameter}) r)`

const TABLES = [
  'products',
  'prices',
  'checkout_sessions',
  'line_items',
  'payment_intents',
  'session_assets',
  'deposit_addresses',
]
const INSERTS = TABLES.map((table, index) => insert(table, index + 3)).join(',\n')

/** All rows of a session at once, if the settings that it was made with are still in force. */
export const INSERT_SESSION = `with
go as (select from organizations where id = $1 and settings_version = $2),
${INSERTS}
select 1 as inserted from go`

/** The same under an idempotency key: the claim, the rows and the stored answer stand or fall together. */
export const INSERT_SESSION_ONCE = `with
lock as (select pg_try_advisory_xact_lock(hashtextextended($1 || $10, 0)) as got),
earlier as (select request_hash, response from idempotency_keys where organization_id = $1::uuid and key = $10),
go as (select from organizations, lock where id = $1::uuid and settings_version = $2 and got and not exists (select from earlier)),
idempotency_keys_rows as (insert into idempotency_keys select r.* from go, json_populate_recordset(null::idempotency_keys, $11) r),
${INSERTS}
select lock.got, (select count(*) from go)::int as inserted, earlier.request_hash, earlier.response from lock left join earlier on true`

/** The parameters of `INSERT_SESSION`: the organization, its settings' version, and the rows of each table as JSON. */
export function sessionParameters(session: CheckoutSession, settingsVersion: bigint): string[] {
  const rows = sessionRows(session)
  return [session.organizationId, settingsVersion.toString(), ...TABLES.map(table => JSON.stringify(rows[table]))]
}

/** Writes a new session in one round trip: `begin`, organization, rows and `commit` travel together. */
export async function insertCheckoutSession(
  db: Database,
  session: CheckoutSession,
  settingsVersion: bigint,
  claim: Claim | null,
): Promise<Inserted> {
  const values = sessionParameters(session, settingsVersion)
  if (claim !== null) values.push(claim.key, JSON.stringify([claimRow(session, claim)]))
  const statement =
    claim === null
      ? { name: 'insert_session', text: INSERT_SESSION }
      : { name: 'insert_session_once', text: INSERT_SESSION_ONCE }
  const client = await db.appPool.connect()
  try {
    const sent = [
      client.query('begin'),
      client.query({
        name: 'set_organization',
        text: "select set_config('app.organization_id', $1, true)",
        values: [session.organizationId],
      }),
      client.query({ ...statement, values }),
      client.query('commit'),
    ]
    const [, , result] = await settle(sent)
    const row = result?.rows[0]
    if (claim === null) return { kind: row === undefined ? 'stale' : 'inserted' }
    if (row.response !== null) return { kind: 'replay', requestHash: row.request_hash, response: row.response }
    if (!row.got) return { kind: 'in_use' }
    return { kind: row.inserted === 1 ? 'inserted' : 'stale' }
  } catch (error) {
    // Another request committed this key after our statement began and before our lock: its answer is there now.
    if (violatedConstraint(error) === 'idempotency_keys_pkey') return { kind: 'in_use' }
    throw error
  } finally {
    client.release()
  }
}

/** Writes a new session in an open transaction; false, and nothing done, when its settings are no longer in force. */
export async function insertSession(tx: Tx, session: CheckoutSession, settingsVersion: bigint): Promise<boolean> {
  const { rows } = await tx.executeQuery(CompiledQuery.raw(INSERT_SESSION, sessionParameters(session, settingsVersion)))
  return rows.length > 0
}

/** All results once every query has ended, so that the connection is free again; throws the first failure. */
async function settle<T>(sent: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(sent)
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

function claimRow(session: CheckoutSession, claim: Claim) {
  return {
    organization_id: session.organizationId,
    key: claim.key,
    created_at: session.createdAt,
    request_hash: `\\x${Buffer.from(claim.requestHash).toString('hex')}`,
    response: claim.response,
  }
}

/** The rows of a new session by table; new products and prices are those made in the same moment as the session. */
function sessionRows(session: CheckoutSession): Record<string, object[]> {
  const { organizationId, id, intent, deposit } = session
  const own = { organization_id: organizationId, checkout_session_id: id }
  const fresh = session.lineItems.map(item => item.price).filter(price => price.createdAt === session.createdAt)
  return {
    products: fresh
      .filter(price => price.product.createdAt === session.createdAt)
      .map(price => productRow(organizationId, price.product)),
    prices: fresh.map(price => priceRow(organizationId, price)),
    checkout_sessions: [sessionRow(session)],
    line_items: session.lineItems.map((item, position) => ({
      ...own,
      position,
      price_id: item.price.id,
      quantity: item.quantity,
      description: item.description,
      unit_amount: item.unitAmount?.toString() ?? null,
      period_start: item.periodStart,
      period_end: item.periodEnd,
      amount_subtotal: item.amountSubtotal.toString(),
      amount_discount: item.amountDiscount.toString(),
      amount_tax: item.amountTax.toString(),
      amount_total: item.amountTotal.toString(),
      taxes: item.taxes,
    })),
    payment_intents: [
      {
        ...own,
        id: intent.id,
        created_at: intent.createdAt,
        updated_at: intent.updatedAt,
        currency: session.currency,
        amount: session.amountTotal.toString(),
        status: intent.status,
      },
    ],
    session_assets: session.assets.map(row => ({
      ...own,
      asset_id: row.asset.id,
      id: row.id,
      amount: row.amount.toString(),
      amount_raw: row.amountRaw.toString(),
      wait: `${row.policy.wait}`,
      witness: row.policy.witness,
      quote: row.quote,
    })),
    deposit_addresses: [
      {
        ...own,
        address: byteaText(deposit.address),
        factory: byteaText(deposit.factory),
        init_code_hash: byteaText(deposit.initCodeHash),
        payouts: deposit.payouts,
        is_fallback: false,
        coin_chains: coinChains(session),
        watch_until: watchUntil(session),
      },
    ],
  }
}

/** The chains on which the session may be paid in native coin, which tells of itself by no log. */
export function coinChains({ assets }: CheckoutSession): number[] {
  return assets.filter(({ asset }) => asset.address === NATIVE).map(({ asset }) => asset.chainId)
}

function productRow(organizationId: string, product: CheckoutSession['lineItems'][number]['price']['product']) {
  return {
    organization_id: organizationId,
    id: product.id,
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    name: product.name,
    description: product.description,
    images: product.images,
    unit_label: product.unitLabel,
    url: product.url,
    metadata: product.metadata,
    is_active: product.isActive,
    default_price_id: product.defaultPriceId,
    visibility: product.visibility,
  }
}

function priceRow(organizationId: string, price: CheckoutSession['lineItems'][number]['price']) {
  return {
    organization_id: organizationId,
    id: price.id,
    created_at: price.createdAt,
    updated_at: price.updatedAt,
    product_id: price.product.id,
    currency: price.currency,
    type: price.type,
    unit_amount: price.unitAmount?.toString() ?? null,
    custom_unit_min: price.open?.min?.toString() ?? null,
    custom_unit_max: price.open?.max?.toString() ?? null,
    custom_preset: price.open?.preset?.toString() ?? null,
    custom_suggestions: price.open?.suggestions.map(String) ?? null,
    nickname: price.nickname,
    is_public: price.isPublic,
    interval: price.interval,
    interval_count: price.intervalCount,
    metadata: price.metadata,
    is_active: price.isActive,
    visibility: price.visibility,
  }
}

function sessionRow(session: CheckoutSession) {
  return {
    organization_id: session.organizationId,
    id: session.id,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
    mode: session.mode,
    currency: session.currency,
    amount_subtotal: session.amountSubtotal.toString(),
    amount_discount: session.amountDiscount.toString(),
    amount_tax: session.amountTax.toString(),
    amount_fee: session.amountFee.toString(),
    amount_total: session.amountTotal.toString(),
    fee_ppm: session.feePpm,
    coupon_id: session.discount?.couponId ?? null,
    promotion_code_id: session.discount?.promotionCodeId ?? null,
    discount: session.discount,
    redeemed_by: session.redeemedBy,
    value_usd: session.valueUsd?.toString() ?? null,
    expires_at: session.expiresAt,
    options: session.options,
    payment_setting: session.paymentSetting,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    metadata: session.metadata,
    client_reference_id: session.clientReferenceId,
    customer_id: session.customerId,
    payment_link_id: session.paymentLinkId,
    subscription_id: session.subscriptionId,
    invoice_id: session.invoiceId,
    tolerance_bps: session.toleranceBps,
    status: session.status,
    exceptions: session.exceptions,
    deadline: session.deadline,
    is_closed: session.isClosed,
  }
}
