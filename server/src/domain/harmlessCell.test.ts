import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { harmlessCell } from './harmlessCell.ts'

const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']

test('whatever begins like a formula is text, and all else stays as it was', () => {
  for (const start of FORMULA_STARTS) assert.equal(harmlessCell(`${start}1+1`), `'${start}1+1`)
  for (const text of ['', '1', '12.50', 'a=b', ' =1', "'=1", '2026-03-01']) assert.equal(harmlessCell(text), text)
  fc.assert(
    fc.property(fc.string(), text => {
      const cell = harmlessCell(text)
      assert.ok(cell === text || cell === `'${text}`)
      assert.ok(!FORMULA_STARTS.some(start => cell.startsWith(start)))
    }),
  )
})
