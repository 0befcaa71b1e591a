import type { Context } from '../context.ts'
import type { TaxRate } from '../domain/taxRate.ts'
import { taxRateView } from '../domain/taxRateView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertTaxRate } from '../store/taxRates.ts'
import type { Caller } from './caller.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** Creates a tax rate. */
export async function createTaxRate(
  ctx: Context,
  caller: Caller,
  asked: Omit<TaxRate, 'id' | 'createdAt' | 'updatedAt'>,
  once: OnceKey | null,
): Promise<Answered> {
  return await writeOnce(ctx, caller, once, async tx => {
    const now = ctx.clock.now()
    const rate = { id: uuidv7(now, ctx.random(10)), createdAt: now, updatedAt: now, ...asked }
    await insertTaxRate(tx, caller.organizationId, rate)
    return { body: JSON.stringify(taxRateView(rate)) }
  })
}
