import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { makeWebhookSecret, signWebhook } from './webhook.ts'

const SECRET = makeWebhookSecret(new Uint8Array(32).fill(7))
const OLD_SECRET = makeWebhookSecret(new Uint8Array(32).fill(9))
const nowS = () => Math.floor(Date.now() / 1000)
const sign = (over: Partial<Parameters<typeof signWebhook>[0]> = {}) =>
  signWebhook({ id: 'msg_1', timestampS: 1614265330, body: '{}', secrets: [SECRET], ...over })

test('the published vector of Standard Webhooks gives its signature', () => {
  const headers = sign({
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    body: '{"test": 2432232314}',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  })
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  assert.equal(headers['webhook-id'], 'msg_p5jXN8AQM9LWM0D4loKWxJek')
  assert.equal(headers['webhook-timestamp'], '1614265330')
})

test('a secret is whsec_ and the base64 of its 32 bytes', () => {
  assert.equal(makeWebhookSecret(new Uint8Array(32)), `whsec_${'A'.repeat(43)}=`)
  assert.throws(() => makeWebhookSecret(new Uint8Array(31)), /32 random bytes/)
})

test('the standard library of receivers verifies what we sign, whatever the text', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.jsonValue(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (id, value, random) => {
      const body = JSON.stringify({ value })
      const secret = makeWebhookSecret(random)
      const headers = signWebhook({ id, timestampS: nowS(), body, secrets: [secret] })
      assert.deepEqual(new Webhook(secret).verify(body, headers), JSON.parse(body))
    }),
    { numRuns: 200 },
  )
})

test('bodies beyond ASCII are signed as their exact UTF-8 bytes', () => {
  for (const body of [
    '{"a":"é"}',
    '{"a":"👨‍👩‍👧‍👦"}',
    '{"a":"</script>"}',
    '{"a":1e21}',
    '{"a":"\u2028"}',
    '{"b":1,"a":{"d":1,"c":2}}',
  ]) {
    const headers = sign({ body, timestampS: nowS() })
    new Webhook(SECRET).verify(Buffer.from(body, 'utf8'), headers)
    const hex = createHmac('sha256', SECRET).update(Buffer.from(body, 'utf8')).digest('hex')
    assert.equal(headers['x-webhook-signature'], hex)
  }
})

test('a changed byte, id, time or secret does not verify', () => {
  const headers = sign({ timestampS: nowS() })
  const verify = (body: string, over: Record<string, string>, secret = SECRET) =>
    new Webhook(secret).verify(body, { ...headers, ...over })
  verify('{}', {})
  assert.throws(() => verify('{ }', {}))
  assert.throws(() => verify('{}', { 'webhook-id': 'msg_2' }))
  assert.throws(() => verify('{}', { 'webhook-timestamp': `${nowS() + 60}` }))
  assert.throws(() => verify('{}', {}, OLD_SECRET))
})

test('while a secret rotates both verify, and x-webhook-signature belongs to the newest', () => {
  const headers = sign({ secrets: [SECRET, OLD_SECRET], timestampS: nowS() })
  assert.equal(headers['webhook-signature']?.split(' ').length, 2)
  new Webhook(SECRET).verify('{}', headers)
  new Webhook(OLD_SECRET).verify('{}', headers)
  assert.equal(headers['x-webhook-signature'], createHmac('sha256', SECRET).update('{}').digest('hex'))
})

test('each attempt signs its own time under the same id', () => {
  const signatures = new Set([1, 2, 3].map(second => sign({ timestampS: second })['webhook-signature']))
  assert.equal(signatures.size, 3)
})

test('the headers are these and hold no secret', () => {
  const headers = sign({ secrets: [SECRET, OLD_SECRET] })
  assert.deepEqual(Object.keys(headers).sort(), [
    'content-type',
    'user-agent',
    'webhook-id',
    'webhook-signature',
    'webhook-timestamp',
    'x-webhook-signature',
  ])
  assert.equal(headers['content-type'], 'application/json')
  assert.equal(headers['user-agent'], 'Bitstream/1 (+webhooks)')
  assert.ok(!JSON.stringify(headers).includes(SECRET.slice(6)))
})

test('F160: what could be signed ambiguously or weakly is refused', () => {
  for (const id of ['a.b', '', 'a b', 'a\nb', 'é']) assert.throws(() => sign({ id }), /webhook id/)
  for (const timestampS of [0, -1, 1.5, Number.NaN]) assert.throws(() => sign({ timestampS }), /whole seconds/)
  assert.throws(() => sign({ secrets: [] }), /at least one secret/)
  for (const secret of [SECRET.slice(6), `${SECRET}\n`, 'whsec_', 'whsec_%%%%', `whsec_${btoa('a'.repeat(23))}`]) {
    assert.throws(() => sign({ secrets: [secret] }), /webhook secret/)
  }
})
