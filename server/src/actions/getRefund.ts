import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Refund } from '../domain/refund.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { findRefund, listRefunds as list, type RefundFilter } from '../store/refunds.ts'

/** The organization's refund `id`, or null for one that is absent or another's. */
export async function getRefund(ctx: Context, organizationId: string, id: string): Promise<Refund | null> {
  return await readInOrganization(ctx.db, organizationId, tx => findRefund(tx, id, ctx.known))
}

/** A page of the organization's refunds, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listRefunds(
  ctx: Context,
  organizationId: string,
  filter: RefundFilter,
  page: Slice,
): Promise<Refund[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && (await findRefund(tx, page.after, ctx.known)) === null) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a refund of yours.', {
        param: 'startingAfter',
      })
    }
    return await list(tx, filter, page, ctx.known)
  })
}
