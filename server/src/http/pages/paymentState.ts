import { detailsGroups } from './detailsFields.ts'
import type { PaymentPage, PaymentPageAddress, PaymentPageLineItem } from './paymentPageView.ts'

/**
 * The one thing a payer is told: what is asked before there is anything to pay (an amount, details, a confirmation that costs
 * nothing), then to pay, send the rest, wait for the chain, done, or do not pay.
 */
export type PaymentStateKind =
  | 'amount'
  | 'details'
  | 'zero'
  | 'open'
  | 'partial'
  | 'processing'
  | 'complete'
  | 'expired'
  | 'expiredPartial'
  | 'unready'

/** Whether something is asked of the payer before there is anything to pay. */
export function isAsking(kind: PaymentStateKind): kind is 'amount' | 'details' | 'zero' {
  return kind === 'amount' || kind === 'details' || kind === 'zero'
}

/** What a payer asks to change of what was given already. */
export type PaymentEdit = 'amount' | 'details'

/**
 * What the page says about a session. `address` is the way to pay in view (null when there is none); `received` and `remaining`
 * are in base units of its asset, `remaining` rounded up. The address may be shown only while `payable`.
 */
export type PaymentState = {
  readonly kind: PaymentStateKind
  readonly payable: boolean
  readonly address: PaymentPageAddress | null
  readonly received: bigint
  readonly remaining: bigint
  readonly confirmations: { readonly required: number; readonly best: number } | null
}

/**
 * Derives what to show from the view and the payer's choice; a `selectedAddressId` that is not the session's is ignored, and so is
 * an `edit` of what cannot be changed.
 */
export function paymentState(
  view: PaymentPage,
  selectedAddressId: string | null,
  edit: PaymentEdit | null = null,
): PaymentState {
  const address = chosenAddress(view, selectedAddressId)
  const remaining = address === null ? 0n : remainingUnits(view.addresses, address)
  const kind = kindOf(view, remaining, edit)
  const paidRow = view.addresses.find(row => BigInt(row.amountReceivedRaw) > 0n)
  return {
    kind,
    payable: (kind === 'open' || kind === 'partial') && !isTimeUp(view),
    address,
    received: address === null ? 0n : BigInt(address.amountRaw) - remaining,
    remaining,
    confirmations: view.paymentIntent.status === 'processing' && paidRow !== undefined ? paidRow.confirmations : null,
  }
}

/** Whether the server's time has reached `expiresAt`; both are ISO-8601 UTC of one form, so they compare as text. */
export function isTimeUp(view: Pick<PaymentPage, 'serverTime' | 'expiresAt'>): boolean {
  return view.serverTime >= view.expiresAt
}

function kindOf(view: PaymentPage, remaining: bigint, edit: PaymentEdit | null): PaymentStateKind {
  if (view.status === 'complete') return 'complete'
  const isSeen = view.paymentIntent.status === 'processing'
  if (isSeen && (remaining === 0n || isTimeUp(view))) return 'processing'
  if (view.status === 'expired') return 'expired'
  const hasMoney = isSeen || view.status === 'incomplete'
  if (isTimeUp(view)) return hasMoney ? 'expiredPartial' : 'expired'
  const step = view.isChangeable ? stepOf(view, edit) : null
  if (step !== null) return step
  if (view.addresses.length === 0) return 'unready'
  return hasMoney ? 'partial' : 'open'
}

/** What the payer is asked before the payment itself, in this order; null when nothing stands before it. */
function stepOf(view: PaymentPage, edit: PaymentEdit | null): 'amount' | 'details' | 'zero' | null {
  if (isUnchosen(view) || (edit === 'amount' && openLine(view) !== null)) return 'amount'
  if (view.missingDetails.length > 0 || (edit === 'details' && detailsGroups(view).length > 0)) return 'details'
  return view.amountTotal === '0' ? 'zero' : null
}

/** The line whose amount the payer chooses, or null. */
export function openLine(view: Pick<PaymentPage, 'lineItems'>): PaymentPageLineItem | null {
  return view.lineItems.data.find(({ price }) => price.unitAmount === null) ?? null
}

/** Whether the amount is still to be chosen: until then the line of the open price is worth nothing. */
export function isUnchosen(view: Pick<PaymentPage, 'lineItems'>): boolean {
  return openLine(view)?.amountSubtotal === '0'
}

function chosenAddress(view: PaymentPage, selectedAddressId: string | null): PaymentPageAddress | null {
  const preferred = view.paymentSetting?.preferredChainId
  return (
    view.addresses.find(row => row.id === selectedAddressId) ??
    view.addresses.find(row => BigInt(row.amountReceivedRaw) > 0n) ??
    view.addresses.find(row => row.asset.chainId === preferred) ??
    view.addresses[0] ??
    null
  )
}

/**
 * What is still due in base units of `row`'s asset, rounded up: every row may be paid in part, and the shares paid add up exactly
 * (payments.md 3.1), so the sum is taken over one common denominator.
 */
export function remainingUnits(rows: readonly PaymentPageAddress[], row: PaymentPageAddress): bigint {
  let paid = 0n
  let whole = 1n
  for (const other of rows) {
    const due = BigInt(other.amountRaw)
    if (due === 0n) continue
    paid = paid * due + BigInt(other.amountReceivedRaw) * whole
    whole *= due
  }
  const left = whole - paid
  return left <= 0n ? 0n : (BigInt(row.amountRaw) * left + whole - 1n) / whole
}
