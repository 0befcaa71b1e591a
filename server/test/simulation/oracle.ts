import type { DueRow, SessionRow, TransferRow } from './mirror.ts'
import type { Decided } from './world.ts'

// The rules of a session's status written a second time, from what a merchant is promised and not from the code that keeps it:
// fractions in place of common denominators, one pass for each question.

/** What must be stored of a session, given its facts. */
export type Expected = {
  status: string
  intent: string
  received: bigint | null
  exceptions: string[]
  deadline: Date
  reasons: ReadonlyMap<string, string>
}

/** The terms of a session as they were made. */
export type Terms = {
  createdAt: Date
  expiresAt: Date
  toleranceBps: number
  total: bigint
  due: readonly DueRow[]
  chainOf: (asset: string) => number
}

const GRACE_MS = 15 * 60_000

/** A time in which a chain made no block. */
export type Pause = { from: Date; to: Date }

/** What follows from the facts of a session that is closed or is not; `pauses` are those of the chains that it may be paid on. */
export function expectedOf(
  terms: Terms,
  transfers: readonly TransferRow[],
  decisions: readonly Decided[],
  { isClosed }: Pick<SessionRow, 'isClosed'>,
  pauses: readonly Pause[],
): Expected {
  const dueOf = new Map(terms.due.map(row => [row.asset, row.amountRaw]))
  const ends = decisions.filter(decision => decision.kind === 'expire').map(({ at }) => at.getTime())
  const deadline = new Date(Math.min(withPauses(terms, pauses), ...ends))
  const isLate = (transfer: TransferRow) => transfer.firstSeenAt > deadline && transfer.blockTime > deadline
  const live = transfers.filter(transfer => transfer.orphanedAt === null)
  const inTime = live.filter(transfer => dueOf.has(transfer.asset) && !isLate(transfer))
  const sum = (parts: readonly TransferRow[]) =>
    parts.reduce<Fraction>((total, { asset, amountRaw }) => plus(total, [amountRaw, dueOf.get(asset) ?? 1n]), [0n, 1n])
  const enough: Fraction = [BigInt(10_000 - terms.toleranceBps), 10_000n]
  const final = inTime.filter(transfer => transfer.postedAt !== null)
  const moments = final.map(transfer => countsFrom(transfer)).sort((left, right) => left - right)
  const completedAt = moments.find(moment => {
    const paid = sum(final.filter(transfer => countsFrom(transfer) <= moment))
    return paid[0] > 0n && atLeast(paid, enough)
  })

  const reasons = new Map<string, string>()
  const exceptions = new Set<string>()
  for (const transfer of live) {
    const found = dueOf.has(transfer.asset)
      ? [
          ...(completedAt !== undefined && transfer.firstSeenAt.getTime() > completedAt ? ['duplicate'] : []),
          ...(isLate(transfer) ? ['late'] : []),
        ]
      : [terms.due.some(row => terms.chainOf(row.asset) === transfer.chain) ? 'wrong_token' : 'wrong_chain']
    for (const reason of found) exceptions.add(reason)
    if (found[0] !== undefined) reasons.set(transfer.id, found[0])
  }
  const counted = live.filter(transfer => !reasons.has(transfer.id))
  const posted = counted.filter(transfer => transfer.postedAt !== null)
  const isPending = posted.length < counted.length
  const status =
    completedAt !== undefined
      ? 'complete'
      : posted.length > 0
        ? 'incomplete'
        : isClosed && !isPending
          ? 'expired'
          : 'open'
  for (const lost of transfers) {
    if (lost.orphanedAt === null || !dueOf.has(lost.asset) || live.some(one => isSame(one, lost))) continue
    exceptions.add(lost.replacedAt === null ? 'reorged' : 'replaced')
  }
  if (status === 'incomplete') exceptions.add('underpaid')
  if (status === 'complete' && !atLeast([1n, 1n], sum(posted))) exceptions.add('overpaid')
  const [paid, of] = sum(counted)
  return {
    status,
    intent:
      status === 'complete'
        ? 'succeeded'
        : isPending
          ? 'processing'
          : isClosed && posted.length === 0
            ? 'canceled'
            : 'requires_payment_method',
    received: counted.length === 0 ? null : (terms.total * paid) / of,
    exceptions: [...exceptions].sort(),
    deadline,
    reasons,
  }
}

/** When so much time has passed from creation to 15 minutes past expiry, in which none of the chains stood still. */
function withPauses({ createdAt, expiresAt }: Terms, pauses: readonly Pause[]): number {
  let left = expiresAt.getTime() + GRACE_MS - createdAt.getTime()
  let at = createdAt.getTime()
  for (const { from, to } of pauses.toSorted((one, other) => one.from.getTime() - other.from.getTime())) {
    const runs = Math.max(0, from.getTime() - at)
    if (runs >= left) break
    if (to.getTime() <= at) continue
    left -= runs
    at = to.getTime()
  }
  return at + left
}

/** The same payment, in whatever block. */
export function isSame(left: TransferRow, right: TransferRow): boolean {
  return (
    left.asset === right.asset &&
    left.amountRaw === right.amountRaw &&
    (left.txHash ?? left.place) === (right.txHash ?? right.place)
  )
}

function countsFrom({ postedAt, firstSeenAt }: TransferRow): number {
  return Math.max(postedAt?.getTime() ?? 0, firstSeenAt.getTime())
}

type Fraction = readonly [bigint, bigint]

function plus([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return b === d ? [a + c, b] : [a * d + c * b, b * d]
}

function atLeast([a, b]: Fraction, [c, d]: Fraction): boolean {
  return a * d >= c * b
}
