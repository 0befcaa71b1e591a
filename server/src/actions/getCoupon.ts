import type { Context } from '../context.ts'
import type { CouponRecord } from '../domain/couponView.ts'
import { type CouponFilter, findCoupon, listCoupons as list } from '../store/coupons.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { checkCursor } from './checkCursor.ts'

/** The organization's coupon `id`, archived or not; null for one that is absent or another's. */
export async function getCoupon(ctx: Context, organizationId: string, id: string): Promise<CouponRecord | null> {
  return await readInOrganization(ctx.db, organizationId, tx => findCoupon(tx, id))
}

/** A page of the organization's coupons, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listCoupons(
  ctx: Context,
  organizationId: string,
  filter: CouponFilter,
  page: Slice,
): Promise<CouponRecord[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    await checkCursor(page.after, 'coupon', id => findCoupon(tx, id))
    return await list(tx, filter, page)
  })
}
