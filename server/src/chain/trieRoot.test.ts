import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trieRoot } from './trieRoot.ts'

const digits = (text: string) => Buffer.from(text).toString('hex')
const entry = (key: string, value: string) => ({ key: digits(key), value: digits(value) })

// Roots as the trie tests of ethereum/tests and go-ethereum give them.
test('the roots of published tries', () => {
  assert.equal(trieRoot([]), '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
  const animals = [entry('do', 'verb'), entry('dog', 'puppy'), entry('doge', 'coin'), entry('horse', 'stallion')]
  assert.equal(trieRoot(animals), '0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84')
  const long = [entry('A', 'a'.repeat(50))]
  assert.equal(trieRoot(long), '0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab')
  const three = [entry('doe', 'reindeer'), entry('dog', 'puppy'), entry('dogglesworth', 'cat')]
  assert.equal(trieRoot(three), '0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3')
})

test('a root depends on every entry and on no order', () => {
  const key = fc.stringMatching(/^([0-9a-f]{2}){1,4}$/)
  const value = fc.stringMatching(/^([0-9a-f]{2}){1,40}$/)
  const entries = fc.uniqueArray(fc.record({ key, value }), { minLength: 1, maxLength: 40, selector: each => each.key })
  fc.assert(
    fc.property(entries, fc.nat(), (all, pick) => {
      const root = trieRoot(all)
      assert.equal(trieRoot(all.toReversed()), root)
      const changed = all.with(pick % all.length, { key: all[pick % all.length]?.key ?? '', value: '00'.repeat(41) })
      assert.notEqual(trieRoot(changed), root)
      assert.notEqual(trieRoot(all.toSpliced(pick % all.length, 1)), root)
    }),
  )
})
