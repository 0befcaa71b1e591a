import { completion, partsOf, reaches, type Shares, sharesOf } from './completion.ts'
import { invariant } from './errors.ts'
import { deadlineOf } from './sessionTime.ts'

/** `open`; `complete`: paid in full, accepted or a confirmed zero; `incomplete`: less than asked; `expired`: closed with nothing. */
export type SessionStatus = 'open' | 'complete' | 'incomplete' | 'expired'

/** `paid` exactly when the session is complete. */
export type PaymentStatus = 'unpaid' | 'paid'

/** `processing`: something is seen and not final; `canceled`: closed with nothing. */
export type IntentStatus = 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled'

/** Why a live transfer is not counted towards its session. */
export type UnmatchedReason = 'wrong_chain' | 'wrong_token' | 'duplicate' | 'late'

/** What a person should know of beside the status. */
export type Exception = UnmatchedReason | 'underpaid' | 'overpaid' | 'reorged' | 'replaced' | 'refunded_without_payment'

type AssetKey = { id: string; chainId: number }

/** What is asked: the amount at 8 decimals (null while an open amount is not chosen) and, per payable asset, its base units. */
export type SettlementTerms = {
  amountTotal: bigint | null
  assets: readonly { asset: AssetKey; amountRaw: bigint }[]
  /** How much less than due still completes, in basis points. */
  toleranceBps: number
  expiresAt: Date
  /** For how long allowed chains stood still before the deadline: it moves by as much. */
  haltedMs: number
}

/** A transfer to the session's address; one that a reorg took away is passed in too, marked, and counts nothing. */
export type SettlementTransfer = {
  id: string
  asset: AssetKey
  amountRaw: bigint
  txHash: string | null
  place: string
  blockTime: Date
  /** When its transaction was first seen by us, in whatever block. */
  firstSeenAt: Date
  /** When its chain's policy was met; pending until then. */
  postedAt: Date | null
  orphanedAt: Date | null
  /** When another transaction took its nonce or input, so that it cannot come back. */
  replacedAt?: Date | null
}

/**
 * What a person decided or did. `accepted` is what was posted at that moment, in base units by asset; a `refund` is one that is
 * final on chain, in base units of its asset. A transfer that is given back, or on its way, does not count whatever comes later.
 */
export type Decision =
  | { kind: 'expire' | 'confirm_zero' | 'payer_cancel'; at: Date }
  | { kind: 'accept_partial'; at: Date; accepted: readonly { assetId: string; amountRaw: bigint }[] }
  | { kind: 'accept_transfer' | 'refund_transfer' | 'sweep_transfer'; at: Date; transferId: string }
  | { kind: 'refund'; at: Date; assetId: string; amountRaw: bigint }

/** The time of the newest block processed of an allowed chain. */
export type Head = { chainId: number; time: Date }

/** Everything that follows from the facts of a session. */
export type Settlement = {
  status: SessionStatus
  paymentStatus: PaymentStatus
  intentStatus: IntentStatus
  /** Sorted, each once. */
  exceptions: Exception[]
  /** Counted transfers, pending ones too, at 8 decimals and rounded down; null while there are none. */
  amountReceived: bigint | null
  /** The same in base units, for each payable asset. */
  received: { assetId: string; postedRaw: bigint; pendingRaw: bigint }[]
  /** The live transfers that are not counted, by id. */
  unmatched: { transferId: string; reason: UnmatchedReason }[]
  deadline: Date
  isClosed: boolean
  /** Whether posted and pending money together reach what completes the session. */
  isCovered: boolean
  completedAt: Date | null
}

/** Whether a person may close the session now: not while the money that completes it is here or on its way. */
export function canExpire(settlement: Pick<Settlement, 'status' | 'isCovered'>): boolean {
  return settlement.status !== 'complete' && !settlement.isCovered
}

/**
 * The status of a session and all that goes with it, from its terms, every transfer to its address, what people decided, the
 * processed heads of all allowed chains, and the clock. Pure: the order of the lists does not matter.
 */
