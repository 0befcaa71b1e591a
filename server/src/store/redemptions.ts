import { type SqlBool, sql } from 'kysely'
import type { Redemptions } from '../domain/coupon.ts'
import type { Tx } from './database.ts'

/** Who redeems what: the coupon, one of its codes, who pays (null: nobody knows), and the session, which is not counted. */
export type Redemption = {
  couponId: string
  promotionCodeId: string | null
  redeemedBy: string | null
  sessionId: string
}

/** What a redemption is, of a session that has the coupon: one that is open may still be paid. */
const isRedemption = sql<SqlBool>`status <> 'expired'`

/** How often each of these coupons was redeemed, by its id; none where it never was. */
export async function redemptionsOf(tx: Tx, couponIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('checkout_sessions')
    .select(({ fn }) => ['coupon_id', fn.countAll<bigint>().as('count')])
    .where('coupon_id', 'in', couponIds)
    .where(isRedemption)
    .groupBy('coupon_id')
    .execute()
  return new Map(rows.map(row => [row.coupon_id ?? '', Number(row.count)]))
}

/** Locks a coupon's redemptions until the transaction ends: whoever else would redeem it within its limits waits. */
export async function lockRedemptions(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('coupons').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

/** How often the coupon, the code, and the coupon by this customer were redeemed. */
export async function countRedemptions(tx: Tx, redemption: Redemption): Promise<Redemptions> {
  const { couponId, promotionCodeId, redeemedBy, sessionId } = redemption
  const { rows } = await sql<{ coupon: number; code: number; customer: number }>`
    select count(*)::int as coupon, (count(*) filter (where promotion_code_id = ${promotionCodeId}))::int as code,
      (count(*) filter (where redeemed_by = ${redeemedBy}))::int as customer
    from checkout_sessions
    where coupon_id = ${couponId} and ${isRedemption} and id <> ${sessionId}`.execute(tx)
  const { coupon = 0, code = 0, customer = 0 } = rows[0] ?? {}
  return { coupon, code, customer: redeemedBy === null ? null : customer }
}
