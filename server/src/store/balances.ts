import { sql } from 'kysely'
import type { Tx } from './database.ts'

/** What an organization has in one asset, by the ledger, in base units. */
export type Balance = {
  chainId: number
  assetId: string
  pendingRaw: bigint
  onDepositsRaw: bigint
  sweptRaw: bigint
  refundedRaw: bigint
}

/** The caller's balances, a row for each asset that it was ever paid in, by chain: summed from one index. */
export async function loadBalances(tx: Tx): Promise<Balance[]> {
  type Row = { chain_id: bigint; asset_id: string } & Record<'pending' | 'on_deposits' | 'swept' | 'refunded', string>
  const { rows } = await sql<Row>`
    with totals as (
      select chain_id, asset_id, debit, credit, sum(amount_raw) as amount from entries
      where organization_id = current_organization() group by chain_id, asset_id, debit, credit),
    moves as (
      select chain_id, asset_id, debit as account, amount from totals
      union all select chain_id, asset_id, credit, -amount from totals)
    select chain_id, asset_id,
      coalesce(-sum(amount) filter (where account = 'pending'), 0) as pending,
      coalesce(sum(amount) filter (where account = 'deposits'), 0) as on_deposits,
      coalesce(sum(amount) filter (where account = 'swept'), 0) as swept,
      coalesce(-sum(amount) filter (where account = 'refunded'), 0) as refunded
    from moves group by chain_id, asset_id order by chain_id, asset_id`.execute(tx)
  return rows.map(row => ({
    chainId: Number(row.chain_id),
    assetId: row.asset_id,
    pendingRaw: BigInt(row.pending),
    onDepositsRaw: BigInt(row.on_deposits),
    sweptRaw: BigInt(row.swept),
    refundedRaw: BigInt(row.refunded),
  }))
}
