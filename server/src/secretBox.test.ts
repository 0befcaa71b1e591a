import assert from 'node:assert/strict'
import { createDecipheriv, randomBytes } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { createSecretBox } from './secretBox.ts'

const KEY = randomBytes(32)
const box = createSecretBox(KEY, 'webhook secret')

test('what is sealed opens to the same text', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => assert.equal(box.open(box.seal(text)), text)))
  assert.equal(createSecretBox(KEY, 'webhook secret').open(box.seal('whsec_x')), 'whsec_x')
})

test('no byte of a sealed text can change', () => {
  const sealed = box.seal('whsec_abcdefgh')
  for (let index = 0; index < sealed.length; index += 1) {
    const altered = Buffer.from(sealed)
    altered[index] = (altered[index] ?? 0) ^ 1
    assert.throws(() => box.open(altered), /altered|version/, `byte ${index}`)
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => box.open(sealed.subarray(0, length)), /altered|version/, `length ${length}`)
  }
  assert.throws(() => box.open(Buffer.concat([sealed, Buffer.of(0)])), /altered/)
})

test('another key or another purpose does not open it, and the error holds no secret', () => {
  const sealed = box.seal('whsec_abcdefgh')
  for (const other of [createSecretBox(randomBytes(32), 'webhook secret'), createSecretBox(KEY, 'session key')]) {
    assert.throws(
      () => other.open(sealed),
      error => error instanceof Error && /another key/.test(error.message) && !error.message.includes('whsec_'),
    )
  }
})

test('the same text is sealed differently each time, and never in clear', () => {
  const sealed = Array.from({ length: 100 }, () => box.seal('whsec_abcdefgh'))
  assert.equal(new Set(sealed.map(bytes => bytes.subarray(1, 13).toString('hex'))).size, 100)
  assert.ok(sealed.every(bytes => !bytes.includes('whsec_')))
})

test('the stored layout is version, nonce, tag, ciphertext of AES-256-GCM', () => {
  const sealed = box.seal('hello')
  assert.equal(sealed.length, 1 + 12 + 16 + 5)
  assert.equal(sealed[0], 1)
  const decipher = createDecipheriv('aes-256-gcm', KEY, sealed.subarray(1, 13))
    .setAAD(Buffer.from('\u0001webhook secret'))
    .setAuthTag(sealed.subarray(13, 29))
  assert.equal(decipher.update(sealed.subarray(29), undefined, 'utf8') + decipher.final('utf8'), 'hello')
})

test('a key of another length, or wiped by its owner, does no harm', () => {
  assert.throws(() => createSecretBox(randomBytes(31), 'p'), /32 bytes/)
  const key = randomBytes(32)
  const own = createSecretBox(key, 'p')
  const sealed = own.seal('x')
  key.fill(0)
  assert.equal(own.open(sealed), 'x')
})
