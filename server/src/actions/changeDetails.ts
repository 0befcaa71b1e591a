import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import { AppError } from '../domain/errors.ts'
import { type PayerDetails, withDetails } from '../domain/payerDetails.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { lockCustomer, saveCustomer } from '../store/customers.ts'
import type { Tx } from '../store/database.ts'
import { type Change, changeSession } from './changeSession.ts'
import { isUsedUp } from './judgeCode.ts'
import { makeCustomer } from './writeSession.ts'

/**
 * Takes what the payer says of himself, as far as the session asks for it: into the session, a customer that is to be made, and one
 * that is to be kept up to date.
 */
export async function changeDetails(ctx: Context, found: CheckoutSession, given: PayerDetails): Promise<void> {
  await changeSession(ctx, found, async ({ tx, session: before, now }) => {
    const session = withPayer(before, withDetails(before.options, given))
    await assertDiscountStays(tx, before, session)
    const { customerId, options } = session
    if (customerId !== null) {
      await updateCustomer(tx, customerId, given, { session, now })
      return session
    }
    const customer = options.customerCreation === 'always' ? await makeCustomer(tx, ctx, session) : null
    return { ...session, customer, customerId: customer?.id ?? null }
  })
}

/** Whose redemption it is follows the e-mail address, unless the merchant said who the customer is. */
function withPayer(session: CheckoutSession, options: CheckoutSession['options']): CheckoutSession {
  const { customerId, redeemedBy } = session
  const isNamed = customerId !== null && redeemedBy === customerId
  const email = options.customerDetails.email?.toLowerCase() ?? null
  return { ...session, options, redeemedBy: isNamed ? redeemedBy : email }
}

/** Who turns out to be somebody who has used the code often enough cannot use it again under another name. */
async function assertDiscountStays(tx: Tx, before: CheckoutSession, session: CheckoutSession): Promise<void> {
  const { discount } = session
  if (discount === null || session.redeemedBy === before.redeemedBy) return
  if (!(await isUsedUp(tx, session, discount))) return
  const message = 'Your promotion code was used with this e-mail address already: remove the code, and go on without.'
  throw new AppError('promotion_code_invalid', message, { param: 'email' })
}

async function updateCustomer(
  tx: Tx,
  id: string,
  given: PayerDetails,
  { session, now }: Pick<Change, 'session' | 'now'>,
): Promise<void> {
  const { name, address, shipping } = session.options.customerUpdate ?? {}
  const news: Partial<Customer> = {
    ...(name === 'auto' && given.name !== undefined && { name: given.name }),
    ...(address === 'auto' && given.billingDetails?.address !== undefined && { address: given.billingDetails.address }),
    ...(shipping === 'auto' && given.shippingDetails !== undefined && { shipping: given.shippingDetails }),
  }
  if (Object.keys(news).length === 0) return
  const customer = await lockCustomer(tx, id)
  if (customer !== null) await saveCustomer(tx, { ...customer, ...news, updatedAt: now })
}
