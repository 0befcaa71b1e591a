import type { BlockHeader, ChainNode } from './chainNode.ts'
import { tipOf } from './reconcile.ts'

/** A node's newest block, and how far its chain is that of `known`: see `Word`. */
export type Told = { head: BlockHeader; agrees: bigint; contradicts: BlockHeader | null }

/**
 * What `node` says of `known`, a linked list in ascending order. One call where it has the newest of them as its head or the
 * head's parent, one more where it is further, and where it is on another branch as many as it takes to find where that began;
 * `before`, the contradiction that it was found in last, is tried first. Throws `UpstreamError`.
 */
export async function wordOf(
  node: ChainNode,
  known: readonly BlockHeader[],
  before: BlockHeader | null,
): Promise<Told> {
  const tip = tipOf(known)
  const head = await node.head()
  if (head.number === tip.number + 1n && head.parentHash === tip.hash) return { head, ...agreeing(tip) }
  const newest = head.number > tip.number ? await node.header(tip.number) : head
  const first = tip.number - BigInt(known.length - 1)
  const oursAt = (number: bigint) => known[Number(number - first)]
  const ours = oursAt(newest.number)
  // Below all that is known there is nothing to compare.
  if (newest.number < first || ours === undefined) return { head, agrees: -1n, contradicts: null }
  if (ours.hash === newest.hash) return { head, ...agreeing(newest) }

  let [low, high, theirs] = [first - 1n, newest.number, newest]
  const tryAt = async (number: bigint) => {
    if (number <= low || number >= high) return
    const header = await node.header(number)
    if (header.hash === oursAt(number)?.hash) low = number
    else [high, theirs] = [number, header]
  }
  if (before !== null) await tryAt(before.number)
  // Most branches are short.
  if (theirs.parentHash === oursAt(high - 1n)?.hash) low = high - 1n
  while (high - low > 1n) await tryAt((low + high) / 2n)
  return { head, agrees: low < first ? -1n : low, contradicts: theirs }
}

function agreeing({ number }: BlockHeader): { agrees: bigint; contradicts: null } {
  return { agrees: number, contradicts: null }
}
