import type { Crypto, Currency } from './currency.ts'
import type { Customer } from './customer.ts'
import { AppError, invariant } from './errors.ts'
import { payUntil } from './haltedTime.ts'
import type { Organization } from './organization.ts'
import type { Address, AllowedChain, CheckoutSession, LineItem, Metadata, Visibility } from './session.ts'
import type { IntentStatus } from './settlement.ts'

export const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const

export type InvoiceStatus = (typeof INVOICE_STATUSES)[number]

/** A line of an invoice with its exact sums at 8 decimals; null `taxRateIds` are those of the invoice. */
export type InvoiceItem = LineItem & { taxRateIds: string[] | null }

/** How an invoice may be paid where that differs from what its organization has set. */
export type InvoiceSetting = {
  allowedChains: AllowedChain[] | null
  preferredChainId: number | null
  preferredCurrency: Crypto | null
  allowSwap: boolean
}

/** Who issues an invoice, as it is printed. */
export type Issuer = {
  name: string
  email: string | null
  phone: string | null
  address: Address | null
  companyIdentificationNumber: string | null
  taxIdentificationNumber: string | null
}

/** A session that was made to pay an invoice, with its payment intent, whose `status` it is. */
export type InvoiceAttempt = {
  sessionId: string
  intentId: string
  createdAt: Date
  updatedAt: Date
  status: IntentStatus
} & Pick<CheckoutSession, 'expiresAt' | 'deadline'> & { sessionStatus: CheckoutSession['status'] }

/** What a merchant asks a customer to pay: a draft until it is finalized, then a numbered document. */
export type Invoice = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  status: InvoiceStatus
  /** As it was when the draft was last written, and since then. */
  customer: Customer
  /** Null while it is a draft. */
  issuer: Issuer | null
  subscriptionId: string | null
  /** Null while it has no lines. */
  currency: Currency | null
  /** At 8 decimals: subtotal + tax = total. */
  amountSubtotal: bigint
  amountTax: bigint
  amountTotal: bigint
  items: InvoiceItem[]
  taxRateIds: string[]
  description: string | null
  footer: string | null
  customFields: { name: string; value: string }[] | null
  paymentSetting: InvoiceSetting | null
  metadata: Metadata | null
  clientReferenceId: string | null
  visibility: Visibility
  allowPromotionCodes: boolean
  dueDate: Date | null
  fromInvoiceId: string | null
  latestRevisionId: string | null
  invoiceNumber: string | null
  finalizeScheduleAt: Date | null
  cc: string[]
  finalizedAt: Date | null
  sentAt: Date | null
  paidAt: Date | null
  paidOutOfBand: boolean
  voidedAt: Date | null
  markedUncollectibleAt: Date | null
  /** When its being overdue was told. */
  overdueAt: Date | null
  /** The session that pays it, or paid it. */
  checkoutSessionId: string | null
  /** All sessions that were made for it, oldest first. */
  attempts: InvoiceAttempt[]
  /** As it is now. */
  organization: Organization
}

/** What may be done to an invoice: `settle` is a payment on chain, `revert` a reorg that took it back. */
export type InvoiceAct = 'finalize' | 'settle' | 'revert' | 'markAsPaid' | 'markUncollectible' | 'void'

/** Every move: what each act makes of each status; null where it is refused. */
export const NEXT_INVOICE: Readonly<Record<InvoiceStatus, Readonly<Record<InvoiceAct, InvoiceStatus | null>>>> = {
  draft: { finalize: 'open', settle: null, revert: null, markAsPaid: null, markUncollectible: null, void: null },
  open: {
    ...{ finalize: null, settle: 'paid', revert: null },
    ...{ markAsPaid: 'paid', markUncollectible: 'uncollectible', void: 'void' },
  },
  uncollectible: {
    ...{ finalize: null, settle: 'paid', revert: null },
    ...{ markAsPaid: 'paid', markUncollectible: null, void: 'void' },
  },
  paid: { finalize: null, settle: null, revert: 'open', markAsPaid: null, markUncollectible: null, void: null },
  void: { finalize: null, settle: null, revert: null, markAsPaid: null, markUncollectible: null, void: null },
}

/** Whether the table lets `act` happen to it; what was paid out of band is no payment that a reorg could take back. */
export function canMove({ status, paidOutOfBand }: Invoice, act: InvoiceAct): boolean {
  return NEXT_INVOICE[status][act] !== null && !(act === 'revert' && paidOutOfBand)
}