export function deriveSettlement(
  terms: SettlementTerms,
  transfers: readonly SettlementTransfer[],
  decisions: readonly Decision[],
  heads: readonly Head[],
  now: Date,
): Settlement {
  const ordered = transfers.toSorted((left, right) => (left.id < right.id ? -1 : 1))
  const live = ordered.filter(transfer => transfer.orphanedAt === null)
  const shares = sharesOf(terms)
  const deadline = deadlineWith(terms, decisions)
  const accepted = decidedAt('accept_transfer', ordered, decisions)
  const givenBack = decidedAt('refund_transfer', ordered, decisions)
  const judge = (transfer: SettlementTransfer, completedAt: Date | null) => {
    if (accepted.has(transfer.id) && shares.weights.has(transfer.asset.id)) return []
    const reasons = reasonsAgainst(transfer, terms, deadline, completedAt)
    return reasons.length === 0 && givenBack.has(transfer.id) ? [reasonOnce(transfer, terms)] : reasons
  }

  // What completes the session is found among all that may count; what was first seen after that moment counts no more.
  const candidates = live.filter(transfer => judge(transfer, null).length === 0)
  const completedAt =
    terms.amountTotal === 0n ? confirmation(decisions, deadline) : completion(shares, candidates, accepted, decisions)
  const judged = live.map(transfer => ({ transfer, reasons: judge(transfer, completedAt) }))
  const counted = judged.filter(({ reasons }) => reasons.length === 0).map(({ transfer }) => transfer)
  const posted = counted.filter(transfer => transfer.postedAt !== null)

  const countedParts = partsOf(amountsOf(counted), shares)
  const isClosed = closes(terms, heads, deadline, now)
  const standing = {
    isComplete: completedAt !== null,
    isPosted: posted.length > 0,
    isPending: posted.length < counted.length,
    isClosed,
  }
  const status = sessionStatus(standing)
  const exceptions = new Set<Exception>([...judged.flatMap(({ reasons }) => reasons), ...losses(ordered, shares)])
  if (status === 'incomplete') exceptions.add('underpaid')
  if (status === 'complete' && partsOf(amountsOf(posted), shares) > shares.whole) exceptions.add('overpaid')
  if (isGivenBackUnpaid(live, decisions)) exceptions.add('refunded_without_payment')
  return {
    status,
    paymentStatus: status === 'complete' ? 'paid' : 'unpaid',
    intentStatus: intentStatus(standing),
    exceptions: [...exceptions].sort(),
    amountReceived: counted.length === 0 ? null : ((terms.amountTotal ?? 0n) * countedParts) / shares.whole,
    received: terms.assets.map(({ asset }) => receivedIn(asset.id, counted)),
    unmatched: judged.flatMap(({ transfer, reasons: [reason] }) =>
      reason === undefined ? [] : [{ transferId: transfer.id, reason }],
    ),
    deadline,
    isClosed,
    isCovered: reaches(countedParts, shares.due),
    completedAt,
  }
}

/** The four questions that both statuses answer: complete, anything posted, anything pending, closed. */
type Standing = { isComplete: boolean; isPosted: boolean; isPending: boolean; isClosed: boolean }

function sessionStatus({ isComplete, isPosted, isPending, isClosed }: Standing): SessionStatus {
  if (isComplete) return 'complete'
  if (isPosted) return 'incomplete'
  return isClosed && !isPending ? 'expired' : 'open'
}

function intentStatus({ isComplete, isPosted, isPending, isClosed }: Standing): IntentStatus {
  if (isComplete) return 'succeeded'
  if (isPending) return 'processing'
  return isClosed && !isPosted ? 'canceled' : 'requires_payment_method'
}

function deadlineWith(terms: SettlementTerms, decisions: readonly Decision[]): Date {
  const expired = decisions.filter(({ kind }) => kind === 'expire').map(({ at }) => at.getTime())
  return new Date(Math.min(deadlineOf(terms.expiresAt).getTime() + terms.haltedMs, ...expired))
}

function closes(terms: SettlementTerms, heads: readonly Head[], deadline: Date, now: Date): boolean {
  const isPast = ({ time }: Head) => time > deadline
  const isRead = terms.assets.every(({ asset }) => heads.some(head => head.chainId === asset.chainId))
  return now > deadline && isRead && heads.every(isPast)
}

