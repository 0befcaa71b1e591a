import type { Customer } from './customer.ts'
import type { Invoice } from './invoice.ts'
import type { Organization } from './organization.ts'

/** Who makes a draft, when, and under which id. */
export type DraftOrigin = { id: string; now: Date }

/** Nothing of what happens to an invoice has happened to a draft. */
const NEW = {
  status: 'draft',
  issuer: null,
  subscriptionId: null,
  fromInvoiceId: null,
  latestRevisionId: null,
  invoiceNumber: null,
  finalizeScheduleAt: null,
  finalizedAt: null,
  sentAt: null,
  paidAt: null,
  paidOutOfBand: false,
  voidedAt: null,
  markedUncollectibleAt: null,
  overdueAt: null,
  checkoutSessionId: null,
} as const

/** A draft without lines, with the texts of the organization's invoice setting. */
export function emptyDraft({ id, now }: DraftOrigin, organization: Organization, customer: Customer): Invoice {
  const { description, footer } = organization.invoice
  return {
    ...NEW,
    ...{
      id,
      organizationId: organization.id,
      createdAt: now,
      updatedAt: now,
      customer,
      description,
      footer,
      organization,
    },
    ...{ currency: null, amountSubtotal: 0n, amountTax: 0n, amountTotal: 0n, items: [], taxRateIds: [] },
    ...{ customFields: null, paymentSetting: null, metadata: null, clientReferenceId: null, dueDate: null },
    ...{ visibility: 20, allowPromotionCodes: false, cc: [], attempts: [] },
  }
}

/** A draft that says what `invoice` says; a due date that has passed is left out. */
export function draftFrom(invoice: Invoice, { id, now }: DraftOrigin): Invoice {
  const { dueDate } = invoice
  return {
    ...{ ...invoice, ...NEW, id, createdAt: now, updatedAt: now, cc: [], attempts: [] },
    dueDate: dueDate !== null && dueDate > now ? dueDate : null,
  }
}
