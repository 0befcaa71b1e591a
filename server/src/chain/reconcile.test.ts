import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockAfter } from '../../test/harness/fixtures.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockHeader } from './chainNode.ts'
import { commonAncestor, reconcile } from './reconcile.ts'

function grow(from: BlockHeader | null, count: number, branch: string): BlockHeader[] {
  const blocks: BlockHeader[] = []
  let parent = from
  for (let made = 0; made < count; made++) {
    parent = blockAfter(parent, { branch })
    blocks.push(parent)
  }
  return blocks
}

function at(blocks: readonly BlockHeader[], index: number): BlockHeader {
  const block = blocks.at(index)
  assert.ok(block)
  return block
}

const known = grow(null, 6, 'a')
const fork = grow(at(known, 3), 4, 'b')

test('a block of the node is exactly one of same, next, gap and reorg', () => {
  const cases: [string, BlockHeader, string][] = [
    ['our newest block', at(known, -1), 'same'],
    ['an older block of ours: the node lags', at(known, 2), 'same'],
    ['our oldest block', at(known, 0), 'same'],
    ['the child of our newest', blockAfter(at(known, -1)), 'next'],
    ['a grandchild of our newest', blockAfter(blockAfter(at(known, -1))), 'gap'],
    ['a block far ahead, of whatever branch', at(grow(at(fork, -1), 5, 'b'), -1), 'gap'],
    ['another block at the height of our newest', at(fork, 1), 'reorg'],
    ['another block below our newest', at(fork, 0), 'reorg'],
    ['one higher than our newest, of another parent', at(fork, 2), 'reorg'],
    ['another first block', blockAfter(null, { branch: 'z' }), 'reorg'],
  ]
  for (const [name, block, standing] of cases) assert.equal(reconcile(known, block), standing, name)
})

test('the common ancestor is the newest known block that both branches share', async () => {
  const byHash = new Map<Hex, BlockHeader>([...known, ...fork].map(block => [block.hash, block]))
  const asked: Hex[] = []
  const parentOf = async (hash: Hex) => {
    asked.push(hash)
    const block = byHash.get(hash)
    assert.ok(block)
    return block
  }
  assert.equal(await commonAncestor(known, at(fork, 2), parentOf), at(known, 3))
  assert.deepEqual(asked, [at(fork, 1).hash, at(fork, 0).hash])
  assert.equal(await commonAncestor(known, at(fork, 0), parentOf), at(known, 3))
  assert.equal(asked.length, 2, 'a parent that is known is not asked for')
})

test('there is no common ancestor once all that is known was lost', async () => {
  const other = grow(null, 9, 'z')
  const byHash = new Map<Hex, BlockHeader>(other.map(block => [block.hash, block]))
  const parentOf = async (hash: Hex) => byHash.get(hash) ?? assert.fail('asked past the oldest known block')
  assert.equal(await commonAncestor(known.slice(2), at(other, -1), parentOf), null)
})

test('a node that tells a parent of another height is refused', async () => {
  const liar = async () => blockAfter(null, { number: 7n })
  await assert.rejects(commonAncestor(known, at(fork, 2), liar), /another height/)
})