/** When each transfer was first decided about as `kind` says; where a reorg took its block, the same one in another block stands in. */
function decidedAt(
  kind: 'accept_transfer' | 'refund_transfer',
  transfers: readonly SettlementTransfer[],
  decisions: readonly Decision[],
): Map<string, Date> {
  const decided = new Map<string, Date>()
  for (const decision of decisions) {
    if (decision.kind !== kind) continue
    invariant(
      transfers.some(({ id }) => id === decision.transferId),
      'a transfer that was decided about is among the transfers, lost or not',
    )
    const earlier = decided.get(decision.transferId)
    if (earlier === undefined || decision.at < earlier) decided.set(decision.transferId, decision.at)
  }
  for (const lost of transfers) {
    const at = decided.get(lost.id)
    if (at === undefined || lost.orphanedAt === null) continue
    const again = transfers.find(
      transfer =>
        transfer.orphanedAt === null && !decided.has(transfer.id) && identityOf(transfer) === identityOf(lost),
    )
    if (again !== undefined) decided.set(again.id, at)
  }
  return decided
}

/** All that speaks against counting a live transfer that nobody accepted; the first is the reason that people see. */
function reasonsAgainst(
  { asset, blockTime, firstSeenAt }: SettlementTransfer,
  terms: SettlementTerms,
  deadline: Date,
  completedAt: Date | null,
): UnmatchedReason[] {
  if (!terms.assets.some(row => row.asset.id === asset.id)) {
    return [terms.assets.some(row => row.asset.chainId === asset.chainId) ? 'wrong_token' : 'wrong_chain']
  }
  const reasons: UnmatchedReason[] = []
  if (completedAt !== null && firstSeenAt > completedAt) reasons.push('duplicate')
  if (firstSeenAt > deadline && blockTime > deadline) reasons.push('late')
  return reasons
}

/** Why a transfer did not count when it was given back, which a halt of a chain or a reorg may have ended since. */
function reasonOnce({ firstSeenAt }: SettlementTransfer, { expiresAt }: SettlementTerms): UnmatchedReason {
  return firstSeenAt > deadlineOf(expiresAt) ? 'late' : 'duplicate'
}

/** When the payer confirmed a total of zero, in time, or null. */
function confirmation(decisions: readonly Decision[], deadline: Date): Date | null {
  let earliest: Date | null = null
  for (const { kind, at } of decisions) {
    if (kind === 'confirm_zero' && at <= deadline && (earliest === null || at < earliest)) earliest = at
  }
  return earliest
}

/** What lost blocks brought and no other block has brought since. */
function losses(transfers: readonly SettlementTransfer[], shares: Shares): Exception[] {
  const live = new Set(transfers.filter(({ orphanedAt }) => orphanedAt === null).map(identityOf))
  return transfers
    .filter(transfer => shares.weights.has(transfer.asset.id) && !live.has(identityOf(transfer)))
    .map(({ replacedAt }) => (replacedAt ? 'replaced' : 'reorged'))
}

/** Whether more of an asset was given back than arrived in it for good: a reorg took what was refunded. */
function isGivenBackUnpaid(live: readonly SettlementTransfer[], decisions: readonly Decision[]): boolean {
  const left = new Map<string, bigint>()
  const add = (assetId: string, amountRaw: bigint) => left.set(assetId, (left.get(assetId) ?? 0n) + amountRaw)
  for (const { asset, amountRaw, postedAt } of live) if (postedAt !== null) add(asset.id, amountRaw)
  for (const decision of decisions) if (decision.kind === 'refund') add(decision.assetId, -decision.amountRaw)
  return [...left.values()].some(amountRaw => amountRaw < 0n)
}

/** What a transfer keeps when its transaction moves to another block; the log's index may change. */
export function identityOf({
  asset,
  amountRaw,
  txHash,
  place,
}: Pick<SettlementTransfer, 'asset' | 'amountRaw' | 'txHash' | 'place'>): string {
  return `${asset.id} ${amountRaw} ${txHash ?? place}`
}

function receivedIn(assetId: string, counted: readonly SettlementTransfer[]): Settlement['received'][number] {
  const received = { assetId, postedRaw: 0n, pendingRaw: 0n }
  for (const { asset, postedAt, amountRaw } of counted) {
    if (asset.id === assetId) received[postedAt === null ? 'pendingRaw' : 'postedRaw'] += amountRaw
  }
  return received
}

function amountsOf(transfers: readonly SettlementTransfer[]): { assetId: string; amountRaw: bigint }[] {
  return transfers.map(({ asset, amountRaw }) => ({ assetId: asset.id, amountRaw }))
}
