import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { hashApiKey, lastFour, makeApiKey } from '../domain/apiKey.ts'
import { ERRORS } from '../domain/errors.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

let t: TestContext
let app: App
let live: TestContext
let liveApp: App
let liveKey: string

before(async () => {
  t = await createTestContext()
  app = createApp(t.ctx)
  const main = testChainConfig()
  live = await createTestContext({ mode: 'live', chains: [{ ...main, chain: { ...main.chain, isTestnet: false } }] })
  liveApp = createApp(live.ctx)
  liveKey = await issueKey(live, { mode: 'live' })
})
after(async () => {
  await t.close()
  await live.close()
})

type Body = Record<string, unknown>
type Reply = { status: number; headers: Headers; body: Body }

const item = (changes: Body = {}, price: Body = {}) => ({
  priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Basic' }, ...price },
  ...changes,
})
const session = (changes: Body = {}) => ({
  successUrl: 'https://shop.example/ok',
  lineItems: { data: [item()] },
  ...changes,
})
const withPrice = (price: Body) => session({ lineItems: { data: [item({}, price)] } })
const product = (data: Body) => withPrice({ productData: { name: 'Basic', ...data } })

async function send(
  to: App,
  method: string,
  path: string,
  init: { key?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const reply = await to.request(path, {
    method,
    headers: {
      ...(init.key !== undefined && { authorization: `Bearer ${init.key}` }),
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body !== undefined && { body: init.body }),
  })
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Body }
}

const create = (body: unknown, headers: Record<string, string> = {}) =>
  send(app, 'POST', '/api/v1/checkout/sessions', {
    key: t.apiKey,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  })

/** Checks the whole envelope: status by the table, header and body agreeing, nothing internal in it. */
function assertError(reply: Reply, code: keyof typeof ERRORS, param?: string | null): void {
  const { status, type } = ERRORS[code]
  assert.equal(reply.body.code, code, JSON.stringify(reply.body))
  assert.equal(reply.status, status)
  assert.equal(reply.body.statusCode, status)
  assert.equal(reply.body.type, type)
  assert.equal(reply.body.requestId, reply.headers.get('request-id'))
  assert.ok(String(reply.body.docUrl).endsWith(`/docs/errors#${code}`))
  assert.ok(String(reply.body.message).length > 10)
  if (param !== undefined) assert.equal(reply.body.param, param)
  assert.doesNotMatch(JSON.stringify(reply.body), /\.ts:\d|select |insert |pg_|node_modules|sk_test_[0-9A-Za-z]{20}/i)
}

const PRICE = 'lineItems.data[0].priceData'
const AMOUNT = `${PRICE}.unitAmount`

