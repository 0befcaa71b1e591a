import type { Context } from '../context.ts'
import { customerView } from '../domain/customerView.ts'
import { addCustomer, type NewCustomer } from './addCustomer.ts'
import type { Caller } from './caller.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** Creates a customer. Throws `customer_reference_exists`. */
export async function createCustomer(
  ctx: Context,
  caller: Caller,
  asked: NewCustomer,
  once: OnceKey | null,
): Promise<Answered> {
  return await writeOnce(ctx, caller, once, async tx => {
    const customer = await addCustomer(tx, ctx, caller.organizationId, asked)
    return { body: JSON.stringify(customerView(customer)) }
  })
}
