import { z } from '@hono/zod-openapi'
import type { InvoiceChanges } from '../actions/planInvoice.ts'
import { newLineItem, taxRateIds } from './cart.ts'
import { allowedChains } from './newSession.ts'
import { crypto, datetime, email, metadata, text, uuid } from './rules.ts'

const customFields = z
  .strictObject({
    fields: z
      .array(z.strictObject({ name: text(100, { min: 1 }), value: text(500) }).openapi('InvoiceCustomFields'))
      .max(10),
  })
  .openapi('InvoiceCustomField')

const paymentSetting = z
  .strictObject({
    allowedChains: allowedChains.nullish(),
    preferredChainId: z.int().positive().nullish(),
    preferredCurrency: crypto.nullish(),
    allowSwap: z.boolean().default(false),
  })
  .openapi('CreateInvoicePaymentSetting')

const lineItems = z.preprocess(
  value => (Array.isArray(value) ? { data: value } : value),
  z.strictObject({ data: z.array(newLineItem).min(1).max(100) }).openapi('CreatePriceItems'),
)

const fields = {
  description: text(2000).nullish(),
  customFields: customFields.nullish(),
  dueDate: datetime.nullish(),
  footer: text(2000).nullish(),
  metadata: metadata.nullish(),
  clientReferenceId: text(200).nullish(),
  visibility: z.union([z.literal(10), z.literal(20)]).optional(),
  allowPromotionCodes: z.boolean().optional(),
  lineItems: lineItems.optional(),
  paymentSetting: paymentSetting.nullish(),
  taxRateIds: taxRateIds.optional(),
}

/** The body of `POST /invoices`. */
export const newInvoice = z
  .strictObject({ ...fields, customerId: uuid.optional(), fromInvoiceId: uuid.optional() })
  .openapi('CreateInvoice')

/** The body of `PUT /invoices/{id}`. */
export const invoiceChanges = z.strictObject(fields).openapi('UpdateInvoice')

/** What the dashboard sends of an invoice that is being written: of a draft, or of none yet. */
export const writtenInvoice = z.strictObject({ ...fields, customerId: uuid.optional(), draftId: uuid.optional() })

/** The body of `POST /invoices/{id}/send`, which may be left out. */
export const invoiceSend = z
  .strictObject({ cc: z.array(email).max(10).optional(), finalizeScheduleAt: datetime.nullish() })
  .openapi('InvoiceSend')
  .optional()

/** What a request says about an invoice, as the actions take it. */
export function changesOf(body: z.output<typeof invoiceChanges>): InvoiceChanges {
  const { lineItems: cart, customFields: custom, paymentSetting: setting, ...rest } = body
  return {
    ...rest,
    lines: cart?.data,
    customFields: custom == null ? custom : custom.fields,
    paymentSetting:
      setting == null
        ? setting
        : {
            allowedChains: setting.allowedChains ?? null,
            preferredChainId: setting.preferredChainId ?? null,
            preferredCurrency: setting.preferredCurrency ?? null,
            allowSwap: setting.allowSwap,
          },
  }
}
