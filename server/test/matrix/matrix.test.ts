import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findProofs, idsOf, MATRIX, NOT_YET, rowIdsOf, titlesOf } from './matrix.ts'

test('every row of the matrix is named by a test, but for those that cannot happen yet', () => {
  const proofs = findProofs()
  assert.deepEqual(
    Object.keys(MATRIX).filter(id => !proofs.has(id)),
    Object.keys(NOT_YET),
  )
})

test('the matrix has all of its rows', () => {
  const ids = (letter: string, ...ranges: [number, number][]) =>
    ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => `${letter}${first + index}`),
    )
  const expected = [
    ...ids('F', [1, 24], [26, 106], [108, 117], [134, 173]),
    ...ids('G', [1, 5], [18, 34], [46, 47], [57, 57]),
  ]
  assert.deepEqual(Object.keys(MATRIX), expected)
})

test('ids are read from the beginning of titles that run, whole and one by one', () => {
  const cases: [string, string[]][] = [
    ['F10: a number', ['F10']],
    ['F76, B7.1: a transfer', ['F76', 'B7.1']],
    ['B2.1 G29: after a reorg', ['B2.1', 'G29']],
    ['F1–F18: amounts', []],
    ['one missing unit (F97)', []],
    ['I5: a payment: seen', ['I5']],
    ['the list: F88', []],
  ]
  for (const [title, ids] of cases) assert.deepEqual(idsOf(title), ids, title)
  const source =
    "test('F1: a', t)\n  it(`F2: b`, t)\ntest.skip('F3: c', t)\n// test('F4: d', t)\ndescribe(\n  \"F5: e\", t)"
  assert.deepEqual(titlesOf(source).flatMap(idsOf), ['F1', 'F2', 'F5'])
})

test('ids are read from tables where titles take them from there', () => {
  const table = "const cases = [['F1', 2], [\n 'G3', 'F4'], ...[5].map(value => ['F6', value])]\n"
  assert.deepEqual(rowIdsOf(`${table}for (const [row] of cases) {\n  test(\`\${row}: it\`, t)\n}`), ['F1', 'G3', 'F6'])
  assert.deepEqual(rowIdsOf(`${table}test('another', t)`), [])
})
