import type { Context } from '../context.ts'
import type { Coupon, PromotionCode } from '../domain/coupon.ts'
import { type CouponRecord, couponView } from '../domain/couponView.ts'
import { AppError } from '../domain/errors.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { insertCoupon } from '../store/coupons.ts'
import { violatedConstraint } from '../store/database.ts'
import type { Caller } from './caller.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A coupon as asked for, with its one code. */
export type NewCoupon = Omit<Coupon, 'id' | 'createdAt' | 'updatedAt' | 'archivedAt'> & {
  code: Pick<PromotionCode, 'code' | 'expiredAt' | 'maxRedemptions' | 'metadata'>
}

const CODE_PARAM = 'promotionCodeData.data[0]'

/** Creates a coupon with its code. Throws `promotion_code_exists`, and `parameter_invalid` where it would have ended already. */
export async function createCoupon(
  ctx: Context,
  caller: Caller,
  asked: NewCoupon,
  once: OnceKey | null,
): Promise<Answered> {
  const { organizationId } = caller
  return await writeOnce(ctx, caller, once, async tx => {
    const now = ctx.clock.now()
    const { code, ...terms } = asked
    inFuture(terms.redeemBy, now, 'redeemBy')
    inFuture(code.expiredAt, now, `${CODE_PARAM}.expiredAt`)
    const id = uuidv7(now, ctx.random(10))
    const codeId = uuidv7(now, ctx.random(10))
    const record: CouponRecord = {
      organizationId,
      coupon: { id, createdAt: now, updatedAt: now, ...terms, archivedAt: null },
      codes: [{ id: codeId, createdAt: now, couponId: id, isActive: terms.isEnabled, ...code }],
      timesRedeemed: 0,
    }
    await refusingKnownCode(`${CODE_PARAM}.code`, () => insertCoupon(tx, record))
    return { body: JSON.stringify(couponView(record, now)) }
  })
}

function inFuture(time: Date | null, now: Date, param: string): void {
  if (time === null || time > now) return
  throw new AppError('parameter_invalid', `${param} must lie in the future.`, { param })
}

/** What `run` returns; a code that another active coupon has is `promotion_code_exists`. */
export async function refusingKnownCode<T>(param: string | null, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (violatedConstraint(error) !== 'promotion_codes_code') throw error
    throw new AppError(
      'promotion_code_exists',
      'Another active coupon has this code: use another code, or disable or archive that coupon first.',
      { param, cause: error },
    )
  }
}
