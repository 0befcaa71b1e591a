import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as later } from 'node:timers/promises'
import fc from 'fast-check'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { BlockHeader } from './chainNode.ts'
import { type BlockSource, followChain } from './followChain.ts'

/** A node whose canonical chain and reported head the test sets; it knows no block of another branch by number. */
function fakeNode(chain: BlockHeader[]) {
  const seen = new Map(chain.map(block => [block.hash, block]))
  const state = { chain, head: chain.length - 1, calls: 0, isBelieved: true }
  const header = async (id: unknown) => {
    state.calls += 1
    const found =
      typeof id === 'bigint' ? state.chain.find(block => block.number === id) : seen.get(id as `0x${string}`)
    if (found === undefined) throw new UpstreamError('no such block', { retryable: true })
    return found
  }
  const node: BlockSource = {
    head: async () => state.chain[state.head] ?? assert.fail('the head exists'),
    header,
    block: async id => ({ header: await header(id), transfers: [], coinSweeps: [], coinPayments: [] }),
    isLost: async () => state.isBelieved,
  }
  const setChain = (next: BlockHeader[]) => {
    for (const block of next) seen.set(block.hash, block)
    state.chain = next
    state.head = next.length - 1
  }
  return { node, state, setChain }
}

function grow(base: readonly BlockHeader[], count: number, branch: string): BlockHeader[] {
  const blocks = [...base]
  for (let made = 0; made < count; made++) blocks.push(blockAfter(blocks.at(-1) ?? null, { branch }))
  return blocks
}

/** Follows until the node has nothing new; applies each step as a store would, and returns the kinds of the steps. */
async function drain(steps: ReturnType<typeof followChain>, stored: BlockHeader[]): Promise<string[]> {
  const kinds: string[] = []
  for (;;) {
    const { value: step } = await steps.next()
    if (step.kind === 'idle') return kinds
    if (step.kind === 'blocks') {
      assert.ok(step.blocks.length > 0)
      for (const { header } of step.blocks) {
        assert.equal(header.parentHash, stored.at(-1)?.hash, 'each block follows the one before')
        stored.push(header)
        kinds.push(`${header.number}`)
      }
    } else {
      const { ancestor } = step
      const index = stored.findIndex(block => block.hash === ancestor.hash)
      assert.ok(index >= 0 && index < stored.length - 1, 'a reorg goes back to a stored block before the newest')
      stored.length = index + 1
      kinds.push(`back to ${ancestor.number}`)
    }
  }
}

test('a gap is filled in order, and more blocks than are fetched ahead are no trouble', async () => {
  const chain = grow([], 40, 'a')
  const { node } = fakeNode(chain)
  const stored = chain.slice(0, 3)
  const kinds = await drain(followChain(node, stored, { blocksAtOnce: 4 }), stored)
  assert.deepEqual(
    kinds,
    Array.from({ length: 37 }, (_, index) => `${index + 3}`),
  )
  assert.deepEqual(stored, chain)
})

test('far behind, blocks come in lists; those whose state nodes still have, in lists of their own', async () => {
  const chain = grow([], 1_500, 'a')
  const { node } = fakeNode(chain)
  const sizes: number[] = []
  let read = 1
  for await (const step of followChain(node, chain.slice(0, 1), {})) {
    if (step.kind !== 'blocks') break
    const numbers = step.blocks.map(({ header }) => Number(header.number))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => read + index),
    )
    assert.ok(numbers.includes(1_371) ? numbers.at(-1) === 1_371 : true, 'no list reaches into those with state')
    read += numbers.length
    sizes.push(numbers.length)
    await later()
  }
  assert.equal(read, 1_500)
  assert.ok(sizes.every(size => size <= 512) && sizes.length < 1_000, `${sizes}`)
})

test('a head that goes back and forth on one chain is never a reorg and skips nothing', async () => {
  const chain = grow([], 103, 'a')
  const { node, state } = fakeNode(chain)
  const stored = chain.slice(0, 100)
  const steps = followChain(node, stored, {})
  const kinds: string[] = []
  for (const head of [100, 101, 99, 102]) {
    state.head = head
    kinds.push(...(await drain(steps, stored)))
  }
  assert.deepEqual(kinds, ['100', '101', '102'])
})

