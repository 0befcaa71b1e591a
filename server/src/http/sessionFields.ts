import { z } from '@hono/zod-openapi'
import type { CustomField } from '../domain/session.ts'
import { name, PARAM, text } from './rules.ts'

const autoOrNever = z.enum(['auto', 'never'])

const label = z.strictObject({ type: z.literal('custom').default('custom'), custom: name }).openapi('CustomFieldLabel')

/** What of the customer follows from what the payer gives. */
export const customerUpdate = z
  .strictObject({ address: autoOrNever.optional(), name: autoOrNever.optional(), shipping: autoOrNever.optional() })
  .openapi('CheckoutSessionCustomerUpdate')

const inputField = z
  .strictObject({
    maximumLength: z.int().min(1).max(500).optional(),
    minimumLength: z.int().min(0).max(500).optional(),
    value: text(500).default('').openapi({ default: '' }),
  })
  .refine(({ minimumLength = 0, maximumLength = 500 }) => minimumLength <= maximumLength, {
    message: `${PARAM}: minimumLength must not be above maximumLength.`,
  })
  .openapi('InputField')

const dropdownField = z
  .strictObject({
    options: z
      .array(z.strictObject({ label: name, value: text(100, { min: 1 }) }).openapi('DropdownFieldOptions'))
      .min(1)
      .max(200),
    value: text(100).default('').openapi({ default: '' }),
  })
  .openapi('DropdownField')

/** Up to 3 questions of the merchant's to the payer, each with a key of its own, as the schemas `names` of the API. */
function customFieldsNamed(names: { list: string; field: string }) {
  const customField = z
    .strictObject({
      key: text(40, { min: 1 }),
      type: z.enum(['text', 'numeric', 'dropdown']),
      label,
      optional: z.boolean().default(false),
      text: inputField.optional(),
      numeric: inputField.optional(),
      dropdown: dropdownField.optional(),
    })
    .refine(({ type, dropdown }) => type !== 'dropdown' || dropdown !== undefined, {
      message: `${PARAM} is needed for a field of type dropdown.`,
      path: ['dropdown'],
    })
    .openapi(names.field)
  return z
    .strictObject({ fields: z.array(customField).max(3) })
    .refine(({ fields }) => new Set(fields.map(({ key }) => key)).size === fields.length, {
      message: `${PARAM}: two fields have the same key.`,
    })
    .transform(({ fields }): { fields: CustomField[] } => ({ fields }))
    .openapi(names.list)
}

/** The questions of a session. */
export const customFields = customFieldsNamed({
  list: 'CheckoutSessionCustomField',
  field: 'CheckoutSessionCustomFields',
})

/** The questions of a payment link. */
export const linkCustomFields = customFieldsNamed({ list: 'PaymentLinkCustomField', field: 'PaymentLinkCustomFields' })
