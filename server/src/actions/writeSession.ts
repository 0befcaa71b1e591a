import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import type { CheckoutSession, SessionOptions } from '../domain/session.ts'
import { insertSession } from '../store/createCheckoutSession.ts'
import type { Tx } from '../store/database.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { addCustomer } from './addCustomer.ts'
import { judgeCode } from './judgeCode.ts'
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
  const { limited, session: planned } = plan
  if (limited !== null && (await judgeCode(tx, limited, planned, planned.createdAt)) !== null) {
    throw new Outdated('discount')
  }
  const customer = plan.makesCustomer ? await makeCustomer(tx, ctx, planned) : planned.customer
  const session = { ...planned, customer, customerId: customer?.id ?? null }
  if (!(await insertSession(tx, session, plan.settingsVersion))) throw new Outdated('settings')
  const fresh = session.lineItems.filter(({ price }) => price.product.createdAt === session.createdAt)
  await enqueueImageFetches(
    tx,
    session.organizationId,
    fresh.flatMap(({ price }) => price.product.images),
  )
  return session
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
