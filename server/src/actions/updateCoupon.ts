import type { Context } from '../context.ts'
import type { Coupon } from '../domain/coupon.ts'
import type { CouponRecord } from '../domain/couponView.ts'
import { AppError } from '../domain/errors.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { lockCoupon, saveCoupon } from '../store/coupons.ts'
import { inOrganization, type Tx } from '../store/database.ts'
import { refusingKnownCode } from './createCoupon.ts'

/** What may change about a coupon: all but what it takes off. */
export type CouponChanges = Changes<
  Pick<Coupon, 'name' | 'maxRedemptions' | 'maxRedemptionsPerCustomer' | 'redeemBy' | 'metadata' | 'isEnabled'>
>

/** As `changeCoupon`, in a transaction of its own. */
export async function updateCoupon(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: CouponChanges,
): Promise<CouponRecord | null> {
  return await inOrganization(ctx.db, organizationId, tx => changeCoupon(tx, ctx, id, changes))
}

/**
 * Changes the organization's coupon `id`; null if there is none. Its code is active as long as it is enabled: enabling it throws
 * `promotion_code_exists` when another active coupon has taken the code, and `coupon_archived` for an archived one.
 */
export async function changeCoupon(
  tx: Tx,
  ctx: Context,
  id: string,
  changes: CouponChanges,
): Promise<CouponRecord | null> {
  const before = await lockCoupon(tx, id)
  if (before === null) return null
  if (before.coupon.archivedAt !== null && changes.isEnabled === true) {
    throw new AppError('coupon_archived', 'This coupon is archived for good: create a new one with the same code.')
  }
  return await save(tx, before, withChanges<Coupon>(before.coupon, changes, ctx.clock.now()))
}

/** Archives the organization's coupon `id` for good, disabled and its code free for others; null if there is none. */
export async function archiveCoupon(tx: Tx, ctx: Context, id: string): Promise<CouponRecord | null> {
  const before = await lockCoupon(tx, id)
  if (before === null) return null
  const now = ctx.clock.now()
  const archivedAt = before.coupon.archivedAt ?? now
  return await save(tx, before, withChanges<Coupon>(before.coupon, { isEnabled: false, archivedAt }, now))
}

async function save(tx: Tx, before: CouponRecord, coupon: Coupon): Promise<CouponRecord> {
  if (coupon === before.coupon) return before
  await refusingKnownCode(null, () => saveCoupon(tx, coupon))
  return { ...before, coupon, codes: before.codes.map(code => ({ ...code, isActive: coupon.isEnabled })) }
}
