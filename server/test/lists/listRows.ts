/** So many rows of each kind are the oldest and unlike all others: by them a filter finds few rows, and none that is new. */
export const ODD = 15

/** The kinds of rows, which their ids tell; `nothing` has no rows. */
export const KINDS = [
  'session',
  'intent',
  'product',
  'price',
  'transfer',
  'sweepFact',
  'refund',
  'sweep',
  'customer',
  'coupon',
  'code',
  'taxRate',
  'invoice',
  'link',
  'event',
  'delivery',
  'decision',
  'key',
  'account',
  'user',
  'asset',
  'endpoint',
  'subscription',
  'nothing',
] as const

/** A kind of row. */
export type Kind = (typeof KINDS)[number]

/** What the rows of an organization are made of, as SQL of the row's number `n`. */
export type RowTexts = {
  /** The id of the row of a kind, or of another number than `n`. */
  id: (kind: Kind, n?: string) => string
  /** When the row is made. */
  at: string
  /** So many bytes that no other row has. */
  bytes: (size: number) => string
  /** A column of the row that the server itself made in a table: JSON that only it knows how to write. */
  copy: (table: 'checkout_sessions' | 'invoices' | 'payment_links', column: string) => string
  assetId: string
  chainId: string
}

const odd = (of: string, others: string) => `case when n <= ${ODD} then ${of} else ${others} end`
const oddOnly = (of: string) => odd(of, 'null')

// Deleted, where there are so many rows: a hole in a list, too small for an index without it to look better than one with it.
const deleted = (at: string) => `case when n between 8000 and 8200 then ${at} end`

