import { checkoutSessionView, type ViewWorld } from '../domain/checkoutSessionView.ts'
import type { EventType } from '../domain/event.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import type { UnmatchedReason } from '../domain/settlement.ts'
import { unmatchedPaymentView } from '../domain/unmatchedPayment.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { NewEvent } from '../store/events.ts'

/** A session's change: whether a transfer that counts now came with it and did not count before; and the lost ones that are given up. */
type Change = {
  before: CheckoutSession
  after: CheckoutSession
  isNew: (transfer: SessionTransfer, wasUnmatched: boolean) => boolean
  gone: ReadonlySet<string>
}

/** The events that tell of a session's change at `now`, each with the whole object as it is after it. */
export function sessionEvents(
  change: Change,
  world: ViewWorld,
  now: Date,
  random: (size: number) => Uint8Array,
): NewEvent[] {
  const { after } = change
  const begins = beginsProcessing(change)
  const sessionTypes = [...(begins ? (['checkout_session.processing'] as const) : []), ...statusTypes(change)]
  const intentTypes = [...(begins ? (['payment_intent.processing'] as const) : []), ...intentStatusTypes(change)]
  const strays = newStrays(change)
  if (sessionTypes.length + intentTypes.length + strays.length === 0) return []

  const view = checkoutSessionView(after, world)
  const event = (type: EventType, object: string, objectId: string, data: object): NewEvent => ({
    id: uuidv7(now, random(10)),
    organizationId: after.organizationId,
    createdAt: now,
    type,
    object,
    objectId,
    data,
  })
  return [
    ...sessionTypes.map(type => event(type, 'checkoutSession', after.id, view)),
    ...intentTypes.map(type => event(type, 'paymentIntent', after.intent.id, view.paymentIntent)),
    ...strays.map(({ id, updatedAt, reason }) => {
      const payment = { id, sessionId: after.id, updatedAt, reason, resolution: null }
      return event('payment.unmatched', 'unmatchedPayment', id, unmatchedPaymentView(payment, after, world))
    }),
  ]
}

/** Whether money begins to count, even where its block is final already; what a reorg took and gives back was told before. */
function beginsProcessing({ before, after, isNew }: Change): boolean {
  const isMoved = before.intent.status !== 'processing' && before.intent.status !== after.intent.status
  if (!isMoved || (after.intent.status !== 'processing' && after.intent.status !== 'succeeded')) return false
  // What a person accepts was told as unmatched, and decided on.
  const hasMoreTime = after.deadline > before.deadline
  return after.transfers.some((transfer, index) => {
    if (transfer.orphanedAt !== null || transfer.unmatchedReason !== null) return false
    const wasUnmatched = before.transfers[index]?.unmatchedReason !== null
    if (!isNew(transfer, wasUnmatched) && !(hasMoreTime && wasUnmatched)) return false
    return lostTwins(transfer, after).every(({ unmatchedReason }) => unmatchedReason !== null)
  })
}

function statusTypes(change: Change): EventType[] {
  const { before, after } = change
  const types: EventType[] = []
  if (before.status === 'complete' && after.status !== 'complete') types.push('checkout_session.reverted')
  else if (before.status !== after.status) types.push(...STATUS_TYPES[after.status])
  // Most of what a reorg takes comes back in another block: it is told when it is given up.
  const news = after.exceptions.filter(exception => exception !== 'reorged' && !before.exceptions.includes(exception))
  if (news.length > 0 || isLostForGood(change)) types.push('checkout_session.exception')
  return types
}

/** Whether money that a reorg took is given up now: it was to be paid in that asset, and is in no other block. */
function isLostForGood({ after, gone }: Change): boolean {
  if (!after.exceptions.includes('reorged')) return false
  return after.transfers.some(
    transfer =>
      gone.has(transfer.id) &&
      transfer.orphanedAt !== null &&
      after.assets.some(({ asset }) => asset.id === transfer.asset.id) &&
      !after.transfers.some(other => other.orphanedAt === null && isSamePayment(other, transfer)),
  )
}

const STATUS_TYPES: Readonly<Record<CheckoutSession['status'], readonly EventType[]>> = {
  open: [],
  complete: ['checkout_session.completed'],
  incomplete: ['checkout_session.incomplete'],
  expired: ['checkout_session.expired'],
}

function intentStatusTypes({ before, after }: Change): EventType[] {
  if (before.intent.status === after.intent.status) return []
  if (after.intent.status === 'succeeded') return ['payment_intent.succeeded']
  return after.intent.status === 'canceled' ? ['payment_intent.canceled'] : []
}

/** Transfers that are found not to count, each told once whatever blocks it moves through. */
function newStrays({ before, after }: Change): { id: string; updatedAt: Date; reason: UnmatchedReason }[] {
  return after.transfers.flatMap((transfer, index) => {
    const { id, firstSeenAt, orphanedAt, unmatchedReason: reason } = transfer
    if (orphanedAt !== null || reason === null || before.transfers[index]?.unmatchedReason !== null) return []
    return lostTwins(transfer, after)[0]?.unmatchedReason === reason ? [] : [{ id, updatedAt: firstSeenAt, reason }]
  })
}

/** The same payment in blocks that reorgs took away. */
function lostTwins(transfer: SessionTransfer, { transfers }: CheckoutSession): SessionTransfer[] {
  return transfers.filter(other => other.orphanedAt !== null && isSamePayment(other, transfer))
}

/** What a transfer keeps when its transaction moves to another block. */
function isSamePayment(one: SessionTransfer, other: SessionTransfer): boolean {
  return (
    one.asset.id === other.asset.id &&
    one.amountRaw === other.amountRaw &&
    (one.txHash ?? one.place) === (other.txHash ?? other.place)
  )
}
