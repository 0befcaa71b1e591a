import type { ViewWorld } from './checkoutSessionView.ts'
import { customerView } from './customerView.ts'
import type { Invoice, InvoiceAttempt, InvoiceItem } from './invoice.ts'
import { formatAmount } from './money.ts'
import { paymentSettingView } from './organizationView.ts'
import { paymentIntentView } from './paymentIntentView.ts'
import { lineItemView } from './priceView.ts'
import type { CheckoutSession } from './session.ts'

/**
 * The invoice as every GET answers it and every event carries it: JSON-ready, amounts as digit strings. `session` is the one that
 * pays or paid it; null where there is none, and in lists that did not ask for it.
 */
export function invoiceView(invoice: Invoice, session: CheckoutSession | null, world: ViewWorld) {
  const { status, attempts, customFields, finalizedAt } = invoice
  const url = invoiceUrl(invoice, world)
  const intent = attempts.find(({ sessionId }) => sessionId === invoice.checkoutSessionId)
  return {
    id: invoice.id,
    createdAt: invoice.createdAt,
    updatedAt: invoice.updatedAt,
    organizationId: invoice.organizationId,
    description: invoice.description,
    total: formatAmount(invoice.amountTotal),
    subTotal: formatAmount(invoice.amountSubtotal),
    totalTax: formatAmount(invoice.amountTax),
    currency: invoice.currency,
    customerId: invoice.customer.id,
    customer: customerView(invoice.customer),
    autoAdvance: status === 'draft' && invoice.finalizeScheduleAt !== null,
    collectionMethod: 'send_invoice' as const,
    invoiceType: 'one_time' as const,
    customFields: customFields === null ? null : { fields: customFields },
    ...settingView(invoice),
    status,
    attempted: attempts.length > 0,
    attemptCount: attempts.length,
    nextPaymentAttempt: null,
    dueDate: invoice.dueDate,
    footer: invoice.footer,
    fromInvoiceId: invoice.fromInvoiceId,
    latestRevisionId: invoice.latestRevisionId,
    invoicePdfUrl: finalizedAt === null ? null : `${url}/pdf`,
    invoiceNumber: invoice.invoiceNumber,
    paid: status === 'paid',
    paidOutOfBand: invoice.paidOutOfBand,
    metadata: invoice.metadata,
    clientReferenceId: invoice.clientReferenceId,
    lineItems: { object: 'list' as const, data: invoice.items.map(itemView) },
    finalizedAt,
    paidAt: invoice.paidAt,
    voidedAt: invoice.voidedAt,
    sentAt: invoice.sentAt,
    markedUncollectibleAt: invoice.markedUncollectibleAt,
    visibility: invoice.visibility,
    paymentIntentId: intent?.intentId ?? null,
    paymentIntent: session === null ? null : paymentIntentView(session, world),
    paymentIntentAttempt: attempts.map(attemptView),
    url,
    subscriptionId: invoice.subscriptionId,
    periodStart: null,
    periodEnd: null,
    billingReason: 'manual' as const,
    allowPromotionCodes: invoice.allowPromotionCodes,
    finalizeScheduleAt: invoice.finalizeScheduleAt,
    taxRateIds: invoice.taxRateIds,
  }
}

export type InvoiceView = ReturnType<typeof invoiceView>

/** The page where the customer sees and pays it. */
export function invoiceUrl({ id }: Pick<Invoice, 'id'>, { payUrl }: Pick<ViewWorld, 'payUrl'>): string {
  return `${payUrl}/payment/invoice/${id}`
}

function itemView(item: InvoiceItem) {
  const { periodStart, periodEnd } = item
  return { ...lineItemView(item), periodStart, periodEnd }
}

/** What is in force for the invoice: its own setting, and its organization's for what that leaves open. */
function settingView({ id, paymentSetting: own, organization }: Invoice) {
  const set = paymentSettingView(organization)
  if (own === null) return { paymentSettingId: set.id, paymentSetting: set }
  const paymentSetting = {
    ...set,
    id,
    allowedChains: own.allowedChains ?? set.allowedChains,
    preferredChainId: own.preferredChainId ?? set.preferredChainId,
    preferredCurrency: own.preferredCurrency ?? set.preferredCurrency,
    allowSwap: own.allowSwap,
  }
  return { paymentSettingId: id, paymentSetting }
}

function attemptView({ intentId, createdAt, updatedAt, status }: InvoiceAttempt) {
  return {
    id: intentId,
    createdAt,
    updatedAt,
    errorCode: null,
    type: 'unknown' as const,
    declineCode: null,
    paymentIntentId: intentId,
    paymentMethodType: 'wallet' as const,
    docUrl: null,
    status,
  }
}