describe('F1–F18: amounts', () => {
  const cases: [row: string, value: unknown, code: keyof typeof ERRORS][] = [
    ['F1', '', 'amount_invalid'],
    ['F2', ' ', 'amount_invalid'],
    ['F2', ' 7 ', 'amount_invalid'],
    ['F3', '0', 'amount_too_small'],
    ['F4', '-5', 'amount_invalid'],
    ['F5', '0x10', 'amount_invalid'],
    ['F5', '0b11', 'amount_invalid'],
    ['F5', '0o7', 'amount_invalid'],
    ['F6', '1e3', 'amount_invalid'],
    ['F6', '1E+3', 'amount_invalid'],
    ...['1,000', '1_000', '1.0', '+5', '0.00', '-0'].map(
      value => ['F7', value, 'amount_invalid'] as [string, string, 'amount_invalid'],
    ),
    ...['١٢', '１２', 'Ⅻ'].map(value => ['F8', value, 'amount_invalid'] as [string, string, 'amount_invalid']),
    ['F9', 10.5, 'amount_invalid'],
    ...['NaN', 'Infinity', null, true, [], {}].map(
      value => ['F12', value, 'amount_invalid'] as [string, unknown, 'amount_invalid'],
    ),
    ['F15', '1', 'amount_scale'],
    ['F15', '50', 'amount_scale'],
    ['F16', '99999999999999999999999', 'amount_too_large'],
    ['F16', '9223372036854775808', 'amount_too_large'],
  ]
  for (const [row, value, code] of cases) {
    test(`${row}: unitAmount ${JSON.stringify(value)}`, async () =>
      assertError(await create(withPrice({ unitAmount: value })), code, AMOUNT))
  }
  for (const [row, literal] of [
    ['F10', '9007199254740993'],
    ['F11', '1e400'],
  ]) {
    test(`${row}: the JSON number ${literal}`, async () => {
      const body = JSON.stringify(withPrice({ unitAmount: 'HERE' })).replace('"HERE"', String(literal))
      assertError(await create(body), 'amount_must_be_string', AMOUNT)
    })
  }
  test('F13: more decimals than a state currency has', async () =>
    assertError(await create(withPrice({ currency: 'usd', unitAmount: '1999900000001' })), 'amount_scale', AMOUNT))
  test('F13: a price in a state currency names its smallest step', async () => {
    const { body } = await create(withPrice({ currency: 'eur', unitAmount: '1999900000001' }))
    assert.match(String(body.message), /eur has 2 decimals, the smallest step is 1000000\b/)
  })
  test('F15: the smallest step is named', async () => {
    const { body } = await create(withPrice({ unitAmount: '50' }))
    assert.match(String(body.message), /smallest step is 100\b/)
  })
  test('F17: a product above 2^63 − 1', async () => {
    const lines = [item({ quantity: 1_000_000 }, { unitAmount: '9223372036854775800' })]
    assertError(await create(session({ lineItems: { data: lines } })), 'amount_too_large', 'lineItems')
  })
  test('a JSON integer and a digit string are the same amount', async () => {
    const reply = await create(withPrice({ unitAmount: 100000000 }))
    assert.equal(reply.body.amountTotal, '100000000')
  })
})

