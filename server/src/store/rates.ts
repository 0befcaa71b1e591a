import { sql } from 'kysely'
import { formatUsd, type Rate } from '../domain/rate.ts'
import { uuidv7 } from '../domain/uuid.ts'
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

/** Deletes up to `limit` rates that were stored before `before`; returns how many. What a session used stands with the session. */
export async function forgetRates(tx: Tx, before: Date, limit: number): Promise<number> {
  const bound = uuidv7(before, new Uint8Array(10))
  const { rows } = await sql<{ id: string }>`
    delete from rates where id in (select id from rates where id < ${bound}::uuid order by id limit ${limit})
    returning id`.execute(tx)
  return rows.length
}
