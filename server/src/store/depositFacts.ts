import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** An asset at a deposit address. */
export type Holding = { assetId: string; address: Hex }

/** What payers brought, and what of it and of returned shares still lies there by the facts, in base units. */
export type DepositFacts = Holding & { arrivedRaw: bigint; heldRaw: bigint }

/** What the live facts up to block `upTo` of the asset's chain say of each holding, in their order. */
export async function loadDepositFacts(tx: Tx, holdings: readonly Holding[], upTo: bigint): Promise<DepositFacts[]> {
  if (holdings.length === 0) return []
  const wanted = holdings.map(({ assetId, address }, position) => ({ position, assetId, address: byteaText(address) }))
  const { rows } = await sql<{ arrived: string; moved: string }>`
    select coalesce((
        select sum(t.amount_raw) from transfers t
        where t.checkout_session_id = d.checkout_session_id and t.address = w.address and t.asset_id = w."assetId"
          and t.orphaned_at is null and t.block_number <= ${upTo}), 0) as arrived,
      coalesce((
        select sum(case f.kind when 'back' then f.amount_raw else -f.amount_raw end) from sweep_facts f
        where f.checkout_session_id = d.checkout_session_id and f.address = w.address and f.asset_id = w."assetId"
          and f.orphaned_at is null and f.block_number <= ${upTo}), 0) as moved
    from json_to_recordset(${JSON.stringify(wanted)}::json) w(position int, "assetId" uuid, address bytea)
    left join deposit_addresses d on d.address = w.address
    order by w.position`.execute(tx)
  return holdings.map((holding, index) => {
    const arrivedRaw = BigInt(rows[index]?.arrived ?? 0)
    return { ...holding, arrivedRaw, heldRaw: arrivedRaw + BigInt(rows[index]?.moved ?? 0) }
  })
}

/** A deposit address that is watched no more; a fallback is where a receiver's share came to. */
export type OldAddress = { address: Hex; organizationId: string; sessionId: string; isFallback: boolean }

/** Up to `limit` addresses that are watched no more by `now` and whose balances were never checked, or are due by then. */
export async function findUncheckedAddresses(tx: Tx, now: Date, limit: number): Promise<OldAddress[]> {
  type Row = { address: Buffer; organization_id: string; checkout_session_id: string; is_fallback: boolean }
  // Two parts, each in the order of an index: of the many addresses that are watched still none is looked at.
  const { rows } = await sql<Row>`
    select address, organization_id, checkout_session_id, is_fallback from (
      (select * from deposit_addresses where check_at is null and watch_until < ${now} order by watch_until limit ${limit})
      union all
      (select * from deposit_addresses where check_at < ${now} and watch_until < ${now} order by check_at limit ${limit})
    ) d limit ${limit}`.execute(tx)
  return rows.map(row => ({
    address: bufferHex(row.address),
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    isFallback: row.is_fallback,
  }))
}

/** Notes that the balances of these addresses are to be checked after `at`, and not before. */
export async function setNextCheck(tx: Tx, addresses: readonly Hex[], at: Date): Promise<void> {
  if (addresses.length === 0) return
  await tx
    .updateTable('deposit_addresses')
    .set({ check_at: at })
    .where('address', '=', sql<Buffer>`any(${addresses.map(address => hexBuffer(address))})`)
    .execute()
}