describe('F19–F29: parameters, currencies, networks, times', () => {
  for (const name of ['amountTotal', 'status', 'paymentStatus', 'organizationId', 'amountReceived']) {
    test(`F19, F42: ${name} is ours to say`, async () =>
      assertError(await create(session({ [name]: 'complete' })), 'parameter_unknown', name))
  }
  test('F20: the same key twice', async () => {
    const body = JSON.stringify(session()).replace(
      '"unitAmount":"100000000"',
      '"unitAmount":"100000000","unitAmount":"1"',
    )
    assertError(await create(body), 'duplicate_key', 'unitAmount')
  })
  for (const currency of ['usd ', 'USDX', 'US', 840, 'İSK', 'USDC', null]) {
    test(`F21, F22: currency ${JSON.stringify(currency)}`, async () =>
      assertError(await create(withPrice({ currency })), 'currency_unsupported', `${PRICE}.currency`))
  }
  const chains = (allowedChains: unknown) => session({ paymentSetting: { allowedChains } })
  test('F23: an unknown chain', async () =>
    assertError(
      await create(chains([{ chainId: 999 }])),
      'network_unsupported',
      'paymentSetting.allowedChains[0].chainId',
    ))
  test('F23: no chain', async () =>
    assertError(await create(chains([])), 'network_required', 'paymentSetting.allowedChains'))
  test('F23: 1,000 chains', async () =>
    assertError(
      await create(chains(Array(1000).fill({ chainId: 80001 }))),
      'array_too_long',
      'paymentSetting.allowedChains',
    ))
  test('F23: a chain twice counts once', async () => {
    const { body } = await create(chains([{ chainId: 80001 }, { chainId: 80001 }]))
    assert.deepEqual((body.paymentSetting as Body).allowedChains, [{ chainId: 80001 }])
  })
  test('F24: a main network in test mode', async () =>
    assertError(
      await create(chains([{ chainId: 1 }])),
      'network_not_in_mode',
      'paymentSetting.allowedChains[0].chainId',
    ))
  test('F26: a checksum that does not fit', async () => {
    const withdrawalAddress = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'
    assertError(
      await create(chains([{ chainId: 80001, withdrawalAddress }])),
      'address_checksum',
      'paymentSetting.allowedChains[0].withdrawalAddress',
    )
  })
  test('F27: no wallet on the network', async () => {
    const other = await createTestContext({ chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
    try {
      const body = JSON.stringify(chains([{ chainId: 80002 }]))
      const reply = await send(createApp(other.ctx), 'POST', '/api/v1/checkout/sessions', { key: other.apiKey, body })
      assertError(reply, 'payout_not_configured', 'paymentSetting.allowedChains[0].chainId')
    } finally {
      await other.close()
    }
  })
  const inMinutes = (minutes: number) => new Date(t.ctx.clock.now().getTime() + minutes * 60_000).toISOString()
  for (const minutes of [-1, 4, 31 * 24 * 60]) {
    test(`F28: expiresAt in ${minutes} minutes`, async () =>
      assertError(await create(session({ expiresAt: inMinutes(minutes) })), 'expires_at_out_of_range', 'expiresAt'))
  }
  for (const expiresAt of ['2026-13-01', 1e15, '', null, '2026-02-30', 'tomorrow']) {
    test(`F29: expiresAt ${JSON.stringify(expiresAt)}`, async () =>
      assertError(await create(session({ expiresAt })), 'expires_at_invalid', 'expiresAt'))
  }
})

describe('F30–F44: carts and texts', () => {
  test('F30: 101 lines', async () =>
    assertError(
      await create(session({ lineItems: { data: Array(101).fill(item()) } })),
      'array_too_long',
      'lineItems.data',
    ))
  test('100 lines are fine, and a bare list too', async () => {
    const { status, body } = await create(session({ lineItems: Array(100).fill(item()) }))
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.amountTotal, '10000000000')
  })
  for (const quantity of [0, -1, 1.5, '2', 1e9, null]) {
    test(`F31: quantity ${JSON.stringify(quantity)}`, async () =>
      assertError(
        await create(session({ lineItems: [item({ quantity })] })),
        'quantity_invalid',
        'lineItems.data[0].quantity',
      ))
  }
  for (const name of ['', 'x'.repeat(251), '\u200b\u200d', '   ', 5]) {
    test(`F32: name ${JSON.stringify(name).slice(0, 20)}`, async () =>
      assertError(await create(product({ name })), 'name_invalid', `${PRICE}.productData.name`))
  }
  test('F33: a NUL', async () =>
    assertError(await create(product({ name: 'a\u0000b' })), 'invalid_character', `${PRICE}.productData.name`))
  test('F34: half a surrogate pair', async () =>
    assertError(await create(product({ name: '\ud800' })), 'invalid_unicode', `${PRICE}.productData.name`))
  test('F35: names are kept in NFC', async () => {
    const { body } = await create(product({ name: 'e\u0301' }))
    const [line] = (body.lineItems as { data: { price: { product: { name: string } } }[] }).data
    assert.equal(line?.price.product.name, '\u00e9')
  })
  test('F36: a direction override', async () =>
    assertError(await create(product({ name: 'a\u202eb' })), 'invalid_character', `${PRICE}.productData.name`))
  test('F37: markup is text', async () =>
    assert.equal((await create(product({ name: '<img src=x onerror=alert(1)>' }))).status, 200))
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))
  for (const [what, metadata] of Object.entries({
    '51 keys': keys(51),
    'a long key': { ['k'.repeat(41)]: 'v' },
    'a long value': { k: 'v'.repeat(501) },
    brackets: { 'a[b]': 'v' },
  })) {
    test(`F38: metadata with ${what}`, async () =>
      assertError(await create(session({ metadata })), 'metadata_limit', 'metadata'))
  }
  test('50 keys are fine', async () => assert.equal((await create(session({ metadata: keys(50) }))).status, 200))
  for (const value of [1, {}, [], null, true]) {
    test(`F39: a metadata value ${JSON.stringify(value)}`, async () =>
      assertError(await create(session({ metadata: { k: value } })), 'metadata_value_type', 'metadata'))
  }
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    test(`F40: the metadata key ${key}`, async () => {
      const body = JSON.stringify(session({ metadata: { HERE: 'v' } })).replace('HERE', key)
      assertError(await create(body), 'metadata_key_reserved', 'metadata')
      assert.equal(({} as Body).v, undefined)
    })
  }
  test('F41: a typing error gets the right name', async () => {
    const reply = await create(withPrice({ unitAmout: '5' }))
    assertError(reply, 'parameter_unknown', `${PRICE}.unitAmout`)
    assert.match(String(reply.body.message), /Did you mean unitAmount\?/)
  })
  test('F43: a long clientReferenceId', async () =>
    assertError(await create(session({ clientReferenceId: 'x'.repeat(201) })), 'too_long', 'clientReferenceId'))
  for (const email of ['a@b', 'x@y.z\r\nBcc:q', `${'x'.repeat(250)}@example.com`, 5]) {
    test(`F44: e-mail ${JSON.stringify(email).slice(0, 30)}`, async () =>
      assertError(await create(session({ customerData: { email } })), 'email_invalid', 'customerData.email'))
  }
  test('no line, and no successUrl', async () => {
    assertError(await create(session({ lineItems: [] })), 'array_too_short', 'lineItems.data')
    assertError(await create({ lineItems: [item()] }), 'parameter_missing', 'successUrl')
    assertError(await create(session({ lineItems: [{ quantity: 1 }] })), 'parameter_missing', 'lineItems.data[0]')
  })
  test('in live mode money goes to saved addresses only', async () => {
    const allowedChains = [{ chainId: 80001, withdrawalAddress: `0x${'ab'.repeat(20)}` }]
    const body = JSON.stringify(session({ paymentSetting: { allowedChains } }))
    const reply = await send(liveApp, 'POST', '/api/v1/checkout/sessions', { key: liveKey, body })
    assertError(reply, 'address_not_saved', 'paymentSetting.allowedChains[0]')
  })
  test('all problems are listed, the first on top', async () => {
    const { body } = await create({ successUrl: 'nope', lineItems: [item({ quantity: 0 })], amout: 1 })
    const errors = body.errors as { code: string }[]
    assert.equal(errors.length, 3)
    assert.equal(errors[0]?.code, body.code)
  })
})

