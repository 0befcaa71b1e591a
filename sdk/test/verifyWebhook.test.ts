import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { signWebhook } from '../../server/src/domain/webhook.ts'
import { BitstreamError, type HeadersLike, verifyWebhook, WebhookError, type WebhookOptions } from '../src/bitstream.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const OTHER = `whsec_${btoa('another secret of 32 bytes, here')}`
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const SENT_S = 1_614_265_330
const BODY = '{"test": 2432232314}'
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const NOW = { now: SENT_S * 1000 }

type Sent = Record<string, string>

function sent(changes: Sent = {}): Sent {
  return { 'webhook-id': ID, 'webhook-timestamp': `${SENT_S}`, 'webhook-signature': SIGNATURE, ...changes }
}

/** The headers of a webhook that our server signs. */
function signed(changes: Partial<Parameters<typeof signWebhook>[0]> = {}): Sent {
  return signWebhook({ id: ID, timestampS: SENT_S, body: BODY, secrets: [SECRET], ...changes })
}

type Body = Parameters<typeof verifyWebhook>[0]

async function refused(
  code: string,
  headers: HeadersLike,
  { body = BODY, secrets = SECRET, ...options }: WebhookOptions & { body?: Body; secrets?: string | string[] } = {},
): Promise<void> {
  await assert.rejects(verifyWebhook(body, headers, secrets, { ...NOW, ...options }), (error: unknown) => {
    assert.ok(error instanceof WebhookError, String(error))
    assert.equal(error.code, code, error.message)
    assert.doesNotMatch(error.message, /whsec_[A-Za-z0-9]/)
    return true
  })
}

async function accepted(
  headers: HeadersLike,
  { body = BODY, secrets = SECRET, ...options }: WebhookOptions & { body?: Body; secrets?: string | string[] } = {},
): Promise<void> {
  assert.deepEqual(await verifyWebhook(body, headers, secrets, { ...NOW, ...options }), { test: 2432232314 })
}

describe('what is signed', () => {
  test('A6.1: the example of Standard Webhooks is accepted', () => accepted(sent()))

  test('A6.1: a signature made with the text of the secret, not its bytes, is refused', async () => {
    const digest = createHmac('sha256', SECRET).update(`${ID}.${SENT_S}.${BODY}`).digest('base64')
    const signature = `v1,${digest}`
    assert.match(signature, /^v1,TcxlhK9b.*LcUg=$/)
    await refused('signature_mismatch', sent({ 'webhook-signature': signature }))
  })

  test('what our server signs is accepted, whatever the body', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.uint8Array({ minLength: 24, maxLength: 64 }), async (value, bytes) => {
        const body = JSON.stringify(value)
        const secret = `whsec_${Buffer.from(bytes).toString('base64')}`
        const headers = signed({ body, secrets: [secret] })
        assert.deepEqual(await verifyWebhook(body, headers, secret, NOW), JSON.parse(body))
        assert.deepEqual(await verifyWebhook(Buffer.from(body), headers, secret, NOW), JSON.parse(body))
      }),
      { numRuns: 200 },
    ))

  test('what the standardwebhooks package signs is accepted', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async value => {
        const body = JSON.stringify(value)
        const signature = new Webhook(SECRET).sign(ID, new Date(SENT_S * 1000), body)
        const headers = sent({ 'webhook-signature': signature })
        assert.deepEqual(await verifyWebhook(body, headers, SECRET, NOW), JSON.parse(body))
      }),
      { numRuns: 200 },
    ))

  test('F152: another body is refused: a space more, written anew, one bit changed', async () => {
    for (const body of [`${BODY} `, ` ${BODY}`, BODY.replace(' ', ''), '{"test":2432232314}', '', '{}']) {
      await refused('signature_mismatch', sent(), { body })
    }
    for (let bit = 0; bit < BODY.length * 8; bit++) {
      const body = Buffer.from(BODY)
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await refused('signature_mismatch', sent(), { body })
    }
  })

  test('another id or another time is refused', async () => {
    await refused('signature_mismatch', sent({ 'webhook-id': `${ID}x` }))
    await refused('signature_mismatch', sent({ 'webhook-timestamp': `${SENT_S + 1}` }))
  })

  test('a body is taken as text, and as bytes of any kind', async () => {
    const bytes = new TextEncoder().encode(`..${BODY}..`)
    const inside = bytes.subarray(2, -2)
    const elsewhere: Uint8Array = structuredClone(inside)
    for (const body of [BODY, inside, Buffer.from(BODY), inside.slice().buffer, new DataView(bytes.buffer, 2, 20)]) {
      await accepted(sent(), { body })
    }
    await accepted(sent(), { body: elsewhere })
  })

  test('a body that was parsed is refused with what to do', async () => {
    for (const body of [JSON.parse(BODY), undefined, null, [BODY]]) {
      await assert.rejects(verifyWebhook(body, sent(), SECRET, NOW), { code: 'body_invalid' })
    }
  })

  test('F162: a body of 256 KB and one of 4 MB are verified', async () => {
    for (const size of [256 * 1024, 4 * 1024 * 1024]) {
      const body = JSON.stringify({ text: 'é'.repeat(size / 2) })
      const event: unknown = await verifyWebhook(body, signed({ body }), SECRET, NOW)
      assert.deepEqual(event, JSON.parse(body))
    }
  })
})