/**
 * The invoice after `act` at `now`. Throws `invoice_not_draft` where only a draft can, and `invoice_not_open` where only one that is
 * asked for can.
 */
export function moveInvoice(invoice: Invoice, act: InvoiceAct, now: Date): Invoice {
  const status = NEXT_INVOICE[invoice.status][act]
  if (status === null || !canMove(invoice, act)) throw act === 'finalize' ? notDraft(invoice) : notOpen(invoice)
  const moved = { ...invoice, status, updatedAt: now }
  switch (act) {
    case 'finalize':
      return { ...moved, finalizedAt: now }
    case 'settle':
      return { ...moved, paidAt: now }
    case 'revert':
      return { ...moved, paidAt: null }
    case 'markAsPaid':
      return { ...moved, paidAt: now, paidOutOfBand: true }
    case 'markUncollectible':
      return { ...moved, markedUncollectibleAt: now }
    case 'void':
      return { ...moved, voidedAt: now }
    default:
      return act satisfies never
  }
}

/**
 * The invoice as its sessions' payments have it at `now`: paid by one that succeeded, open again when a reorg took them all. One that
 * was paid in another way or voided stays as it is.
 */
export function settledInvoice(invoice: Invoice, now: Date): Invoice {
  const succeeded = invoice.attempts.filter(({ status }) => status === 'succeeded')
  const payer = succeeded.find(({ sessionId }) => sessionId === invoice.checkoutSessionId) ?? succeeded[0]
  if (payer === undefined) return canMove(invoice, 'revert') ? moveInvoice(invoice, 'revert', now) : invoice
  const { sessionId: checkoutSessionId } = payer
  if (canMove(invoice, 'settle')) return { ...moveInvoice(invoice, 'settle', now), checkoutSessionId }
  const isMoved = canMove(invoice, 'revert') && checkoutSessionId !== invoice.checkoutSessionId
  return isMoved ? { ...invoice, checkoutSessionId } : invoice
}

/**
 * The session that whoever pays the invoice at `now` is led to: one that has money, so that nobody is asked for the whole sum once
 * more, else the newest that can be paid; null where a new one is to be made.
 */
export function sessionUnderWay({ attempts }: Invoice, now: Date): string | null {
  const paid = attempts.find(({ status, sessionStatus }) => status === 'processing' || sessionStatus === 'incomplete')
  const open = attempts.findLast(attempt => attempt.sessionStatus === 'open' && now < payUntil(attempt))
  return (paid ?? open)?.sessionId ?? null
}

/** `invoice_not_draft`: it is a document by now. */
export function notDraft({ status }: Invoice, param: string | null = null): AppError {
  const message = `This invoice is ${status}: what a finalized invoice says does not change. Revise it with fromInvoiceId, or duplicate it.`
  return new AppError('invoice_not_draft', message, { param })
}

/** `invoice_not_open`: nobody is asked to pay it. */
export function notOpen({ status }: Invoice): AppError {
  if (status === 'draft') return new AppError('invoice_not_open', 'This invoice is a draft: finalize it first.')
  return new AppError('invoice_not_open', `This invoice is ${status}: that cannot be changed so.`)
}

/** The sums of an invoice's lines at 8 decimals. */
export function sumsOf(items: readonly InvoiceItem[]): Pick<Invoice, 'amountSubtotal' | 'amountTax' | 'amountTotal'> {
  const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
  const amountSubtotal = sum(items.map(item => item.amountSubtotal))
  const amountTax = sum(items.map(item => item.amountTax))
  const amountTotal = sum(items.map(item => item.amountTotal))
  invariant(amountSubtotal + amountTax === amountTotal, 'the sums of an invoice add up')
  return { amountSubtotal, amountTax, amountTotal }
}

/** The organization as it is printed on what it issues now. */
export function issuerOf({ profile }: Organization): Issuer {
  const { name, email, supportEmail, phone, addressDetails } = profile
  const { companyIdentificationNumber, taxIdentificationNumber } = profile
  const numbers = { companyIdentificationNumber, taxIdentificationNumber }
  return { name, email: email ?? supportEmail, phone, address: addressDetails, ...numbers }
}

/** `ABCD1234-0001`: what an invoice is numbered with, and which one in the row, of at least 4 digits. */
export function formatInvoiceNumber(prefix: string, sequence: number): string {
  return `${prefix}-${sequence.toString().padStart(4, '0')}`
}
