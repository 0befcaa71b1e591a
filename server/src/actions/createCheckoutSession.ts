import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import { type Currency, dollarsOf, isFiat } from '../domain/currency.ts'
import { depositAddress, validatePayouts } from '../domain/depositAddress.ts'
import { AppError, invariant } from '../domain/errors.ts'
import { policyFor } from '../domain/finality.ts'
import { offeredAssets, offeredWallets } from '../domain/offered.ts'
import { type Due, exactDues, payableAssets, payableRows, quotedDues } from '../domain/payableAssets.ts'
import { type NewSetting, planPayouts, planSetting } from '../domain/paymentSetting.ts'
import { priceCart } from '../domain/pricing.ts'
import { valueIn } from '../domain/quote.ts'
import {
  type CheckoutSession,
  currencyOf,
  deadlineOf,
  type Metadata,
  type PaymentSetting,
  type Price,
  type Product,
  resolveExpiry,
  type SessionOptions,
  type Visibility,
} from '../domain/session.ts'
import { withSessionId } from '../domain/url.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertCheckoutSession } from '../store/createCheckoutSession.ts'
import { inOrganization } from '../store/database.ts'
import { loadPrices } from '../store/prices.ts'
import { loadProducts } from '../store/products.ts'
import type { Caller } from './caller.ts'
import { currentRates, rateAtHand, rateUnavailable } from './currentRates.ts'
import { type Answered, findReplay, keyInUse, type OnceKey, replay } from './writeOnce.ts'

/** A line of the cart as asked for: a price that exists, or one to make. */
export type NewLine = { quantity: number; price: { id: string } | NewPrice }

/** A price to make, of a product that exists or is made with it. */
export type NewPrice = {
  currency: Currency
  unitAmount: bigint
  product: { id: string } | NewProduct
}

export type NewProduct = {
  name: string
  description: string | null
  images: string[]
  unitLabel: string | null
  url: string | null
  metadata: Metadata | null
  visibility: Visibility
}

/** A session as asked for, parsed and within its limits; what is undefined gets its default. */
export type NewSession = {
  lines: NewLine[]
  successUrl: string
  cancelUrl: string | null
  expiresAt: Date | undefined
  metadata: Metadata | null
  clientReferenceId: string | null
  options: SessionOptions
  setting: NewSetting
}

const ATTEMPTS = 3
const NO_TERMS = { unitAmount: null, description: null, periodStart: null, periodEnd: null, taxRates: [] }

/**
 * Creates a checkout session in one round trip to the database. `render` makes the answer that is kept under the
 * idempotency key. `reload` reads the caller anew after a change of settings.
 */
export async function createCheckoutSession(
  ctx: Context,
  caller: Caller,
  asked: NewSession,
  once: OnceKey | null,
  render: (session: CheckoutSession) => string,
  reload: () => Promise<Caller>,
): Promise<Answered> {
  let current = caller
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    let session: CheckoutSession
    try {
      session = await planSession(ctx, current, asked)
    } catch (error) {
      // The key may have been answered when the request was still possible: that answer stands.
      const earlier = error instanceof AppError ? await findReplay(ctx, current, once) : null
      if (earlier !== null) return earlier
      throw error
    }
    const body = render(session)
    const claim = once === null ? null : { ...once, response: body }
    const result = await insertCheckoutSession(ctx.db, session, current.settingsVersion, claim)
    switch (result.kind) {
      case 'inserted':
        return { body, replayed: false }
      case 'in_use':
        throw keyInUse()
      case 'replay':
        if (once === null) throw new Error('a replay without a key')
        return replay(once, result)
      case 'stale':
        current = await reload()
    }
  }
  throw new AppError('database_unavailable', 'The settings of this organization are changing: try again in a second.', {
    retryAfterS: 1,
  })
}

