import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { hexToBytes } from './hex.ts'
import { bytesToUuid, isUuid, uuidToBigint, uuidToBytes, uuidv7 } from './uuid.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 10 })
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })

describe('uuidv7', () => {
  it('makes the example of RFC 9562, A.6', () => {
    const bytes = hexToBytes('0xfcc3d8c4dc0c0c07398f')
    assert.equal(uuidv7(new Date(0x017f22e279b0), bytes), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('always has the version and variant, the time and 74 bits of the randomness', () => {
    fc.assert(
      fc.property(time, random, (ms, bytes) => {
        const uuid = uuidv7(new Date(ms), bytes)
        assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        assert.equal(uuidToBigint(uuid) >> 80n, BigInt(ms))
        const mask = [0x0f, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
        const kept = (list: Uint8Array) => mask.map((bits, index) => (list[index] ?? 0) & bits)
        assert.deepEqual(kept(uuidToBytes(uuid).slice(6)), kept(bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('sorts as text by time', () => {
    fc.assert(
      fc.property(time, time, random, random, (left, right, a, b) => {
        fc.pre(left < right)
        return uuidv7(new Date(left), a) < uuidv7(new Date(right), b)
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses another length of randomness', () => {
    assert.throws(() => uuidv7(new Date(0), new Uint8Array(9)), /invariant/)
  })
})

describe('C7.6: ids', () => {
  it('are not counted: of a hundred thousand made at one moment each is another, and the next one is as often smaller as greater', () => {
    const count = 100_000
    const bytes = randomBytes(10 * count)
    const ids = Array.from({ length: count }, (_id, at) => uuidv7(new Date(0), bytes.subarray(10 * at, 10 * at + 10)))
    assert.equal(new Set(ids).size, count)
    let rising = 0
    for (const [at, id] of ids.entries()) if (at > 0 && id > (ids[at - 1] ?? id)) rising++
    // Six standard deviations of how often so many numbers in random order rise.
    assert.ok(Math.abs(rising - count / 2) < 548, `${rising} rise`)
  })
})

describe('bytesToUuid', () => {
  it('makes the version 8 example of RFC 9562, B.2', () => {
    const namespace = uuidToBytes('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
    const name = new TextEncoder().encode('www.example.com')
    const digest = sha256(Uint8Array.from([...namespace, ...name]))
    assert.equal(bytesToUuid(digest.slice(0, 16), 8), '5c146b14-3c52-8afd-938a-375d0df1fbf6')
  })
})

describe('isUuid', () => {
  it('knows a UUID in either case', () => {
    assert.equal(isUuid('017f22e2-79b0-7cc3-98c4-dc0c0c07398f'), true)
    assert.equal(isUuid('017F22E2-79B0-7CC3-98C4-DC0C0C07398F'), true)
  })

  const wrong = [
    '',
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f'",
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
    '017f22e279b07cc398c4dc0c0c07398f',
    '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398g',
  ]
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(isUuid(text), false))
  }
})

describe('uuidToBigint and uuidToBytes', () => {
  it('read the same 128 bits', () => {
    const uuid = '00000000-0000-0000-0000-0000000001ff'
    assert.equal(uuidToBigint(uuid), 511n)
    assert.deepEqual(uuidToBytes(uuid).slice(14), Uint8Array.of(1, 255))
    assert.throws(() => uuidToBigint('511'), /invariant/)
    assert.throws(() => uuidToBytes('511'), /invariant/)
  })
})