/** The columns of the rows of each table, but `organization_id`, which is the organization's own unless it is told. */
export function listRows(texts: RowTexts): [table: string, columns: Record<string, string>][] {
  const { id, at } = texts
  const made = { created_at: at }
  const kept = { ...made, updated_at: at }
  const ofSession = { checkout_session_id: id('session') }
  const asset = { asset_id: texts.assetId }
  const chain = { chain_id: texts.chainId }
  const address = { address: texts.bytes(20) }
  const amounts = { amount_subtotal: '100000000', amount_total: '100000000' }
  const block = { block_hash: texts.bytes(32), block_number: 'n', block_time: at }
  const visible = (oddly: 10 | 20, else_: 10 | 20) => ({ visibility: odd(`${oddly}`, `${else_}`) })
  return [
    ...catalogueRows(texts),
    [
      'checkout_sessions',
      {
        ...{ id: id('session'), ...kept, ...amounts, currency: `'usdc'`, mode: odd(`'subscription'`, `'payment'`) },
        ...{ amount_discount: '0', amount_tax: '0', amount_fee: '0', expires_at: at, deadline: at, tolerance_bps: '0' },
        ...{ success_url: `'https://shop.example/ok'` },
        ...{
          payment_setting: texts.copy('checkout_sessions', 'payment_setting'),
          is_closed: 'true',
          exceptions: `'{}'`,
        },
        options: texts.copy('checkout_sessions', 'options'),
        email_key: oddOnly(`'payer@shop.example'`),
        status: `case when n <= ${ODD} then 'incomplete' when n <= ${2 * ODD} then 'expired' else 'complete' end`,
        customer_id: odd(id('customer', '1'), id('customer', '2')),
        coupon_id: oddOnly(id('coupon', '1')),
        payment_link_id: oddOnly(id('link', '1')),
        subscription_id: oddOnly(id('subscription', '1')),
        invoice_id: oddOnly(id('invoice', '1')),
      },
    ],
    [
      'line_items',
      {
        ...{ ...ofSession, ...amounts, amount_discount: '0', amount_tax: '0', taxes: `'[]'` },
        ...{ position: '0', price_id: id('price'), quantity: '1' },
      },
    ],
    [
      'payment_intents',
      {
        ...{ id: id('intent'), ...kept, ...ofSession, currency: `'usdc'`, amount: '100000000' },
        status: odd(`'processing'`, `'succeeded'`),
      },
    ],
    [
      'session_assets',
      {
        ...{ ...ofSession, ...asset, id: id('asset'), amount: '100000000', amount_raw: '1000000' },
        ...{ wait: `'3'`, witness: `'quorum'` },
      },
    ],
    [
      'deposit_addresses',
      {
        ...address,
        ...ofSession,
        factory: texts.bytes(20),
        init_code_hash: texts.bytes(32),
        payouts: `'[]'`,
        watch_until: at,
      },
    ],
    [
      'transfers',
      {
        ...{ id: id('transfer'), ...ofSession, ...chain, ...address, ...block, amount_raw: '1000000' },
        ...{ place: `'0'`, tx_hash: texts.bytes(32), first_seen_at: at, posted_at: at, is_repeated: 'false' },
        asset_id: odd(`(select id from assets where data ->> 'currency' = 'usdt' limit 1)`, texts.assetId),
        unmatched_reason: oddOnly(`'late'`),
      },
    ],
    [
      'decisions',
      {
        ...{ id: id('decision'), ...made, ...ofSession, transfer_id: id('transfer') },
        kind: `case when n between ${ODD + 1} and ${2 * ODD} then 'accept_transfer' else 'accept_partial' end`,
        data: `'{"reason": "late"}'`,
      },
    ],
    [
      'sweep_facts',
      {
        ...{ id: id('sweepFact'), ...ofSession, ...chain, ...asset, ...address, ...block, amount_raw: '1000000' },
        ...{ kind: `'out'`, other: texts.bytes(20), place: `'0'`, tx_hash: texts.bytes(32), seen_at: at },
      },
    ],
    [
      'refunds',
      {
        ...{ id: id('refund'), ...kept, ...ofSession, ...chain, ...asset, payment_intent_id: id('intent') },
        ...{ amount: '100000000', amount_raw: '1000000', to_address: texts.bytes(20) },
        status: odd(`'succeeded'`, `'canceled'`),
      },
    ],
    [
      'sweeps',
      {
        ...{ id: id('sweep'), ...kept, is_ours: 'false', call: `'{"to": "0x00", "data": "0x", "value": "0"}'` },
        ...{ chain_id: odd('7', texts.chainId), status: odd(`'planned'`, `'succeeded'`) },
      },
    ],
    ['sweep_deposits', { sweep_id: id('sweep'), ...ofSession, ...asset, ...address, amount_raw: '1000000' }],
    [
      'invoices',
      {
        ...{ id: id('invoice'), ...kept, ...amounts, amount_tax: '0', currency: `'usdc'`, tax_rate_ids: `'{}'` },
        ...{ customer: texts.copy('invoices', 'customer'), cc: `'{}'`, ...visible(20, 20), paid_out_of_band: 'false' },
        ...{ issuer: odd('null', texts.copy('invoices', 'issuer')), allow_promotion_codes: 'false' },
        ...{
          status: odd(`'draft'`, `'open'`),
          finalized_at: odd('null', at),
          invoice_number: odd('null', `'N-' || n`),
        },
        customer_id: odd(id('customer', '1'), id('customer', '2')),
        subscription_id: oddOnly(id('subscription', '1')),
        due_date: `case when n <= ${ODD} then '2020-01-01'::timestamptz when n > ${2 * ODD} then ${at} + interval '30 days' end`,
      },
    ],
    [
      'payment_links',
      {
        ...{ id: id('link'), ...kept, type: `'multiple'`, price_id: id('price', '1'), title: `'Link'`, tags: `'{}'` },
        ...{ is_active: `n > ${ODD}`, options: texts.copy('payment_links', 'options') },
      },
    ],
    ...toldRows(texts),
    ...accountRows(texts),
  ]
}

