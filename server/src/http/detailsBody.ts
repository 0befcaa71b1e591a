import { z } from '@hono/zod-openapi'
import { fullAddressDetail } from './address.ts'
import { email, name, text } from './rules.ts'

/** What a payer says of himself, as a request gives it. */
export const detailsBody = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    phone: text(50, { min: 1 }).optional(),
    shippingDetails: fullAddressDetail.optional(),
    billingDetails: fullAddressDetail.optional(),
    customFields: z.record(z.string().max(40), text(500)).optional(),
  })
  .openapi('SetDetails')
