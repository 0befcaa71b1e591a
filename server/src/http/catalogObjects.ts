import { z } from '@hono/zod-openapi'
import { id, metadata, time } from './answerFields.ts'

/** A tax that may be put on a price, or is part of it. */
export const taxRateSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    name: z.string(),
    description: z.string().nullable(),
    country: z.string().nullable(),
    percentage: z.number().min(0).max(100),
    type: z.enum(['exclusive', 'inclusive']),
    isActive: z.boolean(),
    metadata: metadata.nullable(),
  })
  .openapi('TaxRate')
