import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { agreementOf, majority, type Word } from './agreement.ts'

const word = (agrees: bigint, options: Partial<Word> = {}): Word => {
  return { isOwn: false, agrees, contradicts: null, ...options }
}

const rival = (number: bigint, branch = 'b') => blockAfter(null, { number, branch })

test('B4.1, B4.2: agreed is what a quorum has or an own node, by all what all have or an own node and one more', () => {
  const own = { isOwn: true }
  const cases: [string, Word[], bigint, bigint][] = [
    ['all have it', [word(9n), word(9n), word(9n)], 9n, 9n],
    ['two of three', [word(9n), word(9n), word(7n)], 9n, 7n],
    ['one is silent', [word(9n), word(9n), word(-1n)], 9n, -1n],
    ['two are silent', [word(9n), word(-1n), word(-1n)], -1n, -1n],
    ['each at another height', [word(5n), word(9n), word(7n)], 7n, 5n],
    ['the own one is silent', [word(-1n, own), word(9n), word(8n)], 8n, -1n],
    ['the own one alone', [word(9n, own), word(-1n), word(-1n)], 9n, -1n],
    ['the own one and another', [word(9n, own), word(8n), word(-1n)], 9n, 8n],
    ['the own one is behind two', [word(4n, own), word(9n), word(8n)], 8n, 4n],
    ['two own ones', [word(4n, own), word(9n, own), word(-1n)], 9n, 4n],
  ]
  for (const [name, words, agreed, agreedByAll] of cases) {
    assert.deepEqual(agreementOf(words, 2, null), { agreed, agreedByAll }, name)
  }
  assert.deepEqual(agreementOf([word(9n)], 1, null), { agreed: 9n, agreedByAll: 9n }, 'one alone')
})

test('B4.1: a block that anyone contradicts is not agreed, whoever has it', () => {
  const words = [word(9n, { isOwn: true }), word(9n), word(6n, { contradicts: rival(7n) })]
  assert.deepEqual(agreementOf(words, 2, 7n), { agreed: 6n, agreedByAll: 6n })
})

const someWords = fc.array(
  fc.record({ isOwn: fc.boolean(), agrees: fc.bigInt({ min: -1n, max: 20n }), contradicts: fc.constant(null) }),
  { minLength: 1, maxLength: 5 },
)

test('B4.1: a provider that falls silent never raises what is agreed', () => {
  fc.assert(
    fc.property(someWords, fc.nat(), fc.nat(), (words, one, more) => {
      const quorum = 1 + (more % words.length)
      const before = agreementOf(words, quorum, null)
      const left = words.map((said, index) => (index === one % words.length ? { ...said, agrees: -1n } : said))
      const after = agreementOf(left, quorum, null)
      assert.ok(after.agreed <= before.agreed && after.agreedByAll <= before.agreedByAll)
    }),
  )
})

test('who is read from: those that have our blocks, unless enough others have one other block together', () => {
  const own = { isOwn: true }
  const has = word(9n)
  const lags = word(5n)
  const other = word(6n, { contradicts: rival(7n) })
  const third = word(6n, { contradicts: rival(7n, 'c') })
  const cases: [string, Word[], boolean, number[]][] = [
    ['nobody contradicts', [has, has, lags], true, [0, 1, 2]],
    ['one against two', [other, has, has], true, [1, 2]],
    ['two against one', [other, has, other], false, [0, 2]],
    ['two against one, each with another block', [other, has, third], true, [1]],
    ['one against one, the third is silent', [other, has], true, [1]],
    ['one, while the others do not have ours', [other, lags], false, [0]],
    ['all', [other, other, other], false, [0, 1, 2]],
    ['an own one against two', [{ ...other, ...own }, has, has], false, [0]],
    ['two against an own one', [other, { ...has, ...own }, other], true, [1]],
  ]
  for (const [name, words, isOurs, members] of cases) {
    const found = majority(new Map(words.entries()), 2, 3)
    assert.deepEqual([found.isOurs, [...found.members]], [isOurs, members], name)
  }
})

test('of two providers neither outvotes the other', () => {
  const words = new Map([word(9n), word(6n, { contradicts: rival(7n) })].entries())
  assert.equal(majority(words, 2, 2).isOurs, true)
  assert.equal(majority(words, 1, 2).isOurs, true)
})

test('a short branch of most is found beside the long branch of one', () => {
  const ours = word(9n)
  const theirs = word(8n, { contradicts: rival(9n) })
  const stranger = word(2n, { contradicts: rival(3n, 'c') })
  const found = majority(new Map([stranger, ours, theirs, theirs].entries()), 2, 4)
  assert.deepEqual([found.isOurs, [...found.members]], [false, [2, 3]])
})