describe('F45–F50: redirects', () => {
  const cases: [string, string, keyof typeof ERRORS][] = [
    ...['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'blob:https://x/y'].map(
      url => ['F45', url, 'url_scheme'] as [string, string, 'url_scheme'],
    ),
    ['F46', 'https://shop.com@evil.com/', 'url_userinfo'],
    ...['https:\\\\evil.com', '//evil.com', '/ok', 'ok', ''].map(
      url => ['F47', url, 'url_invalid'] as [string, string, 'url_invalid'],
    ),
    ['F49', `https://shop.example/${'x'.repeat(2049)}`, 'too_long'],
    ['F49', 'https://shop.example/\r\nx', 'url_invalid'],
  ]
  for (const [row, url, code] of cases) {
    for (const name of ['successUrl', 'cancelUrl']) {
      test(`${row}: ${name} ${JSON.stringify(url).slice(0, 40)}`, async () =>
        assertError(await create(session({ [name]: url })), code, name))
    }
  }
  test('F45: a scheme with a line break inside', async () => {
    const { body } = await create(session({ successUrl: 'java\nscript:alert(1)' }))
    assert.ok(body.code === 'url_scheme' || body.code === 'url_invalid')
  })
  test('F48: http in live mode', async () => {
    const body = JSON.stringify(session({ successUrl: 'http://shop.example/ok' }))
    assertError(
      await send(liveApp, 'POST', '/api/v1/checkout/sessions', { key: liveKey, body }),
      'url_https_required',
      'successUrl',
    )
  })
})

