import { sql } from 'kysely'
import { parseWait, type Witness } from '../domain/finality.ts'
import type { CheckoutSession, LockedQuote, Metadata } from '../domain/session.ts'
import { type KnownChains, learnAssets } from './chains.ts'
import { loadCustomers } from './customers.ts'
import { type Tx, together } from './database.ts'
import { selectPrices } from './prices.ts'
import { lineFromRow, sessionFromRow, transferFromRow } from './sessionFromRow.ts'

/** Replaces a session's metadata; nothing that a rule reads. */
export async function setMetadata(tx: Tx, id: string, metadata: Metadata | null): Promise<void> {
  const text = metadata === null ? null : JSON.stringify(metadata)
  await tx.updateTable('checkout_sessions').set({ metadata: text }).where('id', '=', id).execute()
}

/** Locks the sessions until the transaction ends, in one order so that two writers never wait for each other. */
export async function lockSessions(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .selectFrom('checkout_sessions')
    .select('id')
    .where('id', '=', sql<string>`any(${ids})`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** The sessions `ids` whole, in that order, those that do not exist left out. `known` learns the assets that it lacks. */
export async function loadSessions(tx: Tx, ids: readonly string[], known: KnownChains): Promise<CheckoutSession[]> {
  if (ids.length === 0) return []
  // Each joined through the session, whose id finds the tenant's rows by their primary key for the worker's role too.
  const ofSessions = tx
    .selectFrom('checkout_sessions as s')
    .innerJoin('payment_intents as i', join =>
      join.onRef('i.organization_id', '=', 's.organization_id').onRef('i.checkout_session_id', '=', 's.id'),
    )
    .innerJoin('deposit_addresses as d', join =>
      join.onRef('d.checkout_session_id', '=', 's.id').on('d.is_fallback', '=', false),
    )
    .leftJoin('payment_receipts as r', join =>
      join.onRef('r.organization_id', '=', 's.organization_id').onRef('r.payment_intent_id', '=', 'i.id'),
    )
    .selectAll('s')
    .select(['r.id as r_id', 'r.created_at as r_created_at', 'r.receipt_number', 'r.name as r_name'])
    .select(['i.id as i_id', 'i.created_at as i_created_at', 'i.updated_at as i_updated_at', 'i.status as i_status'])
    .select([
      'i.amount_received',
      'i.canceled_at',
      'i.mark_refunded_at',
      'i.mark_refunded_comment',
      'd.address',
      'd.factory',
      'd.init_code_hash',
      'd.payouts',
    ])
    .where('s.id', 'in', ids)
  // `offset 0` keeps the lines a step of their own, and the price of each another: without statistics, a burst's first sessions, the
  // planner would begin with all prices of the tenant.
  const lines = tx
    .selectFrom('line_items')
    .innerJoin('checkout_sessions as s', join =>
      join
        .onRef('s.organization_id', '=', 'line_items.organization_id')
        .onRef('s.id', '=', 'line_items.checkout_session_id'),
    )
    .selectAll('line_items')
    .where('s.id', 'in', ids)
    .offset(0)
  const priceOfLine = selectPrices(tx)
    .where('p.organization_id', '=', sql.ref<string>('l.organization_id'))
    .where('p.id', '=', sql.ref<string>('l.price_id'))
    .offset(0)
  const ofItems = tx
    .selectFrom(lines.as('l'))
    .innerJoinLateral(priceOfLine.as('p'), join => join.onTrue())
    .selectAll('p')
    .select(['l.checkout_session_id', 'l.quantity', 'l.description as l_description'])
    .select(['l.amount_subtotal', 'l.amount_discount', 'l.amount_tax', 'l.amount_total', 'l.taxes'])
    .select(['l.unit_amount as l_unit_amount', 'l.period_start', 'l.period_end'])
    .orderBy('l.checkout_session_id')
    .orderBy('l.position')
  const ofPayable = tx
    .selectFrom('session_assets as a')
    .innerJoin('checkout_sessions as s', join =>
      join.onRef('s.organization_id', '=', 'a.organization_id').onRef('s.id', '=', 'a.checkout_session_id'),
    )
    .selectAll('a')
    .where('s.id', 'in', ids)
    .orderBy('a.id')
  const ofTransfers = tx.selectFrom('transfers').selectAll().where('checkout_session_id', 'in', ids).orderBy('id')
  const [sessions, items, payable, transfers] = await together(tx, [ofSessions, ofItems, ofPayable, ofTransfers])
  const customers = await loadCustomers(
    tx,
    sessions.flatMap(row => row.customer_id ?? []),
    [...new Set(sessions.map(row => row.organization_id))],
  )
  const assetIds = [...payable, ...transfers].map(row => row.asset_id)
  const assetOf = await learnAssets(tx, known, assetIds)
  const linesOf = Map.groupBy(items, row => row.checkout_session_id)
  const payableOf = Map.groupBy(payable, row => row.checkout_session_id)
  const transfersOf = Map.groupBy(transfers, row => row.checkout_session_id)
  const found = new Map(
    sessions.map(row => [
      row.id,
      sessionFromRow(
        row,
        row.customer_id === null ? null : (customers.get(row.customer_id) ?? null),
        (linesOf.get(row.id) ?? []).map(line => lineFromRow(line)),
        (payableOf.get(row.id) ?? []).map(p => ({
          id: p.id,
          asset: assetOf(p.asset_id),
          amount: p.amount,
          amountRaw: BigInt(p.amount_raw),
          policy: { wait: parseWait(p.wait), witness: p.witness as Witness },
          quote: p.quote as LockedQuote | null,
        })),
        (transfersOf.get(row.id) ?? []).map(t => transferFromRow(t, assetOf(t.asset_id))),
      ),
    ]),
  )
  return ids.flatMap(id => found.get(id) ?? [])
}
