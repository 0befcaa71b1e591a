import { z } from '@hono/zod-openapi'
import { CRYPTO, FIAT } from '../domain/currency.ts'

/** An id. */
export const id = z.string().openapi({ format: 'uuid' })

/** A point in time, ISO 8601 in UTC with milliseconds. */
export const time = z.string().openapi({ format: 'date-time' })

/** An amount at 8 decimals, as digits. */
export const amount = z.string().openapi({ pattern: '^[0-9]+$', description: 'A whole number at 8 decimals.' })

/** Base units of an asset, as digits. */
export const units = z.string().openapi({ pattern: '^[0-9]+$', description: 'Base units of the asset.' })

/** An EVM address in lower case. */
export const evmAddress = z.string().openapi({ pattern: '^0x[0-9a-f]{40}$' })

/** A coin or a state currency. */
export const currency = z.enum([...CRYPTO, ...FIAT])

/** Made in the dashboard (10) or by the API (20). */
export const visibility = z.union([z.literal(10), z.literal(20)])

/** The unit of a recurring price. */
export const interval = z.enum(['day', 'week', 'month', 'year'])

/** The merchant's own key-value pairs. */
export const metadata = z.record(z.string(), z.string())

/** Ways to pay. */
export const methods = z.array(z.enum(['superfluid', 'wallet', 'allowance_based_recurring', 'stripe', 'binance_pay']))
