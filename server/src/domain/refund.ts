import type { Asset } from './asset.ts'
import type { Chains } from './chainConfig.ts'
import { AppError, invariant } from './errors.ts'
import type { Hex } from './hex.ts'
import { assertPayable, atMostMax, fromRawFloor, toRaw } from './money.ts'
import type { CheckoutSession, SessionTransfer } from './session.ts'
import { identityOf } from './settlement.ts'
import { transferCall } from './transferCall.ts'

/** `requires_signature` until the merchant's wallet has sent it, `submitted` until its transaction is final. */
export type RefundStatus = 'requires_signature' | 'submitted' | 'succeeded' | 'failed' | 'canceled'

/** Why a refund failed: its transaction was reverted, or pays somebody else, another asset or less. */
export type RefundFailure = 'reverted' | 'pays_something_else'

/** Where the money of a refund was seen on its chain; `place` as in a transfer. */
export type RefundPayment = { place: string; blockHash: Hex; blockNumber: bigint }

/** Money that a merchant gives back to a payer; `amount` at 8 decimals, `amountRaw` in the asset's base units. */
export type Refund = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  sessionId: string
  paymentIntentId: string
  /** The unmatched transfer that it gives back; null where it gives back part of what was paid. */
  transferId: string | null
  asset: Asset
  amount: bigint
  amountRaw: bigint
  to: Hex
  reason: string | null
  status: RefundStatus
  failure: RefundFailure | null
  txHash: Hex | null
  /** What settles it while it is `succeeded`; while it is `submitted`, what did by the same transaction until a reorg took it. */
  payment: RefundPayment | null
}

/** Every legal move of a refund's status: another transaction may be named until one is final, and a reorg may take that back. */
export const NEXT_REFUND: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = {
  requires_signature: ['submitted', 'canceled'],
  submitted: ['submitted', 'succeeded', 'failed'],
  succeeded: ['submitted'],
  failed: [],
  canceled: [],
}

/** Whether the refund takes from what can be given back: it was or may yet be paid. */
export function isLiveRefund({ status }: Pick<Refund, 'status'>): boolean {
  return status === 'requires_signature' || status === 'submitted' || status === 'succeeded'
}

/** What is to be given back: all that can be where `amount` (8 decimals) is absent; of one unmatched transfer, or of what was paid. */
export type RefundAsked = { transferId: string | null; assetId: string | undefined; amount: bigint | undefined }

/**
 * How much of which asset a refund gives back: never more than what is final and counted (or is that unmatched transfer) less the
 * refunds that are live. Throws `nothing_to_refund`, `asset_required`, `refund_too_large`, `amount_scale` or `amount_too_large`.
 */
export function planRefund(
  session: CheckoutSession,
  refunds: readonly Refund[],
  { transferId, assetId, amount }: RefundAsked,
): Pick<Refund, 'asset' | 'amount' | 'amountRaw'> {
  const left = refundable(session, refunds, transferId).filter(row => assetId === undefined || row.asset.id === assetId)
  const [first, ...others] = left
  if (first === undefined) {
    throw new AppError('nothing_to_refund', 'Nothing is left to give back: nothing is final yet, or all was refunded.')
  }
  if (others.length > 0) {
    const names = left.map(({ asset }) => `${asset.id} (${asset.symbol} on chain ${asset.chainId})`).join(', ')
    const message = `The session was paid in several assets: make one refund for each, with its assetId of ${names}.`
    throw new AppError('asset_required', message, { param: 'assetId' })
  }
  const { asset, amountRaw } = first
  if (amount === undefined) {
    return { asset, amount: atMostMax(fromRawFloor(amountRaw, asset.decimals), 'amount'), amountRaw }
  }
  assertPayable(amount, asset.symbol, asset.decimals, 'amount')
  const askedRaw = toRaw(amount, asset.decimals)
  if (askedRaw <= amountRaw) return { asset, amount, amountRaw: askedRaw }
  const most = fromRawFloor(amountRaw, asset.decimals)
  throw new AppError('refund_too_large', `At most ${most} of ${asset.symbol} can be given back.`, { param: 'amount' })
}

/**
 * What can be given back, in each asset of which anything is left: of what is meant, less what was given back of it, whether it counted
 * then or not, and never so much that all refunds together exceed what is final.
 */
function refundable(
  session: CheckoutSession,
  refunds: readonly Refund[],
  transferId: string | null,
): { asset: Asset; amountRaw: bigint }[] {
  const final = session.transfers.filter(({ postedAt, orphanedAt }) => postedAt !== null && orphanedAt === null)
  const meant = final.filter(({ id, unmatchedReason }) =>
    transferId === null ? unmatchedReason === null : id === transferId,
  )
  const live = refunds.filter(isLiveRefund)
  const ofMeant = live.filter(refund =>
    refund.transferId === null
      ? transferId === null
      : meant.some(transfer => givesBack(refund, transfer, session.transfers)),
  )
  const assets = new Map(meant.map(({ asset }) => [asset.id, asset]))
  return [...assets.values()].flatMap(asset => {
    const left = sumIn(asset, meant) - sumIn(asset, ofMeant)
    const leftOfOthers = sumIn(asset, final) - sumIn(asset, live) - left
    const amountRaw = leftOfOthers < 0n ? left + leftOfOthers : left
    return amountRaw > 0n ? { asset, amountRaw } : []
  })
}

/** Whether a refund of one transfer is of this one, or of the same payment in a block that a reorg took away. */
function givesBack({ transferId }: Refund, transfer: SessionTransfer, all: readonly SessionTransfer[]): boolean {
  if (transfer.id === transferId) return true
  const given = all.find(({ id }) => id === transferId)
  return given !== undefined && given.orphanedAt !== null && identityOf(given) === identityOf(transfer)
}