describe('when it was signed', () => {
  const at = (ageS: number) => ({ now: (SENT_S + ageS) * 1000 })

  test('F153: 300 seconds either way are accepted, 301 are not', async () => {
    for (const ageS of [-300, -299, 0, 299, 300]) await accepted(sent(), at(ageS))
    await accepted(sent(), { now: (SENT_S + 300) * 1000 + 999 })
    await refused('timestamp_too_old', sent(), at(301))
    await refused('timestamp_in_future', sent(), at(-301))
  })

  test('F153: the tolerance may be another one, and one that is no number accepts nothing', async () => {
    await accepted(sent(), { ...at(10), toleranceS: 10 })
    await refused('timestamp_too_old', sent(), { ...at(11), toleranceS: 10 })
    await refused('timestamp_in_future', sent(), { ...at(-11), toleranceS: 10 })
    await refused('timestamp_too_old', sent(), { toleranceS: Number.NaN })
    await refused('timestamp_too_old', sent(), { now: Number.NaN })
  })

  test('F153: without options the clock of the machine decides', async () => {
    await assert.rejects(verifyWebhook(BODY, sent(), SECRET), { code: 'timestamp_too_old' })
    const now = signed({ timestampS: Math.floor(Date.now() / 1000) })
    assert.deepEqual(await verifyWebhook(BODY, now, SECRET), { test: 2432232314 })
  })

  test('F154: a timestamp that is not whole seconds is refused, even where it is signed', async () => {
    const wrong = [
      '1e9',
      '1674087231.0',
      '-1614265330',
      '+1614265330',
      '0',
      '01614265330',
      '0x60378072',
      '12345678901234567890',
      '1614265330 ',
      '１６１４２６５３３０',
      'NaN',
      'now',
    ]
    for (const timestamp of wrong) {
      const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
      const digest = createHmac('sha256', key).update(`${ID}.${timestamp}.${BODY}`).digest('base64')
      const headers = sent({ 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` })
      await refused('timestamp_invalid', headers, { toleranceS: Number.POSITIVE_INFINITY })
    }
    await refused('header_missing', sent({ 'webhook-timestamp': '' }))
  })
})

describe('headers', () => {
  const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

  test('F155: each of the three must be there', async () => {
    for (const name of NAMES) {
      const { [name]: _, ...rest } = sent()
      await refused('header_missing', rest)
      await refused('header_missing', new Headers(rest))
      await refused('header_missing', { ...rest, [name]: undefined })
      await refused('header_missing', { ...rest, [name]: [] })
      await refused('header_missing', { ...rest, [name]: '' })
    }
    await refused('header_missing', {})
  })

  test('F155: none may be there twice, in whatever form a server tells so', async () => {
    for (const name of NAMES) {
      const value = sent()[name] ?? ''
      const twice = new Headers(sent())
      twice.append(name, value)
      await refused('header_duplicate', twice)
      await refused('header_duplicate', { ...sent(), [name]: [value, value] })
      await refused('header_duplicate', { ...sent(), [name]: `${value}, ${value}` })
      await refused('header_duplicate', { ...sent(), [name.toUpperCase()]: value })
    }
  })

  test('F155: upper case is accepted, and every form of headers', async () => {
    const pairs = Object.entries(sent())
    await accepted(Object.fromEntries(pairs.map(([name, value]) => [name.toUpperCase(), value])))
    await accepted(Object.fromEntries(pairs.map(([name, value]) => [name, [value]])))
    await accepted(new Headers(sent()))
    await accepted({ get: name => sent()[name] ?? null })
    await accepted(Object.assign(Object.create(null), sent()))
  })

  test('headers that only a prototype has do not count', async () => {
    await refused('header_missing', Object.create(sent()))
  })

  test('F160: an id with a dot is refused, however well it is signed; our server signs none', async () => {
    const signature = new Webhook(SECRET).sign('msg.1', new Date(SENT_S * 1000), BODY)
    await refused('signature_mismatch', sent({ 'webhook-id': 'msg.1', 'webhook-signature': signature }))
    assert.throws(() => signed({ id: 'msg.1' }), /without a dot/)
  })
})

describe('signatures', () => {
  test('F156: empty, of another version, cut, padded, or no base64 at all: refused', async () => {
    const base64 = SIGNATURE.slice(3)
    const wrong = [
      'v1,',
      'v1',
      ',',
      base64,
      `v2,${base64}`,
      `v1a,${base64}`,
      `V1,${base64}`,
      ` v1 ,${base64}`,
      `v1,${base64.slice(0, -2)}`,
      `v1,${base64.slice(0, -1)}`,
      `v1,${base64}=`,
      `v1,${base64}${base64}`,
      `v1,${base64.replaceAll('+', '-').replaceAll('/', '_')}`,
      'v1,!!!! not base64 !!!!',
      `v1,${'é'.repeat(44)}`,
      `v1,${'\0'.repeat(44)}`,
      'v1,v1,v1,v1',
    ]
    for (const signature of wrong) await refused('signature_mismatch', sent({ 'webhook-signature': signature }))
  })

  test('F156: a thousand signatures are refused, and the right one is found at any place among them', async () => {
    const wrong = Array.from({ length: 1000 }, (_, index) => `v1,${btoa(String(index).padEnd(32, '.'))}`)
    await refused('signature_mismatch', sent({ 'webhook-signature': wrong.join(' ') }))
    for (const place of [0, 500, 1000]) {
      await accepted(sent({ 'webhook-signature': wrong.toSpliced(place, 0, SIGNATURE).join(' ') }))
    }
  })

  test('F161: a signature with a public key is refused; one with the secret beside it counts', async () => {
    const { privateKey, publicKey: known } = generateKeyPairSync('ed25519')
    const publicKey = known.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
    const signature = `v1a,${sign(null, Buffer.from(`${ID}.${SENT_S}.${BODY}`), privateKey).toString('base64')}`
    const headers = sent({ 'webhook-signature': signature, 'webhook-public-key': `whpk_${publicKey}` })
    await refused('signature_mismatch', headers)
    await accepted({ ...headers, 'webhook-signature': `${signature} ${SIGNATURE}` })
  })

  test('any text for a signature is refused, and never breaks anything', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async text => {
        const error: unknown = await verifyWebhook(BODY, sent({ 'webhook-signature': text }), SECRET, NOW).catch(e => e)
        assert.ok(error instanceof WebhookError)
      }),
      { numRuns: 300 },
    ))
})

describe('secrets', () => {
  const secretOf = (length: number) => `whsec_${Buffer.alloc(length, 7).toString('base64')}`

  test('F157: a secret that cannot be right is told apart from a wrong webhook', async () => {
    const wrong = [
      '',
      'whsec_',
      SECRET.slice('whsec_'.length),
      ` ${SECRET}`,
      `${SECRET}\n`,
      SECRET.replace('9r8', '9 r8'),
      SECRET.slice(0, -1),
      `${SECRET}=`,
      SECRET.replace('whsec', 'WHSEC'),
      secretOf(0),
      secretOf(23),
      secretOf(65),
      'whsec_AAAA====',
      undefined,
      null,
    ]
    for (const secret of wrong) {
      for (const secrets of [secret, [SECRET, secret]] as string[]) {
        const error: unknown = await verifyWebhook(BODY, sent(), secrets, NOW).catch(cause => cause)
        assert.ok(error instanceof BitstreamError && !(error instanceof WebhookError), String(error))
        assert.equal(error.code, 'secret_invalid')
        assert.doesNotMatch(error.message, /MfKQ9r8/)
      }
    }
    await assert.rejects(verifyWebhook(BODY, sent(), [], NOW), { code: 'secret_invalid' })
  })

  test('F157: secrets of 24 to 64 bytes are accepted', async () => {
    for (let length = 24; length <= 64; length++) {
      const secret = secretOf(length)
      await accepted(signed({ secrets: [secret] }), { secrets: secret })
    }
  })

  test('F158: what another secret signed is refused', async () => {
    await refused('signature_mismatch', signed({ secrets: [OTHER] }))
    await refused('signature_mismatch', sent(), { secrets: OTHER })
  })

  test('while a secret changes, either of two signatures fits either of two secrets', async () => {
    const both = signed({ secrets: [OTHER, SECRET] })
    assert.match(both['webhook-signature'] ?? '', /^v1,\S+ v1,\S+$/)
    await accepted(both)
    await accepted(both, { secrets: OTHER })
    await accepted(sent(), { secrets: [OTHER, SECRET] })
    await accepted(sent(), { secrets: [SECRET, OTHER] })
  })
})

describe('x-webhook-signature', () => {
  const only = { signature: 'x-webhook-signature' } as const
  const headers = { 'x-webhook-signature': signed()['x-webhook-signature'] ?? '' }

  test('is checked where it is asked for, in either case of letters, and needs no other header', async () => {
    assert.match(headers['x-webhook-signature'], /^[0-9a-f]{64}$/)
    await accepted(headers, only)
    await accepted({ 'X-Webhook-Signature': headers['x-webhook-signature'].toUpperCase() }, only)
    await accepted(headers, { ...only, secrets: [OTHER, SECRET] })
    await accepted(headers, { ...only, now: 0 })
  })

  test('is refused where anything differs', async () => {
    await refused('signature_mismatch', headers, { ...only, body: `${BODY} ` })
    await refused('signature_mismatch', headers, { ...only, secrets: OTHER })
    const hex = headers['x-webhook-signature']
    for (const text of [hex.slice(1), `${hex}0`, [...hex].reverse().join(''), 'g'.repeat(64)]) {
      await refused('signature_mismatch', { 'x-webhook-signature': text }, only)
    }
    await refused('header_missing', sent(), only)
    await refused('header_duplicate', { 'x-webhook-signature': [hex, hex] }, only)
  })

  test('does not stand in for the signature of Standard Webhooks', async () => {
    await refused('header_missing', headers)
    await refused('signature_mismatch', { ...sent({ 'webhook-signature': 'v1,' }), ...headers })
  })
})
