import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { keccak256 } from '../src/keccak.ts'

test('is the hash of @noble/hashes, at every length around a block', () => {
  for (let length = 0; length <= 300; length++) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff)
    assert.deepEqual(keccak256(message), keccak_256(message))
  }
})

test('is the hash of @noble/hashes for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), message =>
      assert.deepEqual(keccak256(message), keccak_256(message)),
    ),
    { numRuns: 300 },
  )
})
