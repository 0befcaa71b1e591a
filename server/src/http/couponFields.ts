import { z } from '@hono/zod-openapi'
import type { NewCoupon } from '../actions/createCoupon.ts'
import { AppError } from '../domain/errors.ts'
import { percentage } from './percentage.ts'
import { amount, currency, datetime, metadata, name, PARAM, refuse, rule } from './rules.ts'

const count = z.int().min(1).max(1_000_000_000)

const code = rule(
  value => {
    const text = typeof value === 'string' ? value.normalize('NFC') : ''
    if (/^[^\s\p{C}\p{Z}]{2,20}$/u.test(text)) return text
    throw refuse('parameter_invalid', `${PARAM} must be 2 to 20 characters that can be seen, without spaces.`)
  },
  { type: 'string', minLength: 2, maxLength: 20 },
)

const promotionCodeData = z
  .strictObject({
    code,
    expiredAt: datetime.nullish(),
    maxRedemptions: count.nullish(),
    metadata: metadata.nullish(),
  })
  .openapi('PromotionCodeData')

const fields = {
  name,
  maxRedemptions: count.nullish(),
  maxRedemptionsPerCustomer: count.nullish(),
  redeemBy: datetime.nullish(),
  metadata: metadata.nullish(),
}

/** A coupon as a request describes it: `percentOff`, or `amountOff` with its `currency`. */
export const newCouponSchema = z
  .strictObject({
    ...fields,
    percentOff: percentage({ decimals: 2, isPositive: true }).nullish(),
    amountOff: amount.nullish(),
    currency: currency.nullish(),
    isEnable: z.boolean().default(true),
    promotionCodeData: z.strictObject({ data: z.array(promotionCodeData).min(1).max(1) }).openapi('PromotionCodeItems'),
  })
  .openapi('CreateCoupon')

/** What a request may change about a coupon. */
export const couponChangesSchema = z
  .strictObject({ ...fields, isEnable: z.boolean() })
  .partial()
  .openapi('UpdateCoupon')

/** The coupon that `body` asks for. Throws `parameter_invalid` or `parameter_missing` where it is not plain what it takes off. */
export function toNewCoupon(body: z.output<typeof newCouponSchema>): NewCoupon {
  const { maxRedemptions = null, maxRedemptionsPerCustomer = null, redeemBy = null, metadata = null } = body
  const { percentOff = null, amountOff = null, currency = null } = body
  if (percentOff !== null && amountOff !== null) throw invalid('Give percentOff or amountOff, not both.', 'percentOff')
  if (percentOff === null && amountOff === null) throw absent('Give percentOff or amountOff.', 'percentOff')
  if (amountOff !== null && currency === null) throw absent('amountOff needs a currency.', 'currency')
  if (amountOff === null && currency !== null) throw invalid('currency goes with amountOff only.', 'currency')
  const [given] = body.promotionCodeData.data
  if (given === undefined) throw absent('A coupon has one code.', 'promotionCodeData.data')
  const { expiredAt = null } = given
  return {
    ...{ name: body.name, percentPpm: percentOff, amountOff, currency, isEnabled: body.isEnable },
    ...{ maxRedemptions, maxRedemptionsPerCustomer, redeemBy, metadata },
    code: { ...given, expiredAt, maxRedemptions: given.maxRedemptions ?? null, metadata: given.metadata ?? null },
  }
}

function invalid(message: string, param: string): AppError {
  return new AppError('parameter_invalid', message, { param })
}

function absent(message: string, param: string): AppError {
  return new AppError('parameter_missing', message, { param })
}
