import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, keccak256, numberToHex, stringToHex } from 'viem'
import type { Hex } from '../domain/hex.ts'
import { hasLogsBeyondBloom, stateSyncHash } from './stateSync.ts'

const HASH: Hex = `0x${'ab'.repeat(32)}`

test('state syncs have a hash of their own on Polygon, until its blocks commit to them', () => {
  for (const [chainId, first] of [
    [137, 80_084_800n],
    [80002, 28_899_616n],
  ] as const) {
    const number = first - 1n
    const key = concat([stringToHex('matic-bor-receipt-'), numberToHex(number, { size: 8 }), HASH])
    assert.equal(stateSyncHash(chainId, { number, hash: HASH }), keccak256(key))
    assert.equal(stateSyncHash(chainId, { number: first, hash: HASH }), null)
    assert.equal(hasLogsBeyondBloom(chainId), true)
  }
  assert.equal(stateSyncHash(1, { number: 7n, hash: HASH }), null)
  assert.equal(hasLogsBeyondBloom(1), false)
})
