import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fakeProvider, growChain } from '../../test/harness/fakeProviders.ts'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { wordOf } from './wordOf.ts'

const chain = growChain([], 100)
const known = chain.slice(40)

async function ask(theirs: typeof chain, before: Parameters<typeof wordOf>[2] = null) {
  const provider = fakeProvider('alpha', theirs)
  const { agrees, contradicts, head } = await wordOf(provider.node.node, known, before)
  assert.equal(head, theirs.at(-1))
  return { agrees, contradicts, calls: provider.calls.length }
}

test('one call where a node is as far as we are or one block further, two where it is further', async () => {
  assert.deepEqual(await ask(chain), { agrees: 99n, contradicts: null, calls: 1 })
  assert.deepEqual(await ask(growChain(chain, 1)), { agrees: 99n, contradicts: null, calls: 1 })
  assert.deepEqual(await ask(growChain(chain, 7)), { agrees: 99n, contradicts: null, calls: 2 })
  assert.deepEqual(await ask(chain.slice(0, 80)), { agrees: 79n, contradicts: null, calls: 1 })
  assert.deepEqual(await ask(chain.slice(0, 40)), { agrees: -1n, contradicts: null, calls: 1 })
})

test('a branch is found where it began, in few calls, and in fewer the next time', async () => {
  const short = growChain(chain.slice(0, 99), 1, 'b')
  assert.deepEqual(await ask(short), { agrees: 98n, contradicts: short[99], calls: 1 })
  const long = growChain(chain.slice(0, 60), 60, 'b')
  const { calls, ...found } = await ask(long)
  assert.deepEqual(found, { agrees: 59n, contradicts: long[60] })
  assert.ok(calls <= 8, `${calls} calls`)
  assert.deepEqual(await ask(long, found.contradicts), { ...found, calls: 3 })
  const stranger = growChain([blockAfter(null, { branch: 'z' })], 120, 'z')
  const strange = await ask(stranger)
  assert.deepEqual([strange.agrees, strange.contradicts], [-1n, stranger[40]])
})

test('whatever branch a node is on and whatever it was in before, the newest common block is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 41, max: 100 }),
      fc.nat(30),
      fc.option(fc.integer({ min: 1, max: 100 })),
      async (keep, more, was) => {
        const theirs = growChain(chain.slice(0, keep), more, `${keep}`)
        const before = was === null ? null : blockAfter(chain[was - 1] ?? null, { branch: 'before' })
        const { agrees, contradicts } = await ask(theirs, before)
        assert.equal(agrees, BigInt(keep - 1))
        assert.equal(contradicts, keep < 100 && more > 0 ? theirs[keep] : null)
      },
    ),
  )
})
