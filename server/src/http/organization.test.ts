import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testChainConfig, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import { invoiceSettingSchema, organizationSchema, paymentSettingSchema } from './organizationObjects.ts'

const clock = testClock()
let t: TestContext
before(async () => {
  t = await createTestContext({ clock, chains: [testChainConfig(), testChainConfig({ chainId: 80002 })] })
})
after(() => t.close())

test('what an organization says of itself is written field by field, and null clears', async () => {
  const api = await openApiCaller(t.ctx)
  const first = await api.ok('GET', '/organization')
  assert.deepEqual(organizationSchema.strict().parse(first), first)
  assert.equal((first.addresses as unknown[]).length, 2)
  const said = {
    name: 'Läden & Söhne',
    kind: 'individual',
    noOfEmployees: '1-10',
    monthlyPaymentVolume: '10k',
    email: 'shop@example.com',
    supportEmail: 'help@example.com',
    phone: '+49 30 1',
    addressDetails: { line1: 'Hauptstr. 1', city: 'Berlin' },
    supportUrl: 'https://shop.example/help',
    termsUrl: 'https://shop.example/terms',
    privacyUrl: 'https://shop.example/privacy',
    websiteUrl: 'https://shop.example/',
    embedOrigins: ['https://shop.example', 'http://localhost:3000'],
    companyIdentificationNumber: 'HRB 1',
    taxIdentificationNumber: 'DE1',
  }
  clock.advance(1000)
  const updatedAt = clock.now().toISOString()
  assert.deepEqual(await api.ok('PUT', '/organization', said), { ...first, ...said, updatedAt })
  clock.advance(1000)
  assert.deepEqual(await api.ok('PUT', '/organization', {}), { ...first, ...said, updatedAt })
  const cleared = await api.ok('PUT', '/organization', { email: null, addressDetails: null })
  const now = clock.now().toISOString()
  assert.deepEqual(cleared, { ...first, ...said, email: null, addressDetails: null, updatedAt: now })
  assert.deepEqual(await api.ok('GET', '/organization'), cleared)
  for (const [body, refusal] of [
    [{ status: 'active' }, '400 parameter_unknown status'],
    [{ name: ' ' }, '400 name_invalid name'],
    [{ email: 'x' }, '400 email_invalid email'],
    [{ supportUrl: 'javascript:alert(1)' }, '400 url_scheme supportUrl'],
    [{ addressDetails: { street: 'x' } }, '400 parameter_unknown addressDetails.street'],
  ] as const) {
    assert.equal(await api.refused('PUT', '/organization', body), refusal)
  }
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read'] })
  assert.equal(await reader.refused('PUT', '/organization', {}), '403 insufficient_permissions')
})

test('the sites that may show the page in a frame are exact origins, each kept once, at most 20', async () => {
  const api = await openApiCaller(t.ctx)
  assert.deepEqual((await api.ok('GET', '/organization')).embedOrigins, [])
  const put = async (embedOrigins: unknown) => (await api.ok('PUT', '/organization', { embedOrigins })).embedOrigins
  const given = ['https://Shop.example', 'https://shop.example:443', 'http://localhost:5173', 'https://shop.example']
  assert.deepEqual(await put(given), ['https://shop.example', 'http://localhost:5173'])
  const many = Array.from({ length: 20 }, (_, index) => `https://shop${index}.example`)
  assert.deepEqual(await put(many), many)
  for (const [embedOrigins, refusal] of [
    [[...many, 'https://one.more'], '400 array_too_long embedOrigins'],
    [['https://shop.example/pay'], '400 url_invalid embedOrigins[0]'],
    [['https://shop.example', 'https://*.shop.example'], '400 url_invalid embedOrigins[1]'],
    [['http://shop.example'], '400 url_https_required embedOrigins[0]'],
    [[7], '400 url_invalid embedOrigins[0]'],
    ['https://shop.example', '400 parameter_invalid embedOrigins'],
    [null, '400 parameter_invalid embedOrigins'],
  ] as const) {
    assert.equal(await api.refused('PUT', '/organization', { embedOrigins }), refusal)
  }
  assert.deepEqual(await put([]), [])
})

test('F180: a logo is shown to payers until it is taken away', async () => {
  const api = await openApiCaller(t.ctx)
  const form = new FormData()
  const raw = { width: 600, height: 300, channels: 3 } as const
  const bytes = await sharp(randomBytes(600 * 300 * 3), { raw })
    .webp()
    .toBuffer()
  form.set('brandLogo', new File([new Uint8Array(bytes)], 'logo.webp'))
  form.set('brandColor', '#AABBCC')
  const { status, answer } = await api.send('PUT', '/organization/brand', form)
  assert.equal(status, 200, JSON.stringify(answer))
  assert.equal(answer.brandColor, '#aabbcc')
  const served = await createApp(t.ctx).request(new URL(String(answer.brandLogo)).pathname)
  assert.equal(served.headers.get('content-type'), 'image/png')
  const { width, height } = await sharp(await served.arrayBuffer()).metadata()
  assert.deepEqual({ width, height }, { width: 512, height: 256 })

  const colour = new FormData()
  colour.set('brandColor', '#000000')
  const kept = (await api.send('PUT', '/organization/brand', colour)).answer
  assert.deepEqual([kept.brandColor, kept.brandLogo], ['#000000', answer.brandLogo])
  assert.deepEqual(await api.ok('DELETE', '/organization/brand-logo'), {
    message: 'Payers no longer see a logo.',
    statusCode: 200,
  })
  assert.equal((await api.ok('GET', '/organization')).brandLogo, null)

  const bad = new FormData()
  bad.set('brandColor', 'red')
  assert.equal((await api.send('PUT', '/organization/brand', bad)).answer.code, 'parameter_invalid')
  bad.set('brandColor', '#000000')
  bad.set('brandLogo', new File(['<svg/>'], 'logo.png'))
  const refused = (await api.send('PUT', '/organization/brand', bad)).answer
  assert.deepEqual([refused.code, refused.param], ['image_invalid', 'brandLogo'])
})

