import type { Context } from '../context.ts'
import type { PaymentLink } from '../domain/paymentLink.ts'
import type { Storefront } from '../domain/session.ts'
import { inOrganization, readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import {
  findPaymentLink,
  isLinkPaid,
  listPaymentLinks as list,
  organizationOfLink,
  type PaymentLinkFilter,
} from '../store/paymentLinks.ts'
import { loadStorefront } from '../store/sellers.ts'
import { checkCursor } from './checkCursor.ts'

/** The organization's link `id`, or null for one that is absent, deleted or another's. */
export async function getPaymentLink(ctx: Context, organizationId: string, id: string): Promise<PaymentLink | null> {
  return await inOrganization(ctx.db, organizationId, tx => findPaymentLink(tx, id))
}

/** A page of the organization's links, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listPaymentLinks(
  ctx: Context,
  organizationId: string,
  filter: PaymentLinkFilter,
  page: Slice,
): Promise<PaymentLink[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'payment link', id => findPaymentLink(tx, id))
    return await list(tx, filter, page)
  })
}

/** A link as its payers see it: whose it is, and whether it was for one payment, which was made. */
export type PayersLink = Storefront & { link: PaymentLink; isPaid: boolean }

/** The link behind a payer's URL, or null; the id is all that a payer knows. */
export async function getPayersLink(ctx: Context, id: string): Promise<PayersLink | null> {
  const organizationId = await organizationOfLink(ctx.db, id)
  if (organizationId === null) return null
  return await inOrganization(ctx.db, organizationId, async tx => {
    const link = await findPaymentLink(tx, id)
    if (link === null) return null
    const isPaid = link.type === 'one_time' && !link.isActive && (await isLinkPaid(tx, link))
    return { link, isPaid, ...(await loadStorefront(tx)) }
  })
}
