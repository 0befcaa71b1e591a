import type { Context } from '../context.ts'
import { currencyOf, withChoice } from '../domain/cart.ts'
import { appliedDiscount, type Coupon, isLimited, type PromotionCode, refusal } from '../domain/coupon.ts'
import type { Currency } from '../domain/currency.ts'
import { depositAddress, validatePayouts } from '../domain/depositAddress.ts'
import { AppError, invariant } from '../domain/errors.ts'
import { offeredWallets } from '../domain/offered.ts'
import { payableRows } from '../domain/payableAssets.ts'
import { planPayouts, planSetting } from '../domain/paymentSetting.ts'
import { agreedCart, type CartLine, priceCart, priceStep } from '../domain/pricing.ts'
import type { CheckoutSession, Deposit, PaymentSetting, SessionOptions } from '../domain/session.ts'
import { deadlineOf, resolveExpiry } from '../domain/sessionTime.ts'
import { withSessionId } from '../domain/url.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Seller } from '../store/sellers.ts'
import type { NewSession } from './createCheckoutSession.ts'
import { type Making, type Named, planLines, readNamed } from './planCart.ts'
import { findRates, planAssets, planDues, planValue, policiesFor } from './planDues.ts'

/** A session that is not written yet, with what must still hold when it is. */
export type Plan = {
  session: CheckoutSession
  settingsVersion: bigint
  /** The coupon whose limits are counted when it is written; null where there are none. */
  limited: { coupon: Coupon; code: PromotionCode } | null
  /** Whether a customer is made with it. */
  makesCustomer: boolean
}

/**
 * Plans a session: prices, chains, payouts, address, amounts. Reads the database only for what the request names, and waits for rates
 * only for a price in a state currency; writes nothing. `takesDiscount` is false when the default code's limits were found to be
 * reached.
 */
export async function planSession(
  ctx: Context,
  seller: Seller,
  asked: NewSession,
  { takesDiscount = true }: { takesDiscount?: boolean } = {},
): Promise<Plan> {
  if (seller.organizationStatus === 'suspended') {
    throw new AppError('organization_suspended', 'This organization is suspended: it makes no new sessions.')
  }
  const now = ctx.clock.now()
  const making: Making = { now, newId: () => uuidv7(now, ctx.random(10)) }
  const id = making.newId()
  const expiresAt = resolveExpiry(asked.expiresAt, now)
  const named = await readNamed(ctx, seller.organizationId, asked)
  const { agreed } = asked
  const lines = agreed === undefined ? chosenLines(planLines(asked, named, making), asked) : []
  const currency = currencyOf(agreed ?? lines, (index, field) => placeOf(asked, index, field))
  const options = optionsFor(asked, named)
  const redeemedBy = asked.customerId ?? options.customerDetails.email?.toLowerCase() ?? null
  const offer = takesDiscount ? named.offer : null
  const isTaken =
    offer !== null && refusal(offer, currency, { ...FIRST, customer: redeemedBy === null ? null : 0 }, now) === null
  const discount = isTaken ? appliedDiscount(offer) : null
  const { setting, deposit } = planDeposit(ctx, seller, asked, id)
  const assets = planAssets(ctx, currency, setting, seller)
  const step = priceStep(
    currency,
    assets.map(({ decimals }) => decimals),
  )
  const feePpm = agreed === undefined ? seller.feePpm : null
  const cart = agreed === undefined ? priceCart(lines, { discount, feePpm, step }) : agreedCart(agreed)
  const rates = await findRates(ctx, currency, assets)
  const dues = planDues({ currency, total: cart.amountTotal, assets }, rates, placeOf(asked, 0, 'unitAmount'))
  const valueUsd = planValue(currency, cart.amountTotal, rates)
  const session: CheckoutSession = {
    ...newSession(seller, asked, { id, currency, making, expiresAt }),
    ...cart,
    feePpm,
    discount,
    redeemedBy,
    valueUsd,
    options,
    paymentSetting: setting,
    customerId: named.customer?.id ?? null,
    customer: named.customer,
    assets: payableRows(dues, policiesFor(ctx, seller, valueUsd), making.newId),
    deposit,
  }
  const { customerDetails, customerCreation } = options
  return {
    session,
    settingsVersion: seller.settingsVersion,
    limited: isTaken && isLimited(offer.coupon, offer.code) ? offer : null,
    makesCustomer: session.customerId === null && customerCreation === 'always' && customerDetails.email !== undefined,
  }
}

