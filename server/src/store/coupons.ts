import { type Selectable, sql } from 'kysely'
import type { Coupon, PromotionCode } from '../domain/coupon.ts'
import type { Currency } from '../domain/currency.ts'
import type { Metadata } from '../domain/session.ts'
import type { Tx } from './database.ts'
import type { Coupons, PromotionCodes } from './schema.ts'

/** The caller's coupons among `ids`, by id, archived or not. */
export async function loadCoupons(tx: Tx, ids: readonly string[]): Promise<Map<string, Coupon>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('coupons').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map(row => [row.id, couponFromRow(row)]))
}

/** The active promotion code that `text` names, whatever its case, with its coupon; null when there is none. */
export async function findActiveCode(tx: Tx, text: string): Promise<{ code: PromotionCode; coupon: Coupon } | null> {
  const row = await tx
    .selectFrom('promotion_codes')
    .selectAll()
    .where(sql`lower(code)`, '=', sql`lower(${text})`)
    .where('is_active', '=', true)
    .executeTakeFirst()
  if (row === undefined) return null
  const coupon = (await loadCoupons(tx, [row.coupon_id])).get(row.coupon_id)
  return coupon === undefined ? null : { code: codeFromRow(row), coupon }
}

function couponFromRow(row: Selectable<Coupons>): Coupon {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    percentPpm: row.percent_ppm,
    amountOff: row.amount_off,
    currency: row.currency as Currency | null,
    maxRedemptions: row.max_redemptions,
    maxRedemptionsPerCustomer: row.max_redemptions_per_customer,
    redeemBy: row.redeem_by,
    metadata: row.metadata as Metadata | null,
    isEnabled: row.is_enabled,
    archivedAt: row.archived_at,
  }
}

function codeFromRow(row: Selectable<PromotionCodes>): PromotionCode {
  return {
    id: row.id,
    createdAt: row.created_at,
    couponId: row.coupon_id,
    code: row.code,
    isActive: row.is_active,
    expiredAt: row.expired_at,
    maxRedemptions: row.max_redemptions,
    metadata: row.metadata as Metadata | null,
  }
}
