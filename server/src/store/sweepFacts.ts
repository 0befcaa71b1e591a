import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import type { BookedSubject } from '../domain/ledger.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Money that left a deposit address (`out`), or came to one from another or from its sweep (`back`), as one block tells it. */
export type SweepFact = {
  id: string
  organizationId: string
  sessionId: string
  chainId: number
  assetId: string
  kind: 'out' | 'back'
  address: Hex
  /** Where it went, or came from. */
  other: Hex | null
  amountRaw: bigint
  txHash: Hex | null
  place: string
  blockHash: Hex
  blockNumber: bigint
  blockTime: Date
  /** Whether it went to somebody whom the address cannot pay: until a person says so, what was paid to it is not posted. */
  isDoubted: boolean
}

/** A stored fact, as the ledger books it. */
export type StoredSweep = BookedSubject & { kind: 'out' | 'back' }

/** Stores facts once by their natural key, seen at `now`; those that a reorg took away with this very block live again. */
export async function insertSweepFacts(tx: Tx, facts: readonly SweepFact[], now: Date): Promise<StoredSweep[]> {
  if (facts.length === 0) return []
  const rows = facts.map(fact => ({
    id: fact.id,
    organization_id: fact.organizationId,
    checkout_session_id: fact.sessionId,
    chain_id: fact.chainId,
    asset_id: fact.assetId,
    kind: fact.kind,
    address: byteaText(fact.address),
    other: fact.other === null ? null : byteaText(fact.other),
    amount_raw: fact.amountRaw.toString(),
    tx_hash: fact.txHash === null ? null : byteaText(fact.txHash),
    place: fact.place,
    block_hash: byteaText(fact.blockHash),
    block_number: fact.blockNumber.toString(),
    block_time: fact.blockTime,
    seen_at: now,
    is_doubted: fact.isDoubted,
  }))
  const { rows: stored } = await sql<Row>`
    insert into sweep_facts as f select * from json_populate_recordset(null::sweep_facts, ${JSON.stringify(rows)}::json)
    on conflict (chain_id, block_hash, place, kind) do update set orphaned_at = null
    returning f.id, f.organization_id, f.checkout_session_id, f.chain_id, f.asset_id, f.address, f.kind, f.amount_raw`.execute(
    tx,
  )
  return stored.map(fromRow)
}

/** Those of the assets of which money left at least `count` deposit addresses in ways that are doubted still. */
export async function findDoubtedAssets(tx: Tx, assetIds: readonly string[], count: number): Promise<string[]> {
  if (assetIds.length === 0) return []
  const { rows } = await sql<{ asset_id: string }>`
    select asset_id from sweep_facts where is_doubted and orphaned_at is null and asset_id = any(${assetIds}::uuid[])
    group by asset_id having count(distinct address) >= ${count} order by asset_id`.execute(tx)
  return rows.map(row => row.asset_id)
}

/** Takes all that left deposit addresses on the chain for what a person has looked at. */
export async function endDoubts(tx: Tx, chainId: number): Promise<void> {
  await tx
    .updateTable('sweep_facts')
    .set({ is_doubted: false })
    .where('chain_id', '=', BigInt(chainId))
    .where('is_doubted', '=', true)
    .execute()
}

/** The sessions with a live fact in one of these blocks. */
export async function findSessionsSweptIn(tx: Tx, chainId: number, blocks: readonly Hex[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('sweep_facts')
    .select('checkout_session_id')
    .distinct()
    .where('chain_id', '=', BigInt(chainId))
    .where('block_hash', '=', sql<Buffer>`any(${blocks.map(hash => hexBuffer(hash))})`)
    .where('orphaned_at', 'is', null)
    .execute()
  return rows.map(found => found.checkout_session_id)
}

/** Marks the live facts of these blocks as lost at `now`, and returns them. */
export async function orphanSweepFacts(
  tx: Tx,
  chainId: number,
  blocks: readonly Hex[],
  now: Date,
): Promise<StoredSweep[]> {
  const rows = await tx
    .updateTable('sweep_facts')
    .set({ orphaned_at: now })
    .where('chain_id', '=', BigInt(chainId))
    .where('block_hash', '=', sql<Buffer>`any(${blocks.map(hash => hexBuffer(hash))})`)
    .where('orphaned_at', 'is', null)
    .returning([
      'id',
      'organization_id',
      'checkout_session_id',
      'chain_id',
      'asset_id',
      'address',
      'kind',
      'amount_raw',
    ])
    .execute()
  return rows.map(fromRow)
}

type Row = {
  id: string
  organization_id: string
  checkout_session_id: string
  chain_id: bigint
  asset_id: string
  address: Buffer
  kind: string
  amount_raw: string
}

function fromRow(row: Row): StoredSweep {
  return {
    subject: 'sweep',
    subjectId: row.id,
    organizationId: row.organization_id,
    sessionId: row.checkout_session_id,
    chainId: Number(row.chain_id),
    assetId: row.asset_id,
    address: bufferHex(row.address),
    kind: row.kind as 'out' | 'back',
    amountRaw: BigInt(row.amount_raw),
  }
}
