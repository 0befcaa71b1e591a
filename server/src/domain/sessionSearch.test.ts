import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSessionSearch } from './sessionSearch.ts'

test('a text is looked for as what it has the form of', () => {
  const id = '019ca945-0a00-7f91-9daa-e02c9b90af94'
  assert.deepEqual(parseSessionSearch(` ${id.toUpperCase()} `), { by: 'id', id })
  const [address, hash] = [`0x${'aB'.repeat(20)}`, `0x${'Cd'.repeat(32)}`]
  assert.deepEqual(parseSessionSearch(address), { by: 'address', hex: address.toLowerCase() })
  assert.deepEqual(parseSessionSearch(hash), { by: 'transaction', hex: hash.toLowerCase() })
  assert.deepEqual(parseSessionSearch('25'), { by: 'amount', amount: 25_00000000n })
  assert.deepEqual(parseSessionSearch('25.01 USDC'), { by: 'amount', amount: 25_01000000n })
  assert.deepEqual(parseSessionSearch('0,00000001eth'), { by: 'amount', amount: 1n })
  assert.deepEqual(parseSessionSearch('Ada@Example.com'), { by: 'email', email: 'ada@example.com' })
  assert.equal(parseSessionSearch('  '), null)
})

test('F179: what has another meaning elsewhere is a text like any other', () => {
  for (const text of ['%', '_', '.*', '(', '💥', "'; drop table", '99999999999.1', '1e3', '-5']) {
    const wanted = text.toLowerCase()
    assert.deepEqual(parseSessionSearch(text), { by: 'email', email: wanted })
  }
  assert.deepEqual(parseSessionSearch('a\0b'), { by: 'email', email: 'a\ufffdb' })
})
