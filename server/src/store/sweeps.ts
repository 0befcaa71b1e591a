import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import type { OpenSweep, SeenDeposit, Sweep, SweepDeposit, SweepFailure, SweepStatus } from '../domain/sweep.ts'
import type { Call } from '../domain/sweepCall.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'
import { loadGasTransactions } from './gasTransactions.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { DB, Sweeps } from './schema.ts'

/** What a list of sweeps may be narrowed by. */
export type SweepFilter = { ids?: string[]; chainId?: number; status?: SweepStatus; createdAt?: CreatedAtFilter }

/** Nobody else plans sweeps on the chain until this transaction ends: no money is planned twice. */
export async function lockPlanning(tx: Tx, chainId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`planning sweeps on ${chainId}`}, 0))`.execute(tx)
}

/** Stores a new sweep; its deposits too, unless they are moved to it from another. */
export async function insertSweep(tx: Tx, sweep: Sweep, { withDeposits = true } = {}): Promise<void> {
  const { organizationId, id, createdAt, updatedAt, chainId, status, isOurs, failure, call, txHash } = sweep
  await tx
    .insertInto('sweeps')
    .values({
      organization_id: organizationId,
      id,
      created_at: createdAt,
      updated_at: updatedAt,
      chain_id: BigInt(chainId),
      status,
      is_ours: isOurs,
      failure,
      call: JSON.stringify(call),
      tx_hash: txHash === null ? null : hexBuffer(txHash),
    })
    .execute()
  if (!withDeposits) return
  const rows = sweep.deposits.map(({ sessionId, assetId, address, amountRaw }) => ({
    organization_id: organizationId,
    sweep_id: id,
    checkout_session_id: sessionId,
    asset_id: assetId,
    address: byteaText(address),
    amount_raw: amountRaw.toString(),
  }))
  await sql`
    insert into sweep_deposits select * from json_populate_recordset(null::sweep_deposits, ${JSON.stringify(rows)}::json)`.execute(
    tx,
  )
}

/** Writes what has changed about a sweep; false when it is no longer as `from` says. */
export async function saveSweep(tx: Tx, sweep: Omit<Sweep, 'deposits'>, from: SweepStatus): Promise<boolean> {
  const { id, updatedAt, status, failure, call, txHash } = sweep
  const { numUpdatedRows } = await tx
    .updateTable('sweeps')
    .set({
      updated_at: updatedAt,
      status,
      failure,
      call: JSON.stringify(call),
      tx_hash: txHash === null ? null : hexBuffer(txHash),
    })
    .where('id', '=', id)
    .where('status', '=', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The status of a sweep, which nobody else changes until the transaction ends; null when there is none. */
export async function lockSweep(tx: Tx, id: string): Promise<SweepStatus | null> {
  const row = await tx.selectFrom('sweeps').select('status').where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row === undefined ? null : (row.status as SweepStatus)
}

/** Moves deposits from one sweep to another. */
export async function moveDeposits(
  tx: Tx,
  from: string,
  to: string,
  deposits: readonly Pick<SweepDeposit, 'address' | 'assetId'>[],
): Promise<void> {
  const rows = deposits.map(({ address, assetId }) => ({ address: byteaText(address), asset_id: assetId }))
  await sql`
    update sweep_deposits sd set sweep_id = ${to}
    from json_to_recordset(${JSON.stringify(rows)}::json) d(address bytea, asset_id uuid)
    where sd.sweep_id = ${from} and sd.address = d.address and sd.asset_id = d.asset_id`.execute(tx)
}

/** How many sweeps of ours were sent on the chain since then, and of how many deposits. */
export async function countSent(tx: Tx, chainId: number, since: Date): Promise<{ sweeps: number; deposits: number }> {
  const row = await tx
    .selectFrom('sweeps as s')
    .innerJoin('sweep_deposits as sd', 'sd.sweep_id', 's.id')
    .select(({ fn }) => [fn.count<bigint>('s.id').distinct().as('sweeps'), fn.countAll<bigint>().as('deposits')])
    .where('s.chain_id', '=', BigInt(chainId))
    .where('s.is_ours', '=', true)
    .where('s.status', 'in', ['submitted', 'succeeded'])
    .where('s.created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return { sweeps: Number(row.sweeps), deposits: Number(row.deposits) }
}

/** A page of the caller's sweeps, newest first, after the sweep `after` or past `offset` rows. */
export async function listSweeps(tx: Tx, filter: SweepFilter, page: Slice): Promise<Sweep[]> {
  let query = tx.selectFrom('sweeps').selectAll()
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  if (filter.chainId !== undefined) query = query.where('chain_id', '=', BigInt(filter.chainId))
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  query = query.where(createdWithin(filter.createdAt))
  const ordered = query.orderBy('organization_id', 'desc').orderBy('id', 'desc')
  return await withDeposits(tx, ordered.limit(page.limit).offset(page.offset))
}

/** Whether the caller has a sweep of this id. */
export async function sweepExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('sweeps').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

async function withDeposits(tx: Tx, query: SelectQueryBuilder<DB, 'sweeps', Selectable<Sweeps>>): Promise<Sweep[]> {
  const rows = await query.execute()
  const deposits = await tx
    .selectFrom('sweep_deposits')
    .selectAll()
    .where('sweep_id', '=', sql<string>`any(${rows.map(row => row.id)})`)
    .orderBy('checkout_session_id')
    .orderBy('asset_id')
    .execute()
  const bySweep = Map.groupBy(deposits, deposit => deposit.sweep_id)
  return rows.map(row => ({ ...fromRow(row), deposits: (bySweep.get(row.id) ?? []).map(depositFromRow) }))
}

/**
 * The sweeps under way on the chain with what has become of their money, oldest first; blocks up to `finalNumber` are final. With
 * `locked`, nobody else changes them until the transaction ends.
 */
export async function loadOpenSweeps(
  tx: Tx,
  chainId: number,
  finalNumber: bigint,
  { locked = false } = {},
): Promise<OpenSweep[]> {
  const query = tx
    .selectFrom('sweeps')
    .selectAll()
    .where('chain_id', '=', BigInt(chainId))
    .where('status', 'in', ['planned', 'submitted'])
    .orderBy('id')
  const rows = await (locked ? query.forNoKeyUpdate() : query).execute()
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const deposits = await loadSeenDeposits(tx, ids, finalNumber)
  const transactions = await loadGasTransactions(tx, ids)
  return rows.map(row => ({
    ...fromRow(row),
    deposits: deposits.get(row.id) ?? [],
    ownHashes: (transactions.get(row.id) ?? []).map(({ hash }) => hash),
  }))
}

/**
 * The money has left when a fact that was seen since the sweep was planned says so, or when nothing lies there any more (by a fact
 * that was seen just before).
 */
async function loadSeenDeposits(
  tx: Tx,
  sweepIds: readonly string[],
  finalNumber: bigint,
): Promise<Map<string, SeenDeposit[]>> {
  type Row = DepositRow & { sweep_id: string; tx_hash: Buffer | null; block_number: bigint | null } & {
    left_by_all: string
    left_by_final: string
  }
  const { rows } = await sql<Row>`
    select sd.sweep_id, sd.checkout_session_id, sd.asset_id, sd.address, sd.amount_raw, f.tx_hash, f.block_number,
      t.arrived - m.out_all + m.back as left_by_all, t.arrived - m.out_final + m.back as left_by_final
    from sweep_deposits sd join sweeps s on s.organization_id = sd.organization_id and s.id = sd.sweep_id
    left join lateral (
      select f.tx_hash, f.block_number from sweep_facts f
      where f.checkout_session_id = sd.checkout_session_id and f.address = sd.address and f.asset_id = sd.asset_id
        and f.kind = 'out' and f.orphaned_at is null and f.seen_at >= s.created_at
      order by f.block_number, f.id limit 1) f on true
    cross join lateral (
      select coalesce(sum(t.amount_raw), 0) as arrived from transfers t
      where t.checkout_session_id = sd.checkout_session_id and t.address = sd.address and t.asset_id = sd.asset_id
        and t.orphaned_at is null) t
    cross join lateral (
      select coalesce(sum(o.amount_raw) filter (where o.kind = 'out'), 0) as out_all,
        coalesce(sum(o.amount_raw) filter (where o.kind = 'out' and o.block_number <= ${finalNumber}), 0) as out_final,
        coalesce(sum(o.amount_raw) filter (where o.kind = 'back'), 0) as back
      from sweep_facts o
      where o.checkout_session_id = sd.checkout_session_id and o.address = sd.address and o.asset_id = sd.asset_id
        and o.orphaned_at is null) m
    where sd.sweep_id = any(${sweepIds}::uuid[])
    order by sd.checkout_session_id, sd.asset_id`.execute(tx)
  const seen = rows.map(row => {
    const isGone = BigInt(row.left_by_all) <= 0n
    const isFinal = row.block_number === null ? BigInt(row.left_by_final) <= 0n : row.block_number <= finalNumber
    const swept =
      row.block_number === null && !isGone
        ? null
        : { txHash: row.tx_hash === null ? null : bufferHex(row.tx_hash), isFinal }
    return { sweepId: row.sweep_id, deposit: { ...depositFromRow(row), swept } }
  })
  return new Map(
    [...Map.groupBy(seen, ({ sweepId }) => sweepId)].map(([id, found]) => [id, found.map(({ deposit }) => deposit)]),
  )
}

type DepositRow = { checkout_session_id: string; asset_id: string; address: Buffer; amount_raw: string }

function depositFromRow(row: DepositRow): SweepDeposit {
  return {
    sessionId: row.checkout_session_id,
    assetId: row.asset_id,
    address: bufferHex(row.address),
    amountRaw: BigInt(row.amount_raw),
  }
}

function fromRow(row: Selectable<Sweeps>): Omit<Sweep, 'deposits'> {
  return {
    organizationId: row.organization_id,
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    chainId: Number(row.chain_id),
    status: row.status as SweepStatus,
    isOurs: row.is_ours,
    failure: row.failure as SweepFailure | null,
    call: row.call as Call,
    txHash: row.tx_hash === null ? null : (bufferHex(row.tx_hash) as Hex),
  }
}
