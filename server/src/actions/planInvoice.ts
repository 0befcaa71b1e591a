import type { Context } from '../context.ts'
import { currencyOf } from '../domain/cart.ts'
import { isFiat } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import { type Invoice, sumsOf } from '../domain/invoice.ts'
import { exactDues, payableAssets } from '../domain/payableAssets.ts'
import { planSetting } from '../domain/paymentSetting.ts'
import { priceCart, priceStep } from '../domain/pricing.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { insertPrice, insertProductAndPrice, loadPrices } from '../store/prices.ts'
import { loadProducts } from '../store/products.ts'
import { loadTaxRates } from '../store/taxRates.ts'
import type { Caller } from './caller.ts'
import type { NewLine } from './createCheckoutSession.ts'
import { planLines } from './planCart.ts'

/** What a request says about an invoice; what is undefined is left as it is. */
export type InvoiceChanges = {
  lines?: NewLine[] | undefined
  taxRateIds?: string[] | undefined
} & {
  [K in
    | 'paymentSetting'
    | 'description'
    | 'footer'
    | 'customFields'
    | 'dueDate'
    | 'metadata'
    | 'clientReferenceId'
    | 'visibility'
    | 'allowPromotionCodes']?: Invoice[K] | undefined
}

type Priced = Pick<Invoice, 'items' | 'currency' | 'amountSubtotal' | 'amountTax' | 'amountTotal'>

/** A price that a draft describes and that is not there yet, with whether its product is not either. */
type NewPrice = { price: Parameters<typeof insertPrice>[2]; hasProduct: boolean }

/** As `pricedInvoice`; prices that the changes describe are made. */
export async function planInvoice(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  draft: Invoice,
  changes: InvoiceChanges,
): Promise<Invoice> {
  const { invoice, newPrices } = await pricedInvoice(tx, ctx, caller, draft, changes)
  for (const { price, hasProduct } of newPrices) {
    const insert = hasProduct ? insertPrice : insertProductAndPrice
    await insert(tx, caller.organizationId, price)
  }
  return invoice
}

/**
 * The draft with these changes, priced anew where they touch what is to be paid, in steps that can be paid in every way offered; with
 * the prices that they describe. Nothing is written.
 */
export async function pricedInvoice(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  draft: Invoice,
  { lines, ...changes }: InvoiceChanges,
): Promise<{ invoice: Invoice; newPrices: NewPrice[] }> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const invoice: Invoice = { ...draft, ...given }
  const isPriced = lines !== undefined || changes.taxRateIds !== undefined || changes.paymentSetting !== undefined
  if (!isPriced) return { invoice, newPrices: [] }
  const asked = lines ?? linesOf(draft)
  if (asked.length === 0) return { invoice: { ...invoice, currency: null, items: [], ...sumsOf([]) }, newPrices: [] }
  const { newPrices, ...priced } = await priceItems(tx, ctx, caller, invoice, asked, lines === undefined)
  return { invoice: { ...invoice, ...priced }, newPrices }
}

/** The lines of a draft as a request would ask for them. */
function linesOf({ items }: Invoice): NewLine[] {
  return items.map(({ price, quantity, description, periodStart, periodEnd, taxRateIds }) => ({
    price: { id: price.id },
    ...{ quantity, description, periodStart, periodEnd, taxRateIds: taxRateIds ?? undefined },
  }))
}

async function priceItems(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  invoice: Invoice,
  lines: NewLine[],
  isAgreed: boolean,
): Promise<Priced & { newPrices: NewPrice[] }> {
  const now = ctx.clock.now()
  const { taxRateIds } = invoice
  const named = {
    prices: await loadPrices(
      tx,
      lines.flatMap(({ price }) => ('id' in price ? [price.id] : [])),
    ),
    products: await loadProducts(
      tx,
      lines.flatMap(({ price }) => productIdOf(price)),
    ),
    taxRates: await loadTaxRates(tx, [...taxRateIds, ...lines.flatMap(line => line.taxRateIds ?? [])]),
  }
  const cart = planLines({ lines, taxRateIds, isAgreed }, named, { now, newId: () => uuidv7(now, ctx.random(10)) })
  const param = (index: number, field: string) => {
    const line = lines[index]
    return `lineItems.data[${index}].${line !== undefined && 'id' in line.price ? 'priceId' : `priceData.${field}`}`
  }
  const open = cart.findIndex(({ price }) => price.unitAmount === null)
  if (open >= 0) {
    const message = 'A price without an amount leaves it to the payer: an invoice needs prices with an amount.'
    throw new AppError('parameter_invalid', message, { param: param(open, 'unitAmount') })
  }
  const currency = currencyOf(cart, param)
  const assets = payableIn(ctx, caller, invoice, currency)
  const step = priceStep(
    currency,
    assets.map(({ decimals }) => decimals),
  )
  const priced = priceCart(cart, { discount: null, feePpm: null, step })
  if (!isFiat(currency)) exactDues(assets, priced.amountTotal, 'lineItems')
  const newPrices = lines.flatMap(({ price }, index): NewPrice[] => {
    const made = cart[index]?.price
    return 'id' in price || made === undefined ? [] : [{ price: made, hasProduct: 'id' in price.product }]
  })
  const items = priced.lineItems.map((item, index) => ({ ...item, taxRateIds: lines[index]?.taxRateIds ?? null }))
  return { items, currency, newPrices, ...sumsOf(items) }
}

function productIdOf(price: NewLine['price']): string[] {
  return 'id' in price || !('id' in price.product) ? [] : [price.product.id]
}

/** The coins that an invoice in `currency` can be paid in, whatever is wrong with some of them now. */
function payableIn(ctx: Context, caller: Caller, invoice: Invoice, currency: NonNullable<Invoice['currency']>) {
  const own = invoice.paymentSetting
  const setting = planSetting(
    { ...caller, mode: ctx.config.mode, chains: ctx.chains, wallets: caller.withdrawalAddresses },
    {
      allowedChains: own?.allowedChains ?? undefined,
      preferredChainId: own?.preferredChainId ?? undefined,
      allowSwap: own?.allowSwap ?? false,
      allowFiatPayment: false,
    },
  )
  return payableAssets(currency, setting, ctx.chains, caller)
}
