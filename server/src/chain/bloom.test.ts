import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import { bloomBits, mayHold } from './bloom.ts'

function bloomOf(values: readonly Hex[]): Hex {
  let bloom = 0n
  for (const bit of values.flatMap(bloomBits)) bloom |= 1n << BigInt(bit)
  return `0x${bloom.toString(16).padStart(512, '0')}`
}

const some = (size: number) => bytesToHex(randomBytes(size))

test('the bits of a published value', () => {
  // The example of the package eth-bloom.
  assert.deepEqual(bloomBits('0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6'), [1323, 431, 1319])
})

test('B4.5: what is in a bloom is found, and less than 2 % of what is not in one of 50 transfers', () => {
  const transfer = some(32)
  const strangers = Array.from({ length: 300 }, () => [some(20), some(32)].map(bloomBits))
  let alarms = 0
  const blocks = 20
  for (let block = 0; block < blocks; block += 1) {
    const values = [transfer, ...Array.from({ length: 50 }, () => [some(20), some(32), some(32)]).flat()]
    const bloom = bloomOf(values)
    assert.ok(values.every(value => mayHold(bloom, bloomBits(value))))
    alarms += strangers.filter(log => log.every(bits => mayHold(bloom, bits))).length
  }
  assert.ok(alarms < (blocks * strangers.length) / 50, `${alarms} of ${blocks * strangers.length}`)
})
