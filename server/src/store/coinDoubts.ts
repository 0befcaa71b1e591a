import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Coin that may have come to an address by `seenAt`: too few of the chain's nodes vouch for it yet, or they keep a later state only. */
export type CoinDoubt = { chainId: number; address: Hex; seenAt: Date }

/**
 * Stores that coin is in doubt at exactly these addresses of the chain, of those where sessions take it; where it was before, since
 * then.
 */
export async function setCoinDoubts(
  tx: Tx,
  chainId: number,
  doubts: readonly Omit<CoinDoubt, 'chainId'>[],
): Promise<void> {
  const addresses = doubts.map(({ address }) => hexBuffer(address))
  await sql`delete from coin_doubts where chain_id = ${chainId} and address <> all(${addresses}::bytea[])`.execute(tx)
  if (doubts.length === 0) return
  const rows = doubts.map(({ address, seenAt }) => ({ address: byteaText(address), seen_at: seenAt }))
  await sql`
    insert into coin_doubts (chain_id, address, seen_at)
    select ${chainId}, n.address, n.seen_at
    from json_to_recordset(${JSON.stringify(rows)}::json) n(address bytea, seen_at timestamptz)
    join deposit_addresses d on d.address = n.address and not d.is_fallback and ${chainId}::bigint = any(d.coin_chains)
    on conflict (chain_id, address) do nothing`.execute(tx)
}

/** What is in doubt at these addresses, on whatever chain. */
export async function loadCoinDoubts(tx: Tx, addresses: readonly Hex[]): Promise<CoinDoubt[]> {
  const rows = await tx
    .selectFrom('coin_doubts')
    .selectAll()
    .where('address', '=', sql<Buffer>`any(${addresses.map(address => hexBuffer(address))})`)
    .execute()
  return rows.map(row => ({ chainId: Number(row.chain_id), address: bufferHex(row.address), seenAt: row.seen_at }))
}
