import type { Context } from '../context.ts'
import { type NewQuote, planQuote, quoteView } from '../domain/quote.ts'
import { rateKey } from '../domain/rate.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertQuote } from '../store/quotes.ts'
import type { Caller } from './caller.ts'
import { currentRates, rateUnavailable } from './currentRates.ts'
import { type Answered, findReplay, type OnceKey, writeOnce } from './writeOnce.ts'

/** Makes a quote at the rates of now, stores it and answers with it; `rate_unavailable` without an agreeing rate. */
export async function createQuote(
  ctx: Context,
  caller: Caller,
  asked: NewQuote,
  once: OnceKey | null,
): Promise<Answered> {
  const rates = await currentRates(ctx, [asked.from, asked.to])
  const [from, to] = [rates.get(rateKey(asked.from)), rates.get(rateKey(asked.to))]
  if (from === undefined || to === undefined) {
    // The key may have been answered when there were rates: that answer stands.
    const earlier = await findReplay(ctx, caller, once)
    if (earlier !== null) return earlier
    throw rateUnavailable(from === undefined ? asked.from : asked.to)
  }
  const assets = [...ctx.chains.values()].flatMap(chain => chain.assets)
  const now = ctx.clock.now()
  const quote = planQuote(asked, { from, to }, assets, { id: uuidv7(now, ctx.random(10)), now })
  return await writeOnce(ctx, caller, once, async tx => {
    await insertQuote(tx, caller.organizationId, quote)
    return { body: JSON.stringify(quoteView(quote)) }
  })
}
