import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Coupon, PromotionCode } from '../domain/coupon.ts'
import type { CouponRecord } from '../domain/couponView.ts'
import type { Currency } from '../domain/currency.ts'
import type { Metadata } from '../domain/session.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, type Listed, listIds, newest, type Slice } from './lists.ts'
import { redemptionsOf } from './redemptions.ts'
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
    .where('code_key', '=', sql<string>`lower(${text})`)
    .where('is_active', '=', true)
    .executeTakeFirst()
  if (row === undefined) return null
  const coupon = (await loadCoupons(tx, [row.coupon_id])).get(row.coupon_id)
  return coupon === undefined ? null : { code: codeFromRow(row), coupon }
}

/** What a list of coupons may be narrowed by; `searchText` is part of the name or of a code, or a whole code, in whatever case. */
export type CouponFilter = {
  ids?: string[] | undefined
  isEnabled?: boolean | undefined
  isArchived?: boolean | undefined
  searchText?: string | undefined
  createdAt?: CreatedAtFilter
}

/** How far back from where it begins a page looks for a part of a name or code. No index finds those under row-level security. */
const SEARCHED = 5_000

/** A page of the caller's coupons, newest first, with their codes and redemptions. */
export async function listCoupons(tx: Tx, filter: CouponFilter, page: Slice): Promise<CouponRecord[]> {
  const { isEnabled, isArchived, searchText } = filter
  const either = (given: boolean | undefined) => (given === undefined ? [true, false] : [given])
  const isAny = isEnabled === undefined && isArchived === undefined
  const among = isAny ? {} : { is_archived: either(isArchived), is_enabled: either(isEnabled) }
  const listed = { from: sql`coupons`, among }
  const ids =
    searchText === undefined ? await listIds(tx, listed, filter, page) : await search(tx, listed, filter, page)
  if (ids.length === 0) return []
  const rows = await tx.selectFrom('coupons').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
  return await recordsOf(tx, rows)
}

async function search(tx: Tx, listed: Listed, filter: CouponFilter, page: Slice): Promise<string[]> {
  const text = sql`lower(${filter.searchText})`
  const isCode = sql<SqlBool>`id in (select coupon_id from promotion_codes where code_key = ${text})`
  const { rows } = await sql<{ id: string }>`
    select c.id from (${newest(listed, filter, { limit: SEARCHED, offset: 0, after: page.after })}) n
    join coupons c on c.id = n.id
    where position(${text} in lower(c.name)) > 0 or exists (
      select from promotion_codes p
      where p.organization_id = c.organization_id and p.coupon_id = c.id and position(${text} in p.code_key) > 0)
    union (${newest({ ...listed, where: [isCode] }, filter, { ...page, limit: page.limit + page.offset, offset: 0 })})
    order by id desc limit ${page.limit} offset ${page.offset}`.execute(tx)
  return rows.map(row => row.id)
}

/** The caller's coupon `id` with its codes and redemptions, or null. */
export async function findCoupon(tx: Tx, id: string): Promise<CouponRecord | null> {
  const rows = await tx.selectFrom('coupons').selectAll().where('id', '=', id).execute()
  return (await recordsOf(tx, rows))[0] ?? null
}

/** As `findCoupon`, and nobody else changes the coupon until the transaction ends. */
export async function lockCoupon(tx: Tx, id: string): Promise<CouponRecord | null> {
  const rows = await tx.selectFrom('coupons').selectAll().where('id', '=', id).forNoKeyUpdate().execute()
  return (await recordsOf(tx, rows))[0] ?? null
}

async function recordsOf(tx: Tx, rows: Selectable<Coupons>[]): Promise<CouponRecord[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const codes = await tx.selectFrom('promotion_codes').selectAll().where('coupon_id', 'in', ids).orderBy('id').execute()
  const counts = await redemptionsOf(tx, ids)
  const byCoupon = Map.groupBy(codes, row => row.coupon_id)
  return rows.map(row => ({
    organizationId: row.organization_id,
    coupon: couponFromRow(row),
    codes: (byCoupon.get(row.id) ?? []).map(codeFromRow),
    timesRedeemed: counts.get(row.id) ?? 0,
  }))
}

/** Adds a coupon with its codes; violates `promotion_codes_code` when another active coupon has one of them. */
export async function insertCoupon(tx: Tx, { organizationId, coupon, codes }: CouponRecord): Promise<void> {
  const { id, createdAt, percentPpm, amountOff, currency } = coupon
  await tx
    .insertInto('coupons')
    .values({
      ...{ organization_id: organizationId, id, created_at: createdAt },
      ...{ percent_ppm: percentPpm, amount_off: amountOff, currency, ...changing(coupon) },
    })
    .execute()
  const rows = codes.map(code => ({
    ...{ organization_id: organizationId, id: code.id, created_at: code.createdAt, coupon_id: code.couponId },
    ...{ code: code.code, is_active: code.isActive, expired_at: code.expiredAt },
    ...{ max_redemptions: code.maxRedemptions, metadata: code.metadata },
  }))
  await tx.insertInto('promotion_codes').values(rows).execute()
}

/** Writes what can change about a coupon: all but what it takes off. Its codes are active as it is; violates as `insertCoupon`. */
export async function saveCoupon(tx: Tx, coupon: Coupon): Promise<void> {
  await tx.updateTable('coupons').set(changing(coupon)).where('id', '=', coupon.id).execute()
  await tx
    .updateTable('promotion_codes')
    .set({ is_active: coupon.isEnabled })
    .where('coupon_id', '=', coupon.id)
    .where('is_active', '<>', coupon.isEnabled)
    .execute()
}

function changing(coupon: Coupon) {
  const { updatedAt, name, maxRedemptions, maxRedemptionsPerCustomer, redeemBy, metadata, isEnabled, archivedAt } =
    coupon
  return {
    ...{ updated_at: updatedAt, name, redeem_by: redeemBy, metadata, is_enabled: isEnabled, archived_at: archivedAt },
    ...{ max_redemptions: maxRedemptions, max_redemptions_per_customer: maxRedemptionsPerCustomer },
  }
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
