import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, byteaText } from './bytes.ts'
import type { Tx } from './database.ts'

/** An asset at a deposit address, and what of it lies there by the facts: what arrived less what was swept, in base units. */
export type ExpectedBalance = { assetId: string; address: Hex; amountRaw: bigint }

/** What lies at each of these addresses by the live facts, in their order. */
export async function loadExpectedBalances(
  tx: Tx,
  wanted: readonly { assetId: string; address: Hex }[],
): Promise<ExpectedBalance[]> {
  if (wanted.length === 0) return []
  const rows = wanted.map(({ assetId, address }, position) => ({ position, assetId, address: byteaText(address) }))
  const { rows: found } = await sql<{ assetId: string; address: Buffer; amount: string }>`
    select w."assetId", w.address,
      coalesce((
        select sum(t.amount_raw) from deposit_addresses d
        join transfers t on t.checkout_session_id = d.checkout_session_id and t.address = d.address
        where d.address = w.address and t.asset_id = w."assetId" and t.orphaned_at is null), 0)
      + coalesce((
        select sum(case f.kind when 'back' then f.amount_raw else -f.amount_raw end) from deposit_addresses d
        join sweep_facts f on f.checkout_session_id = d.checkout_session_id and f.address = d.address
        where d.address = w.address and f.asset_id = w."assetId" and f.orphaned_at is null), 0) as amount
    from json_to_recordset(${JSON.stringify(rows)}::json) w(position int, "assetId" uuid, address bytea)
    order by w.position`.execute(tx)
  return found.map(row => ({
    assetId: row.assetId,
    address: bufferHex(row.address),
    amountRaw: BigInt(row.amount),
  }))
}

/** A deposit address of an open session: whether it is asked for the chain's coin, and whether that is in doubt there. */
export type OpenAddress = { address: Hex; takesCoin: boolean; isInDoubt: boolean }

/** The deposit addresses of open sessions, on whatever chain they may be paid. */
export async function findOpenAddresses(tx: Tx, chainId: number, now: Date): Promise<OpenAddress[]> {
  const { rows } = await sql<{ address: Buffer; takes_coin: boolean; is_in_doubt: boolean }>`
    select d.address, d.watch_until > ${now} and ${chainId}::bigint = any(d.coin_chains) as takes_coin,
      n.address is not null as is_in_doubt
    from checkout_sessions s join deposit_addresses d on d.checkout_session_id = s.id
    left join coin_doubts n on n.chain_id = ${chainId} and n.address = d.address
    where not s.is_closed`.execute(tx)
  return rows.map(row => ({
    address: bufferHex(row.address),
    takesCoin: row.takes_coin,
    isInDoubt: row.is_in_doubt,
  }))
}

/** The deposit addresses that are asked for the chain's coin, of open sessions and closed ones. */
export async function findCoinAddresses(tx: Tx, chainId: number, now: Date): Promise<Hex[]> {
  const { rows } = await sql<{ address: Buffer }>`
    select address from deposit_addresses
    where coin_chains <> '{}' and watch_until > ${now} and ${chainId}::bigint = any(coin_chains)`.execute(tx)
  return rows.map(row => bufferHex(row.address))
}
