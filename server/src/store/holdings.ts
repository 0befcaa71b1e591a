import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex } from './bytes.ts'
import type { Tx } from './database.ts'

/** What lies at a deposit address in an asset by the ledger, in base units. */
export type Holding = { address: Hex; assetId: string; heldRaw: bigint }

/** The last block of a chain that was read, and what the ledger says after it of some addresses out of `count`. */
export type Holdings = { block: { number: bigint; hash: Hex; time: Date }; holdings: Holding[]; count: number }

/**
 * What the ledger of the caller's organization says of its addresses on a chain, of `limit` at most: first those that hold something,
 * then the newest that held something once. All of it as of one moment; null where nothing was ever paid there.
 */
export async function loadHoldings(tx: Tx, chainId: number, limit: number): Promise<Holdings | null> {
  type Row = {
    address: Buffer
    asset_id: string
    held: string
    count: number
    number: bigint
    hash: Buffer
    time: Date
  }
  const { rows } = await sql<Row>`
    with holdings as (
      select address, asset_id, sum(case debit when 'deposits' then amount_raw else -amount_raw end) as held, max(created_at) as newest
      from entries where organization_id = current_organization() and chain_id = ${chainId} and 'deposits' in (debit, credit)
      group by address, asset_id)
    select h.address, h.asset_id, h.held, (select count(*)::int from holdings) as count, c.number, c.hash, c.time
    from holdings h join cursors c on c.chain_id = ${chainId}
    order by h.held <> 0 desc, h.newest desc, h.address, h.asset_id limit ${limit}`.execute(tx)
  const [first] = rows
  if (first === undefined) return null
  return {
    block: { number: first.number, hash: bufferHex(first.hash), time: first.time },
    holdings: rows.map(row => ({
      address: bufferHex(row.address),
      assetId: row.asset_id,
      heldRaw: BigInt(row.held),
    })),
    count: first.count,
  }
}
