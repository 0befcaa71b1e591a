import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receiptOf } from './receipt.ts'
import { isUuid } from './uuid.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')

test('a payment has one receipt, whoever makes it, and another payment another', () => {
  const one = receiptOf('019ca9b2-eae9-7fdf-807d-fcf10006844a', 'Ada', NOW)
  assert.deepEqual(receiptOf('019ca9b2-eae9-7fdf-807d-fcf10006844a', 'Ada', NOW), one)
  assert.ok(isUuid(one.id))
  assert.match(one.receiptNumber, /^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}$/)
  const other = receiptOf('019ca9b2-eae9-7fdf-807d-fcf10006844b', null, NOW)
  assert.notEqual(other.id, one.id)
  assert.notEqual(other.receiptNumber, one.receiptNumber)
})
