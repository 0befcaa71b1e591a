import type { Context } from '../context.ts'
import { withChoice } from '../domain/cart.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { changeSession, repriced } from './changeSession.ts'

/** The payer's choice for the session's open price, at 8 decimals for one unit. */
export async function changeAmount(ctx: Context, found: CheckoutSession, unitAmount: bigint): Promise<void> {
  await changeSession(ctx, found, async change => {
    const { lineItems } = change.session
    const chosen = withChoice(lineItems, unitAmount)
    if (chosen.every((line, index) => line.unitAmount === lineItems[index]?.unitAmount)) return null
    return repriced(ctx, change, { lineItems: chosen }, 'unitAmount')
  })
}
