import type { Quote } from '../domain/quote.ts'
import type { Tx } from './database.ts'

/** Stores a quote of the organization. */
export async function insertQuote(tx: Tx, organizationId: string, quote: Quote): Promise<void> {
  await tx
    .insertInto('quotes')
    .values({
      organization_id: organizationId,
      id: quote.id,
      created_at: quote.createdAt,
      expires_at: quote.expiresAt,
      from: quote.from,
      to: quote.to,
      amount_from: quote.amountFrom,
      amount_to: quote.amountTo,
      rate: quote.rate,
      sources: JSON.stringify(quote.sources),
    })
    .execute()
}