test('reorgs of depth 1, 2, 3 and 7, at the same height, lower and higher, end on the winning chain', async () => {
  for (const depth of [1, 2, 3, 7]) {
    for (const length of [-1, 0, 1, 5]) {
      const chain = grow([], 20, 'a')
      const { node, setChain } = fakeNode(chain)
      const stored = [...chain]
      const steps = followChain(node, stored, {})
      assert.deepEqual(await drain(steps, stored), [])
      const winner = grow(chain.slice(0, 20 - depth), Math.max(1, depth + length), `${depth} ${length}`)
      setChain(winner)
      const kinds = await drain(steps, stored)
      assert.equal(kinds[0], `back to ${19 - depth}`)
      assert.deepEqual(stored, winner)
    }
  }
})

test('the first branch may come back', async () => {
  const first = grow([], 10, 'a')
  const { node, setChain } = fakeNode(first)
  const stored = [...first]
  const steps = followChain(node, stored, {})
  await drain(steps, stored)
  setChain(grow(first.slice(0, 7), 5, 'b'))
  await drain(steps, stored)
  setChain(grow(first, 4, 'a'))
  assert.deepEqual(await drain(steps, stored), ['back to 6', '7', '8', '9', '10', '11', '12', '13'])
})

test('a reorg deeper than is remembered stops the chain and changes nothing', async () => {
  const chain = grow([], 30, 'a')
  const { node, setChain } = fakeNode(chain)
  const stored = chain.slice(10)
  const steps = followChain(node, stored, {})
  await drain(steps, stored)
  setChain(grow(chain.slice(0, 8), 40, 'b'))
  await assert.rejects(drain(steps, stored), { name: 'UpstreamError', retryable: false })
  assert.deepEqual(stored, chain.slice(10))
})

test('a head below all that is remembered is waited for', async () => {
  const chain = grow([], 30, 'a')
  const { node, state } = fakeNode(chain)
  state.head = 5
  await assert.rejects(drain(followChain(node, chain.slice(10), {}), []), { name: 'UpstreamError', retryable: true })
})

test('a block that the node cannot tell yet stops the step, not the chain', async () => {
  const chain = grow([], 10, 'a')
  const { node, state } = fakeNode(chain)
  const lagging = { ...node, head: async () => blockAfter(chain.at(-1) ?? null) }
  const stored = chain.slice(0, 5)
  await assert.rejects(drain(followChain(lagging, stored, {}), stored), { retryable: true })
  assert.deepEqual(stored, chain)
  state.calls = 0
  assert.deepEqual(await drain(followChain(node, stored, {}), stored), [])
  assert.equal(state.calls, 0)
})

test('B4.7, F114: a block that nobody has yet is waited for, and read when they have it', async () => {
  const chain = grow([], 10, 'a')
  const { node, state } = fakeNode(chain.slice(0, 8))
  const head = chain.at(-1) ?? assert.fail('the chain has a block')
  const block = async (id: bigint | `0x${string}`) => {
    if (typeof id === 'bigint' && state.chain[Number(id)] === undefined) {
      throw new UpstreamError('no such block yet', { retryable: true, code: 'stale' })
    }
    return await node.block(id)
  }
  const stored = chain.slice(0, 5)
  const steps = followChain({ ...node, block, head: async () => head }, stored, {})
  assert.deepEqual(await drain(steps, stored), ['5', '6', '7'])
  assert.deepEqual(await drain(steps, stored), [])
  state.chain = chain
  assert.deepEqual(await drain(steps, stored), ['8', '9'])
})

test('a branch that is not believed changes nothing', async () => {
  const chain = grow([], 10, 'a')
  const { node, state, setChain } = fakeNode(chain)
  const stored = [...chain]
  const steps = followChain(node, stored, {})
  setChain(grow(chain.slice(0, 7), 5, 'b'))
  state.isBelieved = false
  assert.deepEqual(await drain(steps, stored), [])
  assert.deepEqual(stored, chain)
  state.isBelieved = true
  assert.deepEqual(await drain(steps, stored), ['back to 6', '7', '8', '9', '10', '11'])
})

test('whatever branches the node shows one after the other, the last one is what is stored', async () => {
  const branches = fc.array(fc.record({ keep: fc.nat(12), grow: fc.integer({ min: 1, max: 15 }) }), { maxLength: 8 })
  let run = 0
  await fc.assert(
    fc.asyncProperty(branches, async plan => {
      run += 1
      let chain = grow([], 13, 'a')
      const { node, setChain } = fakeNode(chain)
      const stored = chain.slice(0, 1)
      const steps = followChain(node, stored, {})
      await drain(steps, stored)
      for (const [index, { keep, grow: more }] of plan.entries()) {
        chain = grow(chain.slice(0, keep + 1), more, `${run} ${index}`)
        setChain(chain)
        await drain(steps, stored)
        assert.deepEqual(stored, chain)
      }
    }),
    { numRuns: 200 },
  )
})
