import { sql } from 'kysely'
import type { AssetReason, ChainReason, Finding, Health, Problem } from '../domain/chainHealth.ts'
import type { Tx } from './database.ts'

/** What is wrong now with all chains and assets. */
export async function loadHealth(tx: Tx): Promise<Health> {
  const chains = await tx.selectFrom('chain_health').selectAll().orderBy('since').execute()
  const assets = await tx.selectFrom('asset_health').selectAll().orderBy('since').execute()
  const problem = <Reason>(row: { reason: string; since: Date }): Problem<Reason> => {
    return { reason: row.reason as Reason, since: row.since }
  }
  return {
    chains: new Map(
      [...Map.groupBy(chains, row => Number(row.chain_id))].map(([id, rows]) => [id, rows.map(problem<ChainReason>)]),
    ),
    assets: new Map(
      [...Map.groupBy(assets, row => row.asset_id)].map(([id, rows]) => [id, rows.map(problem<AssetReason>)]),
    ),
  }
}

/** Locks the chain's health until the transaction ends. */
export async function lockHealth(tx: Tx, chainId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('health of chain ' || ${`${chainId}`}, 0))`.execute(tx)
}

/** Stores what was found at `now`: that it is wrong, since then unless it was before, or that it is not any more. */
export async function setProblem(tx: Tx, chainId: number, finding: Finding, now: Date): Promise<void> {
  const { assetId, reason, isWrong } = finding
  const [table, key, id] =
    assetId === null ? ['chain_health', 'chain_id', chainId] : ['asset_health', 'asset_id', assetId]
  const rows = sql.table(table)
  await (isWrong
    ? sql`insert into ${rows} (${sql.ref(key)}, reason, since) values (${id}, ${reason}, ${now}) on conflict do nothing`
    : sql`delete from ${rows} where ${sql.ref(key)} = ${id} and reason = ${reason}`
  ).execute(tx)
}

/** The organizations with a wallet on the chain. */
export async function findOrganizationsOnChain(tx: Tx, chainId: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('withdrawal_addresses')
    .select('organization_id')
    .distinct()
    .where('chain_id', '=', BigInt(chainId))
    .orderBy('organization_id')
    .execute()
  return rows.map(row => row.organization_id)
}
