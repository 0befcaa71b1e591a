import type { Context } from '../context.ts'
import type { Customer } from '../domain/customer.ts'
import { type CustomerFilter, findCustomer, listCustomers as list } from '../store/customers.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { checkCursor } from './checkCursor.ts'

/** The organization's customer `id`, or null for one that is absent, deleted or another's. */
export async function getCustomer(ctx: Context, organizationId: string, id: string): Promise<Customer | null> {
  return await readInOrganization(ctx.db, organizationId, tx => findCustomer(tx, id))
}

/** A page of the organization's customers, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listCustomers(
  ctx: Context,
  organizationId: string,
  filter: CustomerFilter,
  page: Slice,
): Promise<Customer[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'customer', id => findCustomer(tx, id))
    return await list(tx, filter, page)
  })
}
