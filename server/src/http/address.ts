import { z } from '@hono/zod-openapi'
import { email, name, text } from './rules.ts'

/** A postal address as a request gives it, every part optional. */
export const addressDetail = z
  .strictObject({
    line1: text(250).optional(),
    line2: text(250).optional(),
    city: text(250).optional(),
    state: text(250).optional(),
    postalCode: text(50).optional(),
    country: text(100).optional(),
  })
  .openapi('AddressDetail')

/** A person or company with an address as a request gives it. */
export const fullAddressDetail = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    phone: text(50).optional(),
    organizationName: text(250).optional(),
    address: addressDetail.optional(),
  })
  .openapi('FullAddressDetail')

/** Tax numbers as a request gives them: at most 10. */
export const taxIds = z
  .strictObject({
    object: z.string().optional(),
    data: z
      .array(
        z
          .strictObject({ name: text(100).optional(), value: text(100).optional(), country: text(100).optional() })
          .openapi('CreateTaxId'),
      )
      .max(10)
      .optional(),
  })
  .openapi('CreateTaxIds')
