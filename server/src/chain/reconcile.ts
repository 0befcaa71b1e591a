import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockHeader } from './chainNode.ts'

/** Where a block of the node stands to the blocks that we know. */
export type Standing = 'same' | 'next' | 'gap' | 'reorg'

/**
 * Where `remote` stands to `known`, a linked list in ascending order of at least one block: one of them, the one after the
 * newest, further ahead, or on another branch. A node whose head is one of our older blocks only lags behind: that is no reorg,
 * which takes a block that contradicts ours.
 */
export function reconcile(known: readonly BlockHeader[], remote: BlockHeader): Standing {
  const tip = tipOf(known)
  if (remote.number > tip.number + 1n) return 'gap'
  if (remote.number === tip.number + 1n) return remote.parentHash === tip.hash ? 'next' : 'reorg'
  return known.some(block => block.hash === remote.hash) ? 'same' : 'reorg'
}

/**
 * The newest of `known` that `remote` descends from, found by walking back from parent to parent, or null when that lies
 * before all of them. Throws `UpstreamError` when the node no longer knows a parent, or tells one of another height.
 */
export async function commonAncestor(
  known: readonly BlockHeader[],
  remote: BlockHeader,
  parentOf: (hash: Hex) => Promise<BlockHeader>,
): Promise<BlockHeader | null> {
  const byHash = new Map(known.map(block => [block.hash, block]))
  const oldest = known[0]
  invariant(oldest, 'at least one block is known')
  let block = remote
  while (block.number > oldest.number) {
    const ancestor = byHash.get(block.parentHash)
    if (ancestor !== undefined) return ancestor
    const parent = await parentOf(block.parentHash)
    if (parent.number !== block.number - 1n) {
      throw new UpstreamError('The node answered with a parent of another height.', { retryable: true })
    }
    block = parent
  }
  return null
}

/** The newest block of a linked list in ascending order. */
export function tipOf(known: readonly BlockHeader[]): BlockHeader {
  const tip = known.at(-1)
  invariant(tip, 'at least one block is known')
  return tip
}
