import type { BlockHeader } from './chainNode.ts'

/**
 * What one provider says of the blocks that were read: the newest that it has too (-1 for none, or where it says nothing), and
 * the first of its own that stands in place of one of ours, or null.
 */
export type Word = { isOwn: boolean; agrees: bigint; contradicts: BlockHeader | null }

/**
 * Up to where the blocks that were read are agreed: `quorum` providers have them, or an own one has; and up to where all have,
 * or an own one and one more. `words` are of all providers that are configured. Nothing is agreed from `disputed` on, the lowest
 * height where any of them has another block: the majority does not win.
 */
export function agreementOf(
  words: readonly Word[],
  quorum: number,
  disputed: bigint | null,
): { agreed: bigint; agreedByAll: bigint } {
  const ranked = words.map(word => word.agrees).sort(descending)
  const ofOwn = words.filter(word => word.isOwn).map(word => word.agrees)
  const own = ofOwn.sort(descending)[0] ?? -1n
  // Where an own one has most of all, the second joins it; where it is behind two, it is the one that joins.
  const joined = ranked.length > 1 ? least(own, ranked[1] ?? -1n) : -1n
  const below = (mark: bigint) => (disputed === null ? mark : least(mark, disputed - 1n))
  return {
    agreed: below(most(ranked[quorum - 1] ?? -1n, own)),
    agreedByAll: below(most(ranked.at(-1) ?? -1n, joined)),
  }
}

/**
 * The providers to read from, of those that spoke: where some have another block than ours, either those that have ours, or
 * those that have one and the same other block and outvote them. An own node outvotes others; otherwise it takes `quorum` of
 * the `configured` (all but one where that is fewer) against less, so that no single node takes blocks back that others have.
 */
export function majority<P>(
  words: ReadonlyMap<P, Word>,
  quorum: number,
  configured: number,
): { isOurs: boolean; members: Set<P> } {
  const enough = Math.min(quorum, configured - 1)
  const rivals = Map.groupBy(
    [...words].filter(([, { contradicts }]) => contradicts !== null),
    ([, { contradicts }]) => contradicts?.hash,
  )
  for (const rival of rivals.values()) {
    const height = rival[0]?.[1].contradicts?.number ?? 0n
    const ours = [...words.values()].filter(({ agrees }) => agrees >= height)
    const [ownHere, ownThere] = [ours.some(({ isOwn }) => isOwn), rival.some(([, { isOwn }]) => isOwn)]
    const isOutvoted = ownHere === ownThere ? rival.length >= enough && ours.length < enough : ownThere
    if (isOutvoted || ours.length === 0) return { isOurs: false, members: new Set(rival.map(([provider]) => provider)) }
  }
  const members = [...words].filter(([, { contradicts }]) => contradicts === null)
  return { isOurs: true, members: new Set(members.map(([provider]) => provider)) }
}

function descending(a: bigint, b: bigint): number {
  return a > b ? -1 : a < b ? 1 : 0
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
