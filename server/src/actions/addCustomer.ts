import type { Context } from '../context.ts'
import { type Customer, customerNumber, type TaxId } from '../domain/customer.ts'
import { AppError } from '../domain/errors.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertCustomer } from '../store/customers.ts'
import { type Tx, violatedConstraint } from '../store/database.ts'

/** A tax number as asked for. */
export type NewTaxId = Pick<TaxId, 'name' | 'value' | 'country'>

/** A customer as asked for. */
export type NewCustomer = Pick<
  Customer,
  'email' | 'name' | 'phone' | 'organizationName' | 'address' | 'shipping' | 'customerReferenceId' | 'metadata'
> & { visibility: Customer['visibility']; taxIds: readonly NewTaxId[] }

/** Adds a customer with a number of its own. Throws `customer_reference_exists` where another one has the reference. */
export async function addCustomer(
  tx: Tx,
  ctx: Pick<Context, 'clock' | 'random'>,
  organizationId: string,
  asked: NewCustomer,
): Promise<Customer> {
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  const made = { ...asked, id, createdAt: now, updatedAt: now, taxIds: newTaxIds(ctx, id, asked.taxIds) }
  for (;;) {
    const customer = { ...made, customerNumber: customerNumber(ctx.random(8)) }
    if (await refusingKnownReference(() => insertCustomer(tx, organizationId, customer))) return customer
  }
}

/** The tax numbers of the customer `customerId`, made now. */
export function newTaxIds(
  ctx: Pick<Context, 'clock' | 'random'>,
  customerId: string,
  asked: readonly NewTaxId[],
): TaxId[] {
  const now = ctx.clock.now()
  const made = asked.map(taxId => ({
    ...taxId,
    id: uuidv7(now, ctx.random(10)),
    createdAt: now,
    updatedAt: now,
    customerId,
  }))
  // Ids of one moment have no order of their own; by them the tax numbers are read back in the order given.
  const ids = made.map(({ id }) => id).sort()
  return made.map((taxId, index) => ({ ...taxId, id: ids[index] ?? taxId.id }))
}

async function refusingKnownReference<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (violatedConstraint(error) !== 'customers_reference') throw error
    throw new AppError(
      'customer_reference_exists',
      'A customer with this customerReferenceId exists already: use that one, or delete it first.',
      { param: 'customerReferenceId', cause: error },
    )
  }
}
