import type { Context } from '../context.ts'
import { refusal } from '../domain/coupon.ts'
import type { Customer } from '../domain/customer.ts'
import type { CheckoutSession, SessionOptions } from '../domain/session.ts'
import { loadCoupons } from '../store/coupons.ts'
import { insertSession } from '../store/createCheckoutSession.ts'
import type { Tx } from '../store/database.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { countRedemptions, lockCoupon } from '../store/redemptions.ts'
import { addCustomer } from './addCustomer.ts'
import type { Plan } from './planSession.ts'

/** A plan was made with settings, or with a discount, that are no longer so: roll back, and plan anew. */
export class Outdated extends Error {
  readonly what: 'settings' | 'discount'

  constructor(what: 'settings' | 'discount') {
    super(`the ${what} changed`)
    this.name = 'Outdated'
    this.what = what
  }
}

/**
 * Writes a planned session in an open transaction, with its customer and its redemption where it has them, and returns it as it was
 * written. Throws `Outdated` when it must be planned anew: use it with `withPlan`.
 */
export async function writeSession(tx: Tx, ctx: Context, plan: Plan): Promise<CheckoutSession> {
  await redeem(tx, plan)
  const customer = plan.makesCustomer ? await makeCustomer(tx, ctx, plan.session) : plan.session.customer
  const session = { ...plan.session, customer, customerId: customer?.id ?? null }
  if (!(await insertSession(tx, session, plan.settingsVersion))) throw new Outdated('settings')
  const fresh = session.lineItems.filter(({ price }) => price.product.createdAt === session.createdAt)
  await enqueueImageFetches(
    tx,
    session.organizationId,
    fresh.flatMap(({ price }) => price.product.images),
  )
  return session
}

/** Under the coupon's lock, so that two payers at once never exceed a limit. */
async function redeem(tx: Tx, { limited, session }: Plan): Promise<void> {
  if (limited === null) return
  const { id: couponId } = limited.coupon
  await lockCoupon(tx, couponId)
  // As it is now: its limits may have changed while the lock was waited for.
  const coupon = (await loadCoupons(tx, [couponId])).get(couponId) ?? limited.coupon
  const { redeemedBy, id: sessionId, currency, createdAt } = session
  const counted = await countRedemptions(tx, { couponId, promotionCodeId: limited.code.id, redeemedBy, sessionId })
  if (refusal({ coupon, code: limited.code }, currency, counted, createdAt) !== null) throw new Outdated('discount')
}

/** The customer that a session with an e-mail address makes, from what is known of the payer. */
export async function makeCustomer(
  tx: Tx,
  ctx: Context,
  { organizationId, options }: Pick<CheckoutSession, 'organizationId' | 'options'>,
): Promise<Customer | null> {
  const asked = customerOf(options)
  return asked === null ? null : await addCustomer(tx, ctx, organizationId, asked)
}

function customerOf({ customerDetails, shippingDetails }: SessionOptions) {
  const { email, name, phone, organizationName, address, taxIds } = customerDetails
  if (email === undefined) return null
  return {
    email,
    name: name ?? null,
    phone: phone ?? null,
    organizationName: organizationName ?? null,
    address: Object.keys(address).length === 0 ? null : address,
    shipping: shippingDetails ?? null,
    customerReferenceId: null,
    metadata: null,
    visibility: 10 as const,
    taxIds: (taxIds?.data ?? []).map(taxId => ({
      name: taxId.name ?? null,
      value: taxId.value ?? null,
      country: taxId.country ?? null,
    })),
  }
}
