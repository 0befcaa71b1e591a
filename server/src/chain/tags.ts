import type { BlockHeader, ChainNode } from './chainNode.ts'

/** The blocks that a node tags so; null for a tag that it does not know. */
export type Tags = { safe: BlockHeader | null; finalized: BlockHeader | null }

/** The tags as `node` tells them now. */
export async function tagsOf(node: ChainNode): Promise<Tags> {
  const [safe, finalized] = await Promise.all([node.tagged('safe'), node.tagged('finalized')])
  return { safe, finalized }
}

/**
 * What is wrong with the tags that a node tells after it told `before`, with `head` the highest block that it has told: they must
 * be in the order finalized, safe, head, and what was finalized stays so. Null where nothing is.
 */
export function problemOfTags(before: Tags | null, { safe, finalized }: Tags, head: bigint): string | null {
  if (safe !== null && safe.number > head) return `its safe block ${safe.number} is above its head ${head}`
  if (finalized === null) return null
  if (finalized.number > head) return `its finalized block ${finalized.number} is above its head ${head}`
  if (safe !== null && finalized.number > safe.number) {
    return `its finalized block ${finalized.number} is above its safe block ${safe.number}`
  }
  const last = before?.finalized
  if (!last || finalized.number > last.number) return null
  if (finalized.number < last.number) return `its finalized block went back from ${last.number} to ${finalized.number}`
  return finalized.hash === last.hash ? null : `its finalized block ${last.number} became another one`
}
