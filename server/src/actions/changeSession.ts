import type { Context } from '../context.ts'
import { assertChangeable } from '../domain/changeable.ts'
import { isFiat } from '../domain/currency.ts'
import { lockedDues, payableRows, valueUsdOf } from '../domain/payableAssets.ts'
import { priceCart, priceStep } from '../domain/pricing.ts'
import { lockedRates } from '../domain/quote.ts'
import type { CheckoutSession, LineItem } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { loadSeller, type Seller } from '../store/sellers.ts'
import { updateTerms } from '../store/sessionTerms.ts'
import { notifySessions } from '../store/settlement.ts'
import { findRates, planAssets, planDues, planValue, policiesFor, type Rates } from './planDues.ts'

/** An open session under its lock, and what it can be priced anew with. */
export type Change = { tx: Tx; session: CheckoutSession; now: Date; pricing: Pricing }

/** What a session that has no assets yet is offered with; the rates were asked for before the transaction. */
type Pricing = { seller: Seller; rates: Rates }

/**
 * Lets a payer change an open session for which no money was seen: `change` makes it anew under its lock, or returns null where there
 * is nothing to change. It is written whole, and whoever looks at it is told.
 */
export async function changeSession(
  ctx: Context,
  { organizationId, id, currency, paymentSetting }: CheckoutSession,
  change: (at: Change) => Promise<CheckoutSession | null>,
): Promise<void> {
  const chains = paymentSetting.allowedChains.flatMap(({ chainId }) => ctx.chains.get(chainId)?.assets ?? [])
  const rates = await findRates(ctx, currency, chains)
  await inOrganization(ctx.db, organizationId, async tx => {
    await lockSessions(tx, [id])
    const [session] = await loadSessions(tx, [id], ctx.known)
    if (session === undefined) return
    const now = ctx.clock.now()
    assertChangeable(session, now)
    const changed = await change({ tx, session, now, pricing: { seller: await loadSeller(tx), rates } })
    if (changed === null) return
    await updateTerms(tx, session, changed)
    await notifySessions(tx, [id])
  })
}

/**
 * The session priced anew, with another discount or other lines: what is due in its assets follows at the rates that it was made
 * with. One that was free gets the assets that are offered now.
 */
export function repriced(
  ctx: Context,
  { session, now, pricing }: Change,
  changes: { discount?: CheckoutSession['discount']; lineItems?: LineItem[] },
  param: string,
): CheckoutSession {
  const { currency, paymentSetting, feePpm } = session
  const { discount = session.discount, lineItems = session.lineItems } = changes
  const locked = session.assets.filter(({ asset }) => ctx.chains.has(asset.chainId))
  const assets =
    locked.length > 0 ? locked.map(({ asset }) => asset) : planAssets(ctx, currency, paymentSetting, pricing.seller)
  const step = priceStep(
    currency,
    assets.map(({ decimals }) => decimals),
  )
  const cart = priceCart(
    lineItems.map(line => ({ ...line, taxRates: line.taxes })),
    { discount, feePpm, step },
  )
  const total = cart.amountTotal
  const isLocked = total > 0n && locked.length > 0
  const dues = isLocked ? lockedDues(locked, total, param) : planDues({ currency, total, assets }, pricing.rates, param)
  const quote = locked[0]?.quote ?? null
  const valueUsd =
    isFiat(currency) && quote !== null
      ? valueUsdOf(currency, total, lockedRates(quote).from)
      : planValue(currency, total, pricing.rates)
  const newId = () => uuidv7(now, ctx.random(10))
  return {
    ...session,
    ...cart,
    updatedAt: now,
    intent: { ...session.intent, updatedAt: now },
    discount,
    valueUsd,
    assets: payableRows(dues, policiesFor(ctx, pricing.seller, valueUsd), newId, locked),
  }
}