/** Throws as `withChoice` for what the payer has chosen already. */
function chosenLines(lines: CartLine[], { unitAmount = null }: NewSession): CartLine[] {
  return unitAmount === null ? lines : withChoice(lines, unitAmount)
}

/** What is counted when the session is written, and only where there are limits. */
const FIRST = { coupon: 0, code: 0 }

function placeOf({ lines }: NewSession, index: number, field: string): string {
  const line = lines[index]
  return `lineItems.data[${index}].${line !== undefined && 'id' in line.price ? 'priceId' : `priceData.${field}`}`
}

/** What is known of the customer stands for what the request leaves out. */
function optionsFor({ options, customerId = null }: NewSession, { customer }: Named): SessionOptions {
  if (customerId === null) return options
  if (customer === null) {
    throw new AppError('parameter_invalid', `There is no customer ${customerId}.`, { param: 'customerId' })
  }
  const { email, name, phone, organizationName, address } = customer
  const known = Object.entries({ email, name, phone, organizationName }).filter(([, value]) => value !== null)
  const asked = options.customerDetails
  const details = { ...Object.fromEntries(known), ...asked, address: { ...address, ...asked.address } }
  return { ...options, customerDetails: details }
}

/** On which chains the session may be paid, and the address that commits to where its money goes. */
function planDeposit(
  ctx: Context,
  seller: Seller,
  asked: NewSession,
  id: string,
): { setting: PaymentSetting; deposit: Deposit } {
  const { withdrawalAddresses: saved, allowedChains, preferredChainId } = seller
  const isOffered = (chainId: number) =>
    asked.setting.allowedChains !== undefined ||
    allowedChains === null ||
    allowedChains.some(chain => chain.chainId === chainId)
  const offer = { chains: ctx.chains, health: ctx.health.now() }
  const own = saved.filter(({ chainId }) => isOffered(chainId))
  const wallets = offeredWallets(offer, own, asked.setting)
  const terms = { mode: ctx.config.mode, chains: ctx.chains, wallets, allowedChains, preferredChainId }
  const setting = planSetting(terms, asked.setting)
  const payouts = planPayouts({ chains: ctx.chains, wallets: saved }, setting.allowedChains)
  const served = ctx.chains.get(setting.preferredChainId)
  invariant(served, 'allowed chains are served')
  validatePayouts(payouts, served.deposit.factory, 'paymentSetting.allowedChains')
  return { setting, deposit: { address: depositAddress(served.deposit, id, payouts), ...served.deposit, payouts } }
}

/** What of a new session follows from the request and the moment alone. */
function newSession(
  seller: Seller,
  asked: NewSession,
  { id, currency, making, expiresAt }: { id: string; currency: Currency; making: Making; expiresAt: Date },
) {
  const { now, newId } = making
  return {
    id,
    organizationId: seller.organizationId,
    createdAt: now,
    updatedAt: now,
    mode: 'payment' as const,
    currency,
    expiresAt,
    successUrl: withSessionId(asked.successUrl, id),
    cancelUrl: asked.cancelUrl === null ? null : withSessionId(asked.cancelUrl, id),
    metadata: asked.metadata,
    clientReferenceId: asked.clientReferenceId,
    paymentLinkId: asked.paymentLinkId ?? null,
    subscriptionId: null,
    invoiceId: asked.invoiceId ?? null,
    toleranceBps: seller.toleranceBps,
    status: 'open' as const,
    exceptions: [],
    deadline: deadlineOf(expiresAt),
    isClosed: false,
    intent: {
      id: newId(),
      createdAt: now,
      updatedAt: now,
      status: 'requires_payment_method' as const,
      amountReceived: null,
      canceledAt: null,
      markRefundedAt: null,
      markRefundedComment: null,
      receipt: null,
    },
    transfers: [],
  }
}
