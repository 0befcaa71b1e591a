import type { Context } from '../context.ts'
import { appliedDiscount, CodeRefusedError } from '../domain/coupon.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { findActiveCode } from '../store/coupons.ts'
import { changeSession, repriced } from './changeSession.ts'
import { judgeCode } from './judgeCode.ts'

/**
 * Takes the discount of a promotion code into the session in place of any other, or takes it out where `text` is null. Throws
 * `CodeRefusedError` with what is wrong.
 */
export async function changeDiscount(ctx: Context, found: CheckoutSession, text: string | null): Promise<void> {
  await changeSession(ctx, found, async change => {
    const { tx, session, now } = change
    if (!session.options.allowPromotionCodes) throw new CodeRefusedError('not_taken')
    if (text === null) return session.discount === null ? null : repriced(ctx, change, { discount: null }, 'code')
    const offer = await findActiveCode(tx, text)
    if (offer === null) throw new CodeRefusedError('unknown')
    if (session.discount?.promotionCodeId === offer.code.id) return null
    const why = await judgeCode(tx, offer, session, now)
    if (why !== null) throw new CodeRefusedError(why, offer.coupon.currency)
    return repriced(ctx, change, { discount: appliedDiscount(offer) }, 'code')
  })
}
