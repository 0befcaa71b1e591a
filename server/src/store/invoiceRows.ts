import type { Selectable } from 'kysely'
import type { Currency } from '../domain/currency.ts'
import type { Customer } from '../domain/customer.ts'
import type { Invoice, InvoiceAttempt, InvoiceItem, InvoiceSetting, InvoiceStatus, Issuer } from '../domain/invoice.ts'
import type { Organization } from '../domain/organization.ts'
import type { Metadata, Visibility } from '../domain/session.ts'
import type { Invoices } from './schema.ts'

const json = (value: unknown) => (value === null ? null : JSON.stringify(value))

/** All columns of an invoice that may change. */
export function invoiceRow(invoice: Invoice) {
  const { updatedAt, customer, status, currency, amountSubtotal, amountTax, amountTotal } = invoice
  return {
    updated_at: updatedAt,
    customer_id: customer.id,
    customer: JSON.stringify(customer),
    issuer: json(invoice.issuer),
    subscription_id: invoice.subscriptionId,
    ...{ status, currency, amount_subtotal: amountSubtotal, amount_tax: amountTax, amount_total: amountTotal },
    description: invoice.description,
    footer: invoice.footer,
    custom_fields: json(invoice.customFields),
    payment_setting: json(invoice.paymentSetting),
    tax_rate_ids: invoice.taxRateIds,
    metadata: json(invoice.metadata),
    client_reference_id: invoice.clientReferenceId,
    visibility: invoice.visibility,
    allow_promotion_codes: invoice.allowPromotionCodes,
    due_date: invoice.dueDate,
    from_invoice_id: invoice.fromInvoiceId,
    latest_revision_id: invoice.latestRevisionId,
    invoice_number: invoice.invoiceNumber,
    finalize_schedule_at: invoice.finalizeScheduleAt,
    cc: invoice.cc,
    finalized_at: invoice.finalizedAt,
    sent_at: invoice.sentAt,
    paid_at: invoice.paidAt,
    paid_out_of_band: invoice.paidOutOfBand,
    voided_at: invoice.voidedAt,
    marked_uncollectible_at: invoice.markedUncollectibleAt,
    overdue_at: invoice.overdueAt,
    checkout_session_id: invoice.checkoutSessionId,
  }
}

/** A row of invoices as the domain has it. */
export function invoiceFromRow(
  row: Selectable<Invoices>,
  organization: Organization,
  items: InvoiceItem[],
  attempts: InvoiceAttempt[],
): Invoice {
  return {
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    status: row.status as InvoiceStatus,
    customer: customerFromJson(row.customer),
    issuer: row.issuer as Issuer | null,
    subscriptionId: row.subscription_id,
    currency: row.currency as Currency | null,
    amountSubtotal: row.amount_subtotal,
    amountTax: row.amount_tax,
    amountTotal: row.amount_total,
    items,
    taxRateIds: row.tax_rate_ids,
    description: row.description,
    footer: row.footer,
    customFields: row.custom_fields as Invoice['customFields'],
    paymentSetting: row.payment_setting as InvoiceSetting | null,
    metadata: row.metadata as Metadata | null,
    clientReferenceId: row.client_reference_id,
    visibility: row.visibility as Visibility,
    allowPromotionCodes: row.allow_promotion_codes,
    dueDate: row.due_date,
    fromInvoiceId: row.from_invoice_id,
    latestRevisionId: row.latest_revision_id,
    invoiceNumber: row.invoice_number,
    finalizeScheduleAt: row.finalize_schedule_at,
    cc: row.cc,
    finalizedAt: row.finalized_at,
    sentAt: row.sent_at,
    paidAt: row.paid_at,
    paidOutOfBand: row.paid_out_of_band,
    voidedAt: row.voided_at,
    markedUncollectibleAt: row.marked_uncollectible_at,
    overdueAt: row.overdue_at,
    checkoutSessionId: row.checkout_session_id,
    attempts,
    organization,
  }
}

function customerFromJson(value: unknown): Customer {
  const customer = value as Customer
  const times = (of: { createdAt: Date; updatedAt: Date }) => ({
    createdAt: new Date(of.createdAt),
    updatedAt: new Date(of.updatedAt),
  })
  return {
    ...customer,
    ...times(customer),
    taxIds: customer.taxIds.map(taxId => ({ ...taxId, ...times(taxId) })),
  }
}
