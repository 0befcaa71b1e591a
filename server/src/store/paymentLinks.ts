import { type SqlBool, sql } from 'kysely'
import type { LinkOptions, PaymentLink } from '../domain/paymentLink.ts'
import type { Database, Tx } from './database.ts'
import { type CreatedAtFilter, listIds, type Slice } from './lists.ts'
import { loadPrices } from './prices.ts'

/** The organization whose link `id` is, or null; for callers who know nothing but the id. */
export async function organizationOfLink(db: Database, id: string): Promise<string | null> {
  type Owner = { organization_id: string | null }
  const { rows } = await sql<Owner>`select organization_of_link(${id}) as organization_id`.execute(db.app)
  return rows[0]?.organization_id ?? null
}

function selectLinks(tx: Tx) {
  return tx
    .selectFrom('payment_links as l')
    .leftJoin('image_fetches as f', join =>
      join.onRef('f.organization_id', '=', 'l.organization_id').onRef('f.url', '=', 'l.image'),
    )
    .selectAll('l')
    .select('f.file_id')
    .where('l.deleted_at', 'is', null)
}

/** The caller's links among `ids`, in that order; deleted ones are absent. */
export async function loadPaymentLinks(tx: Tx, ids: readonly string[]): Promise<PaymentLink[]> {
  if (ids.length === 0) return []
  const rows = await selectLinks(tx).where('l.id', 'in', ids).execute()
  const prices = await loadPrices(tx, [...new Set(rows.map(row => row.price_id))])
  const links = new Map(
    rows.flatMap(row => {
      const price = prices.get(row.price_id)
      if (price === undefined) return []
      const link: PaymentLink = {
        ...{ id: row.id, organizationId: row.organization_id, createdAt: row.created_at, updatedAt: row.updated_at },
        ...{ type: row.type as PaymentLink['type'], price, title: row.title, description: row.description },
        ...{ image: row.image, imageFileId: row.file_id, tags: row.tags, isActive: row.is_active },
        options: row.options as unknown as LinkOptions,
      }
      return [[row.id, link] as const]
    }),
  )
  return ids.flatMap(id => links.get(id) ?? [])
}

/** The caller's link `id`, or null for one that is absent or deleted. */
export async function findPaymentLink(tx: Tx, id: string): Promise<PaymentLink | null> {
  return (await loadPaymentLinks(tx, [id]))[0] ?? null
}

/** As `findPaymentLink`, and nobody else changes it, or begins to pay it, until the transaction ends. */
export async function lockPaymentLink(tx: Tx, id: string): Promise<PaymentLink | null> {
  await tx.selectFrom('payment_links').select('id').where('id', '=', id).forUpdate().execute()
  return await findPaymentLink(tx, id)
}

/** Whether the link `id` can be paid, which nobody changes until the transaction ends. */
export async function keepActiveLink(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('payment_links')
    .select('is_active')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  return row?.is_active === true
}

/** What a list of links may be narrowed by. */
export type PaymentLinkFilter = {
  ids?: string[] | undefined
  isActive?: boolean | undefined
  createdAt?: CreatedAtFilter
}

/** A page of the caller's links, newest first. */
export async function listPaymentLinks(tx: Tx, filter: PaymentLinkFilter, page: Slice): Promise<PaymentLink[]> {
  const listed = {
    from: sql`payment_links`,
    among: { is_active: filter.isActive === undefined ? [true, false] : [filter.isActive] },
    where: [sql<SqlBool>`deleted_at is null`],
  }
  return await loadPaymentLinks(tx, await listIds(tx, listed, filter, page))
}

/** Adds a link, whose price is there. */
export async function insertPaymentLink(tx: Tx, link: PaymentLink): Promise<void> {
  const { organizationId, id, createdAt, type } = link
  await tx
    .insertInto('payment_links')
    .values({ organization_id: organizationId, id, created_at: createdAt, type, ...changing(link) })
    .execute()
}

/** Writes what can change about a link. */
export async function savePaymentLink(tx: Tx, link: PaymentLink): Promise<void> {
  await tx
    .updateTable('payment_links')
    .set({ type: link.type, ...changing(link) })
    .where('id', '=', link.id)
    .execute()
}

/** Marks the caller's link `id` as deleted at `now`; false if there is none. */
export async function deletePaymentLink(tx: Tx, id: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable('payment_links')
    .set({ deleted_at: now, is_active: false })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Deactivates those of the links `ids` that are for one payment and active, in one order; returns them. */
export async function endPaidLinks(tx: Tx, ids: readonly string[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with due as (
      select id from payment_links where id = any(${ids}::uuid[]) and type = 'one_time' and is_active order by id for update)
    update payment_links l set is_active = false, updated_at = ${now} from due where l.id = due.id returning l.id`.execute(
    tx,
  )
  return rows.map(row => row.id)
}

/** The sessions of the links that can still be paid, in the order of their ids. */
export async function openSessionsOfLinks(tx: Tx, linkIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('payment_links as l')
    .innerJoin('checkout_sessions as s', join =>
      join.onRef('s.organization_id', '=', 'l.organization_id').onRef('s.payment_link_id', '=', 'l.id'),
    )
    .select('s.id')
    .where('l.id', '=', sql<string>`any(${linkIds})`)
    .where('s.status', '=', 'open')
    .orderBy('s.id')
    .execute()
  return rows.map(row => row.id)
}

/** Whether a session of the caller's link `id` is complete. */
export async function isLinkPaid(tx: Tx, { organizationId, id }: PaymentLink): Promise<boolean> {
  const row = await tx
    .selectFrom('checkout_sessions')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('payment_link_id', '=', id)
    .where('status', '=', 'complete')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function changing({ updatedAt, price, title, description, image, tags, isActive, options }: PaymentLink) {
  return {
    ...{ updated_at: updatedAt, price_id: price.id, title, description, image, tags, is_active: isActive },
    options: JSON.stringify(options),
  }
}