async function issueKey(
  to: TestContext,
  options: {
    type?: 'secret' | 'restricted' | 'publishable'
    mode?: 'test' | 'live'
    scopes?: string[]
    revoked?: Date
    expires?: Date
  },
) {
  const { type = 'secret', mode = 'test', scopes = [], revoked = null, expires = null } = options
  const key = makeApiKey(type, mode, randomBytes(32))
  await to.ctx.db.owner.query(
    `insert into api_keys (id, organization_id, created_at, name, type, scopes, hash, last_four, revoked_at, expires_at) values ($1, $2, now(), 'k', $3, $4, $5, $6, $7, $8)`,
    [
      uuidv7(new Date(), randomBytes(10)),
      to.organizationId,
      type,
      scopes,
      Buffer.from(hashApiKey(key)),
      lastFour(key),
      revoked,
      expires,
    ],
  )
  return key
}
describe('F51–F55: bodies', () => {
  test('F51: image URLs are kept, not fetched', async () => {
    const reply = await create(product({ images: ['https://169.254.169.254/latest/meta-data'] }))
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  })
  const text = JSON.stringify(session())
  for (const [what, body] of Object.entries({
    'no JSON': 'hello',
    truncated: text.slice(0, 40),
    'a BOM': `\ufeff${text}`,
    'a trailing comma': '{"a":1,}',
    'two documents': '{}{}',
    nothing: '',
  })) {
    test(`F52: ${what}`, async () => {
      const reply = await create(body)
      assertError(reply, 'invalid_json')
      assert.match(String(reply.body.message), /offset \d+|empty/)
    })
  }
  test('F52: UTF-16', async () => {
    const reply = await app.request('/api/v1/checkout/sessions', {
      method: 'POST',
      headers: { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' },
      body: Buffer.from(`\ufeff${text}`, 'utf16le'),
    })
    assert.equal(((await reply.json()) as Body).code, 'invalid_json')
  })
  for (const type of [
    'text/plain',
    '',
    'multipart/form-data',
    'application/json; charset=latin1',
    'application/jsonp',
  ]) {
    test(`F53: content type ${JSON.stringify(type)}`, async () =>
      assertError(await create(text, { 'content-type': type }), 'content_type'))
  }
  test('F54: 64 KB and one byte', async () =>
    assertError(await create(`{"x":"${'x'.repeat(65_536)}"}`), 'body_too_large'))
  test('F54: a compressed body', async () =>
    assertError(await create(text, { 'content-encoding': 'gzip' }), 'content_type'))
  test('F55: nesting', async () =>
    assertError(await create(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), 'json_too_complex'))
  test('F55: a number of 50,000 digits', async () => {
    const body = JSON.stringify(withPrice({ unitAmount: 'HERE' })).replace('"HERE"', '9'.repeat(50_000))
    assertError(await create(body), 'amount_must_be_string')
  })
  for (const body of ['null', '[]', '"x"', '5']) {
    test(`a body that is ${body}`, async () => assertError(await create(body), 'parameter_invalid', null))
  }
})

describe('F56–F59: keys', () => {
  const get = (headers: Record<string, string>) => send(app, 'GET', '/api/v1/checkout/sessions', { headers })
  test('F56: no key', async () => assertError(await get({}), 'api_key_missing'))
  for (const value of ['Basic abc', 'Bearer', 'Bearer ', 'Bearer a b', 'sk_test_x']) {
    test(`F56: ${JSON.stringify(value)}`, async () =>
      assertError(await get({ authorization: value }), 'api_key_invalid'))
  }
  test('F57: a bad checksum', async () => {
    const last = t.apiKey.at(-1) === 'a' ? 'b' : 'a'
    assertError(await get({ authorization: `Bearer ${t.apiKey.slice(0, -1)}${last}` }), 'api_key_invalid')
  })
  test('F57: a key that was never issued', async () =>
    assertError(
      await get({ authorization: `Bearer ${makeApiKey('secret', 'test', randomBytes(32))}` }),
      'api_key_invalid',
    ))
  test('F57: revoked, expired, publishable', async () => {
    const past = new Date(Date.now() - 60_000)
    assertError(await get({ authorization: `Bearer ${await issueKey(t, { revoked: past })}` }), 'api_key_revoked')
    assertError(await get({ authorization: `Bearer ${await issueKey(t, { expires: past })}` }), 'api_key_invalid')
    assertError(await get({ authorization: `Bearer ${await issueKey(t, { type: 'publishable' })}` }), 'key_type')
  })
  test('a key of the other mode says so', async () => {
    const reply = await get({ authorization: `Bearer ${makeApiKey('secret', 'live', randomBytes(32))}` })
    assertError(reply, 'api_key_mode')
    assert.match(String(reply.body.message), /live key.*test mode/)
  })
  test('F58: a restricted key without the scope is told which', async () => {
    const key = await issueKey(t, { type: 'restricted', scopes: ['checkout_sessions:read'] })
    assert.equal((await get({ authorization: `Bearer ${key}` })).status, 200)
    const reply = await send(app, 'POST', '/api/v1/checkout/sessions', { key, body: JSON.stringify(session()) })
    assertError(reply, 'insufficient_permissions')
    assert.match(String(reply.body.message), /checkout_sessions:write/)
  })
  for (const path of [
    '/api/v1/checkout/sessions?api_key=x',
    '/api/v1/chains?apiKey=x',
    '/api/v1/checkout/sessions/sk_test_abc',
  ]) {
    test(`F59: ${path}`, async () => assertError(await send(app, 'GET', path, { key: t.apiKey }), 'key_in_url'))
  }
})

describe('F60–F62: idempotency keys', () => {
  for (const key of ['x'.repeat(256), 'schlüssel', '\t']) {
    test(`F60: ${JSON.stringify(key).slice(0, 20)}`, async () =>
      assertError(await create(session(), { 'idempotency-key': key }), 'invalid_idempotency_key'))
  }
  test('F61: the same key with another body, and on another path', async () => {
    const first = await create(session(), { 'idempotency-key': 'k-61' })
    assert.equal(first.status, 200)
    assertError(
      await create(withPrice({ unitAmount: '200000000' }), { 'idempotency-key': 'k-61' }),
      'idempotency_key_reused',
    )
    const reply = await send(app, 'POST', `/api/v1/checkout/sessions/${first.body.id}/expire`, {
      key: t.apiKey,
      headers: { 'idempotency-key': 'k-61' },
    })
    assertError(reply, 'idempotency_key_reused')
  })
  test('A1.1, A1.5: the same meaning replays the stored bytes', async () => {
    const request = (body: string) =>
      app.request('/api/v1/checkout/sessions', {
        method: 'POST',
        body,
        headers: {
          authorization: `Bearer ${t.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': 'k-replay',
        },
      })
    const first = await request(JSON.stringify(session()))
    const text = await first.text()
    assert.equal(first.headers.get('idempotent-replayed'), null)
    const reordered = JSON.stringify(
      Object.fromEntries(Object.entries(withPrice({ unitAmount: 100000000 })).reverse()),
      null,
      2,
    )
    for (const body of [JSON.stringify(session()), reordered]) {
      const again = await request(body)
      assert.equal(again.status, 200)
      assert.equal(again.headers.get('idempotent-replayed'), 'true')
      assert.equal(await again.text(), text)
    }
  })
  test('A1.4: a refused request does not burn its key', async () => {
    assertError(await create(withPrice({ unitAmount: 'x' }), { 'idempotency-key': 'k-burn' }), 'amount_invalid')
    assert.equal((await create(session(), { 'idempotency-key': 'k-burn' })).status, 200)
  })
  test('F62, A1.3: fifty at once make one session', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => create(session(), { 'idempotency-key': 'k-race' })),
    )
    const ids = new Set(replies.filter(reply => reply.status === 200).map(reply => reply.body.id))
    assert.equal(ids.size, 1)
    for (const reply of replies.filter(({ status }) => status !== 200)) {
      assertError(reply, 'idempotency_key_in_use')
      assert.equal(reply.headers.get('retry-after'), '1')
    }
  })
})

describe('F63–F66: paths, ids, lists', () => {
  const get = (path: string) => send(app, 'GET', path, { key: t.apiKey })
  for (const path of [
    '/api/v1/Checkout/sessions',
    '/api/v1/checkout/sessions/',
    '/api/v1/nope',
    '/api/v1/checkout/sessions/..;/chains',
    '/api/v1/%2e%2e/chains',
  ]) {
    test(`F63: ${path}`, async () => assert.equal((await get(path)).status, 404))
  }
  test('F64: a session of another organization is as absent', async () => {
    const reply = await send(liveApp, 'POST', '/api/v1/checkout/sessions', {
      key: liveKey,
      body: JSON.stringify(session()),
    })
    const foreign = await get(`/api/v1/checkout/sessions/${reply.body.id}`)
    const absent = await get(`/api/v1/checkout/sessions/${uuidv7(new Date(), randomBytes(10))}`)
    assertError(foreign, 'resource_missing')
    assert.deepEqual({ ...foreign.body, requestId: '' }, { ...absent.body, requestId: '' })
  })
  for (const id of ['%00', 'x'.repeat(10_000), "'%20or%201=1", '123', 'not-a-uuid']) {
    test(`F65: id ${id.slice(0, 20)}`, async () =>
      assertError(await get(`/api/v1/checkout/sessions/${id}`), 'resource_missing'))
  }
  const lists: [string, keyof typeof ERRORS][] = [
    ['limit=0', 'limit_invalid'],
    ['limit=-1', 'limit_invalid'],
    ['limit=201', 'limit_invalid'],
    ['limit=abc', 'limit_invalid'],
    ['limit=', 'limit_invalid'],
    ['page=0', 'page_invalid'],
    ['page=x', 'page_invalid'],
    ['startingAfter=abc', 'cursor_invalid'],
    ['startingAfter=0190b5a4-0000-7000-8000-000000000000', 'cursor_invalid'],
    ['nope=1', 'parameter_unknown'],
    ['status=paid', 'parameter_invalid'],
    ['createdAt[gt]=yesterday', 'parameter_invalid'],
    ['ids=1,2', 'parameter_invalid'],
  ]
  for (const [query, code] of lists) {
    test(`F66: ?${query}`, async () =>
      assertError(await get(`/api/v1/checkout/sessions?${query}`), code, query.split('=')[0]))
  }
  test('a wrong method names the right ones', async () => {
    const reply = await send(app, 'DELETE', '/api/v1/checkout/sessions', { key: t.apiKey })
    assertError(reply, 'method_not_allowed')
    assert.equal(reply.headers.get('allow'), 'POST, GET')
  })
  test('F69, F70: headers that other frameworks obey change nothing', async () => {
    const reply = await send(app, 'GET', '/api/v1/checkout/sessions', {
      headers: { 'x-middleware-subrequest': 'middleware:'.repeat(5), 'x-http-method-override': 'DELETE' },
    })
    assertError(reply, 'api_key_missing')
  })
  test('F71: links come from configuration, whatever host is asked for', async () => {
    const { body } = await create(session(), { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
    assert.ok(String(body.url).startsWith(`${t.ctx.config.publicUrl}/payment/`))
  })
  test('F74: a version that a header asks for changes nothing', async () => {
    const headers = { 'x-api-version': '1999-01-01', 'stripe-version': '2099-01-01', 'accept-version': '7' }
    const { body } = await create(session(), headers)
    assert.equal(body.status, 'open')
  })
  test('F75: above the limit, the seconds to wait', async () => {
    const limited = await createTestContext({ rateLimitPerS: 2 })
    try {
      const limitedApp = createApp(limited.ctx)
      const replies = []
      for (let i = 0; i < 6; i++) replies.push(await send(limitedApp, 'GET', '/api/v1/chains', { key: limited.apiKey }))
      const refused = replies.filter(reply => reply.status === 429)
      assert.ok(refused.length >= 3, `${refused.length} of 6 were refused`)
      for (const reply of refused) {
        assertError(reply, 'rate_limited')
        assert.ok(Number(reply.headers.get('retry-after')) >= 1)
        const told = ['limit', 'remaining', 'reset'].map(name => reply.headers.get(`ratelimit-${name}`))
        assert.deepEqual(told, ['2', '0', reply.headers.get('retry-after')])
      }
    } finally {
      await limited.close()
    }
  })
})
