import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { lockCustomer, deleteCustomer as markDeleted, replaceTaxIds, saveCustomer } from '../store/customers.ts'
import { inOrganization } from '../store/database.ts'
import { type NewCustomer, newTaxIds } from './addCustomer.ts'

/** What to change about a customer; `taxIds` replace all that there are. */
export type CustomerChanges = Changes<Omit<NewCustomer, 'customerReferenceId'>>

/** Changes the organization's customer `id`; null if there is none. */
export async function updateCustomer(
  ctx: Context,
  organizationId: string,
  id: string,
  { taxIds, ...changes }: CustomerChanges,
): Promise<Customer | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    const before = await lockCustomer(tx, id)
    if (before === null) return null
    const replaced = taxIds === undefined ? {} : { taxIds: newTaxIds(ctx, id, taxIds) }
    const after = withChanges<Customer>(before, { ...changes, ...replaced }, ctx.clock.now())
    if (after === before) return before
    await saveCustomer(tx, after)
    if (taxIds !== undefined) await replaceTaxIds(tx, organizationId, after)
    return after
  })
}

/** Deletes the organization's customer `id`; false if there is none. Sessions and invoices that name it stay as they are. */
export async function deleteCustomer(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await inOrganization(ctx.db, organizationId, tx => markDeleted(tx, id, ctx.clock.now()))
}
