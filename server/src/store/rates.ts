import type { Rate } from '../domain/rate.ts'
import { formatUsd } from '../domain/rate.ts'
import type { Tx } from './database.ts'

/** Stores rates, each with an id of its own. */
export async function insertRates(tx: Tx, rates: readonly (Rate & { id: string })[]): Promise<void> {
  await tx
    .insertInto('rates')
    .values(
      rates.map(({ id, currency, usd, sources, fetchedAt }) => ({
        id,
        currency,
        price: formatUsd(usd),
        sources: JSON.stringify(sources),
        fetched_at: fetchedAt,
      })),
    )
    .execute()
}
