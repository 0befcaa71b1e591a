import type { Context } from '../context.ts'
import type { Currency } from '../domain/currency.ts'
import { AppError } from '../domain/errors.ts'
import type { NewSetting } from '../domain/paymentSetting.ts'
import type { CheckoutSession, LineItem, Metadata, SessionOptions, Visibility } from '../domain/session.ts'
import { insertCheckoutSession } from '../store/createCheckoutSession.ts'
import type { Seller } from '../store/sellers.ts'
import type { Caller } from './caller.ts'
import { type Plan, planSession } from './planSession.ts'
import { type Answered, findReplay, keyInUse, type OnceKey, replay, writeOnce } from './writeOnce.ts'
import { Outdated, writeSession } from './writeSession.ts'

/** A line of the cart as asked for: a price that exists, or one to make; without tax rates of its own the session's apply. */
export type NewLine = {
  quantity: number
  price: { id: string } | NewPrice
  description?: string | null | undefined
  periodStart?: Date | null | undefined
  periodEnd?: Date | null | undefined
  taxRateIds?: string[] | undefined
}

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
  taxRateIds?: string[] | undefined
  customerId?: string | null | undefined
  paymentLinkId?: string | undefined
  /** What the payer has chosen for the open price already. */
  unitAmount?: bigint | null | undefined
  invoiceId?: string | undefined
  /** Whether anybody may ask for it, so that only public prices are sold. */
  isPublic?: boolean
  /** Whether prices and tax rates were agreed on before: those that are not active any more are taken, too. */
  isAgreed?: boolean
  /** A cart that was priced and agreed on before, in place of `lines`: it is taken as it is, and no fee is put on it. */
  agreed?: readonly LineItem[] | undefined
}

const ATTEMPTS = 3

/**
 * Creates a checkout session: in one round trip to the database where nothing has to be locked. `render` makes the answer that is kept
 * under the idempotency key. `reload` reads the caller anew after a change of settings.
 */
export async function createCheckoutSession(
  ctx: Context,
  caller: Caller,
  asked: NewSession,
  once: OnceKey | null,
  render: (session: CheckoutSession) => string,
  reload: () => Promise<Caller>,
): Promise<Answered> {
  const replayed = async (error: unknown) => {
    // The key may have been answered when the request was still possible: that answer stands.
    return error instanceof AppError ? await findReplay(ctx, caller, once) : null
  }
  return await withPlan(ctx, caller, asked, { reload, replayed }, async plan => {
    if (needsTransaction(plan)) {
      return await writeOnce(ctx, caller, once, async tx => ({ body: render(await writeSession(tx, ctx, plan)) }))
    }
    const body = render(plan.session)
    const claim = once === null ? null : { ...once, response: body }
    const result = await insertCheckoutSession(ctx.db, plan.session, plan.settingsVersion, claim)
    switch (result.kind) {
      case 'inserted':
        return { body, replayed: false }
      case 'in_use':
        throw keyInUse()
      case 'replay':
        if (once === null) throw new Error('a replay without a key')
        return replay(once, result)
      case 'stale':
        throw new Outdated('settings')
    }
  })
}

/**
 * Plans a session and lets `write` write it, again from the start when what was planned with is no longer so (`writeSession` throws
 * `Outdated`), three times at most. `replayed` may answer in place of an error of the plan.
 */
export async function withPlan<S extends Seller, T>(
  ctx: Context,
  seller: S,
  asked: NewSession,
  {
    reload,
    replayed = async () => null,
  }: { reload: () => Promise<S>; replayed?: (error: unknown) => Promise<T | null> },
  write: (plan: Plan) => Promise<T>,
): Promise<T> {
  let current = seller
  let takesDiscount = true
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    let plan: Plan
    try {
      plan = await planSession(ctx, current, asked, { takesDiscount })
    } catch (error) {
      const earlier = await replayed(error)
      if (earlier !== null) return earlier
      throw error
    }
    try {
      return await write(plan)
    } catch (error) {
      if (!(error instanceof Outdated)) throw error
      if (error.what === 'settings') current = await reload()
      else takesDiscount = false
    }
  }
  throw new AppError('database_unavailable', 'The settings of this organization are changing: try again in a second.', {
    retryAfterS: 1,
  })
}

/** Whether more than its own rows is locked, counted or written with it. */
function needsTransaction({ session, limited, makesCustomer }: Plan): boolean {
  const isFresh = ({ product }: { product: { createdAt: Date } }) => product.createdAt === session.createdAt
  const hasPictures = session.lineItems.some(({ price }) => isFresh(price) && price.product.images.length > 0)
  return limited !== null || makesCustomer || hasPictures
}