function catalogueRows({ id, at }: RowTexts): [string, Record<string, string>][] {
  const kept = { created_at: at, updated_at: at }
  const isNew = { is_active: `n > ${ODD}` }
  return [
    [
      'products',
      {
        ...{ id: id('product'), ...kept, ...isNew, name: `'Chair'`, images: `'{}'`, visibility: odd('20', '10') },
        ...{ url: oddOnly(`'https://shop.example/old'`), default_price_id: id('price'), deleted_at: deleted(at) },
      },
    ],
    [
      'prices',
      {
        ...{
          id: id('price'),
          ...kept,
          ...isNew,
          product_id: id('product'),
          unit_amount: '100000000',
          is_public: 'false',
        },
        ...{ currency: odd(`'eur'`, `'usdc'`), type: odd(`'recurring'`, `'one_time'`), visibility: odd('10', '20') },
        ...{ interval: oddOnly(`'month'`), interval_count: oddOnly('3'), deleted_at: deleted(at) },
      },
    ],
    [
      'customers',
      {
        ...{
          id: id('customer'),
          ...kept,
          email: `'Payer' || n || '@example.com'`,
          customer_reference_id: `'ref ' || n`,
        },
        ...{ customer_number: `upper(lpad(to_hex(n), 8, '0'))`, visibility: odd('10', '20'), deleted_at: deleted(at) },
      },
    ],
    [
      'coupons',
      {
        ...{ id: id('coupon'), ...kept, name: `'Coupon'`, percent_ppm: '100000', is_enabled: `n > ${ODD}` },
        archived_at: oddOnly(at),
      },
    ],
    [
      'promotion_codes',
      { id: id('code'), created_at: at, coupon_id: id('coupon'), code: `'Code' || n`, is_active: `n > ${ODD}` },
    ],
    ['tax_rates', { id: id('taxRate'), ...kept, ...isNew, name: `'VAT'`, rate_ppm: '190000', type: `'exclusive'` }],
  ]
}

function toldRows({ id, at }: RowTexts): [string, Record<string, string>][] {
  const toEndpoint = { webhook_endpoint_id: id('endpoint', '1') }
  return [
    [
      'events',
      {
        ...{ id: id('event'), created_at: at, object: `'checkoutSession'`, object_id: id('session'), sequence: '1' },
        ...{ type: odd(`'checkout_session.expired'`, `'checkout_session.completed'`), data: `'{"object": {}}'` },
      },
    ],
    [
      'deliveries',
      {
        ...{ id: id('delivery'), created_at: at, event_id: id('event'), ...toEndpoint, attempts: '1' },
        status: odd(`'failed'`, `'succeeded'`),
      },
    ],
    ['webhook_attempts', { delivery_id: id('delivery'), attempt: '1', created_at: at, duration_ms: '20' }],
    [
      'webhook_endpoints',
      {
        ...{ id: id('endpoint'), created_at: at, updated_at: at, description: `'Shop'`, secret: `'\\x00'` },
        ...{ url: `'https://shop.example/' || n`, enabled_events: `'{*}'`, is_disabled: 'false' },
        // An organization has few: most were deleted.
        deleted_at: `case when n > 1 and n % 5000 <> 0 and n > 50 then ${at} end`,
      },
    ],
    [
      'api_keys',
      {
        ...{ id: id('key'), created_at: at, name: `'Old'`, type: `'secret'`, scopes: `'{}'`, last_four: `'0000'` },
        ...{ hash: `sha256((${id('key')})::text::bytea)`, revoked_at: at },
      },
    ],
  ]
}

/** Accounts that a partner opened, each with its owner. */
function accountRows({ id, at }: RowTexts): [string, Record<string, string>][] {
  const kept = { created_at: at, updated_at: at }
  const account = { organization_id: id('account') }
  return [
    [
      'users',
      {
        ...{ id: id('user'), ...kept, email: `n || '.' || ${id('user')} || '@example.com'`, status: `'active'` },
        ...{ first_name: `'Ada'`, last_name: `'King'` },
      },
    ],
    ['organizations', { id: id('account'), ...kept, name: `'Account'`, owner_id: id('user'), referrer_id: 'OWN' }],
    ['members', { ...account, user_id: id('user'), ...kept, role: `'owner'` }],
    [
      'api_keys',
      {
        ...{ ...account, id: id('decision'), created_at: at, name: `'First'`, type: `'secret'`, scopes: `'{}'` },
        ...{ hash: `sha256((${id('decision')})::text::bytea)`, last_four: `'0000'` },
      },
    ],
  ]
}
