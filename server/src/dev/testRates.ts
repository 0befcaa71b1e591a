import type { Currency } from '../domain/currency.ts'
import { ONE_USD } from '../domain/rate.ts'

const CENT = ONE_USD / 100n

/** What currencies are worth in the test world: round numbers, the same for ever. */
export const TEST_RATES = {
  usdc: ONE_USD,
  usdt: ONE_USD,
  dai: ONE_USD,
  pyusd: ONE_USD,
  eurc: 108n * CENT,
  eth: 2_500n * ONE_USD,
  btc: 60_000n * ONE_USD,
  bnb: 600n * ONE_USD,
  matic: 50n * CENT,
  eur: 108n * CENT,
  gbp: 125n * CENT,
  cad: 72n * CENT,
  aud: 66n * CENT,
  sgd: 75n * CENT,
  inr: CENT,
} as const satisfies Partial<Record<Currency, bigint>>
