import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { type ApiKeyType, apiKeyPrefix, hashApiKey, lastFour, makeApiKey, parseApiKey } from './apiKey.ts'
import { bytesToHex } from './hex.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const random = fc.uint8Array({ minLength: 32, maxLength: 32 })
const types = fc.constantFrom<ApiKeyType>('secret', 'restricted', 'publishable')
const modes = fc.constantFrom('test' as const, 'live' as const)

function numberIn(base62: string): bigint {
  return [...base62].reduce((sum, character) => sum * 62n + BigInt(ALPHABET.indexOf(character)), 0n)
}

describe('makeApiKey', () => {
  it('holds all 256 bits and the CRC-32 of what comes before it', () => {
    fc.assert(
      fc.property(types, modes, random, (type, mode, bytes) => {
        const key = makeApiKey(type, mode, bytes)
        const prefix = apiKeyPrefix(type, mode)
        assert.match(key, /^(sk|rk|pk)_(test|live)_[0-9A-Za-z]{49}$/)
        assert.ok(key.startsWith(prefix))
        assert.equal(numberIn(key.slice(prefix.length, -6)), BigInt(bytesToHex(bytes)))
        assert.equal(numberIn(key.slice(-6)), BigInt(crc32(key.slice(0, -6))))
      }),
      { numRuns: 1000 },
    )
  })

  it('pads small numbers and refuses another length of randomness', () => {
    assert.equal(makeApiKey('secret', 'test', new Uint8Array(32)).slice(0, 51), `sk_test_${'0'.repeat(43)}`)
    assert.throws(() => makeApiKey('secret', 'test', new Uint8Array(31)), /invariant/)
  })
})

describe('parseApiKey', () => {
  it('reads type and mode back', () => {
    fc.assert(
      fc.property(types, modes, random, (type, mode, bytes) => {
        assert.deepEqual(parseApiKey(makeApiKey(type, mode, bytes)), { type, mode })
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses a key with any one character changed', () => {
    fc.assert(
      fc.property(random, fc.nat(56), fc.constantFrom(...ALPHABET), (bytes, position, character) => {
        const key = makeApiKey('secret', 'test', bytes)
        fc.pre(key.charAt(position) !== character)
        return parseApiKey(key.slice(0, position) + character + key.slice(position + 1)) === null
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses another mode or type written over a good key', () => {
    const key = makeApiKey('secret', 'test', new Uint8Array(32).fill(7))
    assert.equal(parseApiKey(key.replace('_test_', '_live_')), null)
    assert.equal(parseApiKey(key.replace('sk_', 'rk_')), null)
  })

  it('refuses what is not a key at all', () => {
    const key = makeApiKey('secret', 'test', new Uint8Array(32).fill(7))
    for (const text of ['', 'sk_test_', ` ${key}`, `${key}\n`, `${key}0`, key.slice(0, -1), key.toUpperCase()]) {
      assert.equal(parseApiKey(text), null, JSON.stringify(text))
    }
  })
})

describe('what is kept of a key', () => {
  it('is its SHA-256 and its last four characters', () => {
    assert.equal(bytesToHex(hashApiKey('abc')), '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    const key = makeApiKey('publishable', 'live', new Uint8Array(32).fill(9))
    assert.equal(lastFour(key), key.slice(key.length - 4))
  })
})