function sumIn({ id }: Asset, rows: readonly { asset: Asset; amountRaw: bigint }[]): bigint {
  return rows.reduce((sum, { asset, amountRaw }) => (asset.id === id ? sum + amountRaw : sum), 0n)
}

/** How the addresses begin that networks keep for their own contracts, the zero address included. */
const PRECOMPILES = `0x${'00'.repeat(18)}`

/** Throws `address_forbidden` where nobody gets the money: a token, a factory, a part of a network, or a deposit address. */
export function assertRefundReceiver(to: Hex, chains: Chains, isDeposit: boolean): void {
  const isOurs = [...chains.values()].some(
    ({ assets, deposit, coinAlias }) =>
      deposit.factory === to || coinAlias === to || assets.some(asset => asset.address === to),
  )
  if (!isOurs && !isDeposit && !to.startsWith(PRECOMPILES)) return
  const what = isDeposit ? 'a deposit address' : 'a token or a part of the network'
  throw new AppError('address_forbidden', `${to} is ${what}: send the refund to a wallet of the payer.`, {
    param: 'toAddress',
  })
}

/**
 * Throws `address_unconfirmed` where the receiver was typed in twice differently, or is or looks like a sender of the session and was
 * typed in once: that may be an exchange's address, or one that was made to be mistaken for the payer's.
 */
export function assertConfirmed(to: Hex, again: Hex | undefined, session: CheckoutSession): void {
  if (again === to) return
  const refuse = (message: string) => new AppError('address_unconfirmed', message, { param: 'confirmToAddress' })
  if (again !== undefined) throw refuse('toAddress and confirmToAddress differ: ask the payer which one is right.')
  const like = session.transfers.find(({ from }) => from !== null && looksLike(from, to))
  if (like === undefined) return
  throw refuse(
    like.from === to
      ? `The payment came from ${to}, which may be an exchange's wallet that keeps what comes back: ask the payer for an address, and repeat it as confirmToAddress.`
      : `${to} looks like ${like.from}, where a payment came from, and is another address: it may have been made to be mistaken. Ask the payer, and repeat it as confirmToAddress.`,
  )
}

/** Whether people take one for the other: wallets show the first and the last four digits. */
function looksLike(one: Hex, other: Hex): boolean {
  return one.slice(0, 6) === other.slice(0, 6) && one.slice(-4) === other.slice(-4)
}

/** Money that one transaction moved, as its block tells it. */
export type SeenPayment = { asset: Hex; to: Hex; amountRaw: bigint; place: string }

/**
 * The places of the payments that settle `refunds`, which name the same transaction, by their ids: as many as can be, each by one to
 * its receiver, in its asset and in none of `usedPlaces`. That of exactly its amount is a refund's own; otherwise it is the smallest
 * that is enough.
 */
export function placesOfPayments(
  refunds: readonly Refund[],
  payments: readonly SeenPayment[],
  usedPlaces: ReadonlySet<string>,
): Map<string, string> {
  const left = payments.filter(({ place }) => !usedPlaces.has(place)).toSorted(byAmount)
  const places = new Map<string, string>()
  for (const isExact of [true, false]) {
    for (const { id, asset, to, amountRaw } of refunds.toSorted(byAmount)) {
      if (places.has(id)) continue
      const index = left.findIndex(paid => {
        const isEnough = isExact ? paid.amountRaw === amountRaw : paid.amountRaw >= amountRaw
        return isEnough && paid.asset === asset.address && paid.to === to
      })
      const [found] = index < 0 ? [] : left.splice(index, 1)
      if (found !== undefined) places.set(id, found.place)
    }
  }
  return places
}

function byAmount(left: { amountRaw: bigint }, right: { amountRaw: bigint }): number {
  return left.amountRaw < right.amountRaw ? -1 : left.amountRaw > right.amountRaw ? 1 : 0
}

/** The refund at `now` with another status; a move that `NEXT_REFUND` does not know is a bug. */
export function moveRefund(
  refund: Refund,
  changes: Pick<Refund, 'status'> & Partial<Pick<Refund, 'failure' | 'txHash' | 'payment'>>,
  now: Date,
): Refund {
  invariant(
    NEXT_REFUND[refund.status].includes(changes.status),
    `illegal move of a refund: ${refund.status} to ${changes.status}`,
  )
  return { ...refund, failure: null, payment: null, ...changes, updatedAt: now }
}

/** What the merchant's wallet is to send: the token's `transfer(to, amountRaw)` (ERC-20), or the coin itself. */
export function refundCall({ asset, to, amountRaw }: Pick<Refund, 'asset' | 'to' | 'amountRaw'>) {
  const { value, ...call } = transferCall(asset, to, amountRaw)
  return { chainId: asset.chainId, ...call, value: value.toString() }
}

/** The refund as every answer and event shows it. */
export function refundView(refund: Refund) {
  return {
    id: refund.id,
    createdAt: refund.createdAt,
    updatedAt: refund.updatedAt,
    organizationId: refund.organizationId,
    checkoutSessionId: refund.sessionId,
    paymentIntentId: refund.paymentIntentId,
    unmatchedPaymentId: refund.transferId,
    amount: refund.amount.toString(),
    amountRaw: refund.amountRaw.toString(),
    assetId: refund.asset.id,
    toAddress: refund.to,
    reason: refund.reason,
    status: refund.status,
    failure: refund.failure,
    transactionHash: refund.txHash,
    call: refundCall(refund),
  }
}