async function planSession(ctx: Context, caller: Caller, asked: NewSession): Promise<CheckoutSession> {
  const now = ctx.clock.now()
  const newId = () => uuidv7(now, ctx.random(10))
  const id = newId()
  const expiresAt = resolveExpiry(asked.expiresAt, now)
  const lines = await planLines(ctx, caller, asked.lines, now, newId)
  const priceParam = (index: number, field: string) => {
    const line = asked.lines[index]
    return `lineItems.data[${index}].${line !== undefined && 'id' in line.price ? 'priceId' : `priceData.${field}`}`
  }
  const currency = currencyOf(lines, priceParam)
  const cart = priceCart(
    lines.map(line => ({ ...line, ...NO_TERMS })),
    { discount: null, feePpm: null, step: 1n },
  )
  const total = cart.amountTotal
  const offer = { chains: ctx.chains, health: ctx.health.now() }
  const wallets = offeredWallets(offer, caller.withdrawalAddresses, asked.setting)
  const terms = { mode: ctx.config.mode, chains: ctx.chains, wallets }
  const setting = planSetting(terms, asked.setting)
  const chain = ctx.chains.get(setting.preferredChainId)
  invariant(chain, 'allowed chains are served')
  const { deposit } = chain
  const { dues, valueUsd } = await planDues(ctx, caller, { currency, total, setting })
  const policyOf = ({ chainId }: Asset) => {
    const served = ctx.chains.get(chainId)
    invariant(served, 'payable assets are on chains that are served')
    return policyFor(served.finality, valueUsd)
  }
  const payouts = planPayouts(terms, setting.allowedChains)
  validatePayouts(payouts, deposit.factory, 'paymentSetting.allowedChains')
  return {
    id,
    organizationId: caller.organizationId,
    createdAt: now,
    updatedAt: now,
    mode: 'payment',
    currency,
    ...cart,
    feePpm: null,
    discount: null,
    valueUsd,
    expiresAt,
    options: asked.options,
    paymentSetting: setting,
    successUrl: withSessionId(asked.successUrl, id),
    cancelUrl: asked.cancelUrl === null ? null : withSessionId(asked.cancelUrl, id),
    metadata: asked.metadata,
    clientReferenceId: asked.clientReferenceId,
    customerId: null,
    paymentLinkId: null,
    subscriptionId: null,
    invoiceId: null,
    toleranceBps: caller.toleranceBps,
    status: 'open',
    exceptions: [],
    deadline: deadlineOf(expiresAt),
    isClosed: false,
    assets: payableRows(dues, policyOf, newId),
    deposit: { address: depositAddress(deposit, id, payouts), ...deposit, payouts },
    intent: {
      id: newId(),
      createdAt: now,
      updatedAt: now,
      status: 'requires_payment_method',
      amountReceived: null,
      canceledAt: null,
      markRefundedAt: null,
      markRefundedComment: null,
    },
    transfers: [],
  }
}

/**
 * What is due in each asset, and what that is worth in US dollars (null where no rate is at hand). Only a price in a state currency
 * waits for rates, and is refused without them.
 */
async function planDues(
  ctx: Context,
  caller: Caller,
  { currency, total, setting }: { currency: Currency; total: bigint; setting: PaymentSetting },
): Promise<{ dues: Due[]; valueUsd: bigint | null }> {
  const payable = payableAssets(currency, setting, ctx.chains, caller.allowedCurrencies)
  const assets = offeredAssets(payable, ctx.chains, ctx.health.now())
  if (!isFiat(currency)) {
    const dues = exactDues(assets, total, 'lineItems.data[0].priceData.unitAmount')
    const rate = dollarsOf(currency, total) === null ? rateAtHand(ctx, currency) : null
    return { dues, valueUsd: rate === null ? dollarsOf(currency, total) : valueIn(rate, total) }
  }
  const rates = await currentRates(ctx, [currency, ...assets.map(asset => asset.currency)])
  const dues = quotedDues(assets, total, currency, rates)
  const rate = rates.get(currency)
  if (rate === undefined || dues.length === 0) throw rateUnavailable(currency)
  return { dues, valueUsd: valueIn(rate, total) }
}

/** The cart with its prices, those that exist read in one go (never needed for carts of new prices alone). */
async function planLines(
  ctx: Context,
  caller: Caller,
  lines: NewLine[],
  now: Date,
  newId: () => string,
): Promise<{ price: Price; quantity: number }[]> {
  const priceIds = lines.flatMap(({ price }) => ('id' in price ? [price.id] : []))
  const productIds = lines.flatMap(({ price }) => ('id' in price || !('id' in price.product) ? [] : [price.product.id]))
  const [prices, products] =
    priceIds.length + productIds.length === 0
      ? [new Map<string, Price>(), new Map<string, Product>()]
      : await inOrganization(ctx.db, caller.organizationId, async tx => [
          await loadPrices(tx, priceIds),
          await loadProducts(tx, productIds),
        ])
  return lines.map(({ price: asked, quantity }, index) => {
    if (!('id' in asked))
      return { price: newPrice(asked, `lineItems.data[${index}].priceData.productId`, products, now, newId), quantity }
    const price = prices.get(asked.id)
    const param = `lineItems.data[${index}].priceId`
    if (price === undefined) throw new AppError('parameter_invalid', `There is no price ${asked.id}.`, { param })
    if (!price.isActive || !price.product.isActive) {
      throw new AppError('parameter_invalid', `Price ${asked.id} is not active: activate it or choose another.`, {
        param,
      })
    }
    return { price, quantity }
  })
}

function newPrice(
  asked: NewPrice,
  param: string,
  products: Map<string, Product>,
  now: Date,
  newId: () => string,
): Price {
  const id = newId()
  let product: Product | undefined
  if ('id' in asked.product) {
    product = products.get(asked.product.id)
    if (product === undefined)
      throw new AppError('parameter_invalid', `There is no product ${asked.product.id}.`, { param })
  } else {
    product = {
      id: newId(),
      createdAt: now,
      updatedAt: now,
      ...asked.product,
      imageFileIds: [],
      isActive: true,
      defaultPriceId: id,
    }
  }
  return {
    id,
    createdAt: now,
    updatedAt: now,
    product,
    currency: asked.currency,
    type: 'one_time',
    unitAmount: asked.unitAmount,
    open: null,
    interval: null,
    intervalCount: null,
    nickname: null,
    metadata: null,
    isActive: true,
    isPublic: false,
    visibility: 20,
  }
}
