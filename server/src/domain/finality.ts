/** What a payment's block must have before the payment is final: so many confirmations, its own block being the first, or a tag of the nodes. */
export type Wait = number | 'safe' | 'finalized'

/** Who must vouch for the blocks up to it: enough of the chain's providers, or all of them (or an own node and one more). */
export type Witness = 'quorum' | 'all'

/** When a payment is final. */
export type Policy = { wait: Wait; witness: Witness }

/** A policy for payments worth less than `below` US dollars at 8 decimals; null for all that are worth more, or whose worth is unknown. */
export type Band = Policy & { below: bigint | null }

/** How far the blocks of a chain that were read can be relied on, as block numbers. */
export type Marks = {
  /** The last block read. */
  head: bigint
  /** Up to where the nodes tag the chain; null where they tell no such thing. */
  safe: bigint | null
  finalized: bigint | null
  /** Up to where enough providers have the very blocks that were read, and up to where all of them have; -1 for none. */
  agreed: bigint
  agreedByAll: bigint
}

/** The policy for a payment that is worth `valueUsd`, by a chain's bands in ascending order; the strictest, the last, where that is unknown. */
export function policyFor(bands: readonly [...Band[], Band], valueUsd: bigint | null): Policy {
  const found = valueUsd === null ? undefined : bands.find(({ below }) => below !== null && valueUsd < below)
  const { wait, witness } = found ?? strictest(bands)
  return { wait, witness }
}

/** The policy that a chain's operator takes for beyond doubt: its last band. */
export function strictest(bands: readonly [...Band[], Band]): Policy {
  const { wait, witness } = bands[bands.length - 1] as Band
  return { wait, witness }
}

/** What a merchant waits for on a chain where that is more than what the server does. */
export type AskedWait = { chainId: number; wait: number | 'finalized' }

/** Numbers by their size, then what the chain itself calls safe, then what it can no longer take back. */
function isStricter(left: Wait, right: Wait): boolean {
  if (typeof left === 'number') return typeof right === 'number' && left > right
  return left === 'finalized' ? right !== 'finalized' : typeof right === 'number'
}

/** The stricter of what the server and a merchant wait for, witnessed as the server says; never less than `policy`. */
export function stricter(policy: Policy, asked: Wait | null): Policy {
  return asked !== null && isStricter(asked, policy.wait) ? { ...policy, wait: asked } : policy
}

/** Whether one of a chain's bands waits for the tag `finalized`: of a tag that none names nobody knows whether the nodes tell it. */
export function namesFinalized(bands: readonly Band[]): boolean {
  return bands.some(({ wait }) => wait === 'finalized')
}

/**
 * The policy for a payment that is worth `valueUsd` where the merchant `asked` for a wait. A tag that no band names any more would never
 * come: the strictest policy stands for it.
 */
export function askedPolicy(
  bands: readonly [...Band[], Band],
  valueUsd: bigint | null,
  asked: AskedWait['wait'] | null,
): Policy {
  if (asked === 'finalized' && !namesFinalized(bands)) return strictest(bands)
  return stricter(policyFor(bands, valueUsd), asked)
}

/** The least that a merchant can ask for on a chain: what the server waits for with its smallest payments. */
export function leastWait(bands: readonly [...Band[], Band]): Wait {
  return bands.map(({ wait }) => wait).reduce((least, wait) => (isStricter(least, wait) ? wait : least))
}

/** Why a merchant cannot wait for `asked` on a chain with these bands, as the end of a sentence about it; null where they can. */
export function waitProblem(bands: readonly [...Band[], Band], asked: AskedWait['wait']): string | null {
  const least = leastWait(bands)
  if (asked === 'finalized' && !namesFinalized(bands)) {
    return 'must be a number: its nodes are not asked which blocks are final.'
  }
  if (!isStricter(least, asked)) return null
  return typeof least === 'number'
    ? `must be at least ${least}: the server itself waits for as many.`
    : 'must be finalized: the server itself waits until a block is safe.'
}

/** The newest block whose payments are final under `policy` when the chain is read up to `marks.head`; -1 for none. */
export function finalUpTo({ wait, witness }: Policy, marks: Marks): bigint {
  const vouched = witness === 'all' ? marks.agreedByAll : marks.agreed
  const waited = typeof wait === 'number' ? marks.head - BigInt(wait) + 1n : (marks[wait] ?? -1n)
  const lowest = [vouched, waited, marks.head].reduce((least, mark) => (mark < least ? mark : least))
  return lowest < -1n ? -1n : lowest
}

/** A wait as it is stored and read back: digits or a tag. */
export function parseWait(text: string): Wait {
  return text === 'safe' || text === 'finalized' ? text : parseInt(text, 10)
}

/** A payment that its own policy takes for final: what it is worth, and whether its chain's strictest policy takes it so too. */
export type Postable = { id: string; organizationId: string; valueUsd: bigint; isBeyondDoubt: boolean }

/** What a merchant takes before it is beyond doubt: at most `cap`, of which `used` is taken. US dollars at 8 decimals. */
export type Allowance = { cap: bigint; used: bigint }

/**
 * Those of `payments` that may be posted now: what is beyond doubt, and of the others, in their order, each that still fits into
 * its merchant's allowance. A merchant without one takes nothing before that.
 */
export function withinAllowance<P extends Postable>(
  payments: readonly P[],
  allowances: ReadonlyMap<string, Allowance>,
): P[] {
  const used = new Map<string, bigint>()
  return payments.filter(({ organizationId, valueUsd, isBeyondDoubt }) => {
    if (isBeyondDoubt) return true
    const allowance = allowances.get(organizationId)
    if (allowance === undefined) return false
    const after = (used.get(organizationId) ?? allowance.used) + valueUsd
    if (after > allowance.cap) return false
    used.set(organizationId, after)
    return true
  })
}