test('a payment setting is written field by field, and is in force for the next session', async () => {
  const api = await openApiCaller(t.ctx)
  const first = await api.ok('GET', '/organization/payment-setting')
  assert.deepEqual(paymentSettingSchema.strict().parse(first), first)
  const set = {
    allowedChains: [{ chainId: 80002, blacklistCurrencies: ['dai'] }],
    allowedCurrencies: ['usdc', 'dai'],
    preferredChainId: 80002,
    preferredCurrency: 'usdc',
    allowSwap: true,
    applyFee: true,
    feePercentage: 1.25,
    allowSplitPayments: true,
    slippagePercentage: 0.5,
    toleranceBps: 50,
    fastCap: '0',
    sweepPolicy: 'worth',
    sweepWorth: 7,
  }
  clock.advance(1000)
  const after = { ...first, ...set, updatedAt: clock.now().toISOString() }
  assert.deepEqual(await api.ok('PUT', '/organization/payment-setting', set), after)
  assert.deepEqual(await api.ok('GET', '/organization/payment-setting'), after)

  const { rows } = await t.ctx.db.owner.query('select settings_version from organizations where id = $1', [
    api.caller.organizationId,
  ])
  await api.ok('PUT', '/organization/payment-setting', { preferredChainId: null, allowedChains: null })
  const { rows: later } = await t.ctx.db.owner.query('select settings_version from organizations where id = $1', [
    api.caller.organizationId,
  ])
  assert.equal(Number(later[0].settings_version), Number(rows[0].settings_version) + 1)

  for (const [body, refusal] of [
    [{ allowedChains: [] }, '400 array_too_short allowedChains'],
    [{ allowedChains: [{ chainId: 1 }] }, '400 network_unsupported allowedChains[0].chainId'],
    [{ allowedChains: [{ chainId: 80001 }, { chainId: 80001 }] }, '400 parameter_invalid allowedChains'],
    [{ allowedChains: [{ chainId: 80001 }], preferredChainId: 80002 }, '400 parameter_invalid preferredChainId'],
    [{ allowedCurrencies: ['usdc'], preferredCurrency: 'dai' }, '400 parameter_invalid preferredCurrency'],
    [{ allowedCurrencies: ['usd'] }, '400 currency_unsupported allowedCurrencies[0]'],
    [{ feePercentage: 1.255 }, '400 parameter_invalid feePercentage'],
    [{ feePercentage: 101 }, '400 parameter_invalid feePercentage'],
    [{ applyGasFee: true }, '400 not_yet_available applyGasFee'],
    [{ toleranceBps: 1001 }, '400 parameter_invalid toleranceBps'],
    [{ fastCap: '1.5' }, '400 amount_invalid fastCap'],
    [{ sweepPolicy: 'never' }, '400 parameter_invalid sweepPolicy'],
    [{ paymentMethodTypes: ['stripe'] }, '400 parameter_unknown paymentMethodTypes'],
  ] as const) {
    assert.equal(await api.refused('PUT', '/organization/payment-setting', body), refusal)
  }
})

test('an invoice setting is written field by field, and its sequence moves forward only', async () => {
  const api = await openApiCaller(t.ctx)
  const first = await api.ok('GET', '/organization/invoice-setting')
  assert.deepEqual(invoiceSettingSchema.strict().parse(first), first)
  const set = {
    numberingScheme: 'merchant_level',
    invoicePrefix: 'SHOP1',
    nextInvoiceSequence: 1000,
    description: 'Thank you',
    footer: 'Due at once',
  }
  clock.advance(1000)
  const after = { ...first, ...set, updatedAt: clock.now().toISOString() }
  assert.deepEqual(await api.ok('PUT', '/organization/invoice-setting', set), after)
  assert.deepEqual(await api.ok('GET', '/organization/invoice-setting'), after)
  for (const [body, refusal] of [
    [{ nextInvoiceSequence: 999 }, '400 parameter_invalid nextInvoiceSequence'],
    [{ nextInvoiceSequence: 1e9 }, '400 parameter_invalid nextInvoiceSequence'],
    [{ invoicePrefix: 'shop' }, '400 parameter_invalid invoicePrefix'],
    [{ numberingScheme: 'none' }, '400 parameter_invalid numberingScheme'],
  ] as const) {
    assert.equal(await api.refused('PUT', '/organization/invoice-setting', body), refusal)
  }
  const two = [1001, 1002].map(nextInvoiceSequence =>
    api.call('PUT', '/organization/invoice-setting', { nextInvoiceSequence }),
  )
  await Promise.all(two)
  assert.equal((await api.ok('GET', '/organization/invoice-setting')).nextInvoiceSequence, 1002)
})
