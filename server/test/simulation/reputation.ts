import type { BlockHeader } from '../../src/chain/chainNode.ts'
import type { UpstreamCode } from '../../src/domain/errors.ts'

// The rules of who is believed and asked written a second time, from what operators are promised and not from the code that keeps
// it: who is caught lying is heard by nobody for six hours, and who fails is spared for a second, then twice as long each time, up
// to a minute. Not to have a block is no failure.

/** How a provider has behaved; times in ms of a clock that never goes back. */
export type Reputation = {
  shunnedUntil: number
  failures: number
  failedAt: number
  sparedUntil: number
  /** The tags that it has told since its last head, the last finalized block that it has not taken back, and its highest head. */
  tags: { safe?: BlockHeader | null; finalized?: BlockHeader | null }
  finalized: BlockHeader | null
  highest: bigint
  /** How many times in a row it told impossible tags. */
  strikes: number
}

const SHUNNED_MS = 6 * 3_600_000
const SPARED_MS = 500
const SPARED_MAX_MS = 60_000
const STRIKES = 3

/** The reputation of a provider of which nothing is known yet. */
export function noReputation(): Reputation {
  const never = { shunnedUntil: 0, failures: 0, failedAt: 0, sparedUntil: 0 }
  return { ...never, tags: {}, finalized: null, highest: -1n, strikes: 0 }
}

/** It failed. */
export function failed(of: Reputation, code: UpstreamCode, now: number): void {
  if (code === 'stale' || code === 'pruned') return
  const isLie = code === 'lie' || code === 'wrong_chain'
  if (now < of.shunnedUntil || (!isLie && now < of.sparedUntil)) return
  of.failures += 1
  if (isLie) Object.assign(of, { shunnedUntil: now + SHUNNED_MS, sparedUntil: 0 })
  else Object.assign(of, { failedAt: now, sparedUntil: now + Math.min(SPARED_MAX_MS, SPARED_MS * 2 ** of.failures) })
}

/** It answered, which one is asked for that is spared where there is no other. */
export function answered(of: Reputation, now: number): void {
  if (now >= of.shunnedUntil) Object.assign(of, { failures: 0, sparedUntil: 0 })
}

/** It told its head: tags that it told before are possible, or the third time in a row they were not it contradicts itself. */
export function toldHead(of: Reputation, head: BlockHeader, now: number): void {
  if (head.number > of.highest) of.highest = head.number
  const { safe, finalized } = of.tags
  of.tags = {}
  if (!safe || !finalized) return
  const last = of.finalized
  const isTakenBack = last !== null && (finalized.number < last.number || isRival(finalized, last))
  if (isTakenBack || safe.number > of.highest || finalized.number > safe.number) {
    of.strikes += 1
    if (of.strikes >= STRIKES) failed(of, 'lie', now)
  } else Object.assign(of, { finalized, strikes: 0 })
}

function isRival(one: BlockHeader, other: BlockHeader): boolean {
  return one.number === other.number && one.hash !== other.hash
}

/** Whether what it says now may count: it is not shunned, nor spared since before. */
export function mayCount({ shunnedUntil, failedAt, sparedUntil }: Reputation, now: number): boolean {
  return now >= shunnedUntil && (failedAt === now || now >= sparedUntil)
}

/** Whether it must be asked: it is neither shunned nor spared. */
export function mustCount({ shunnedUntil, sparedUntil }: Reputation, now: number): boolean {
  return now >= shunnedUntil && now >= sparedUntil
}
