import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** A signed transaction of a sweep; `headNumber` is the newest block when it was signed. */
export type GasTransaction = {
  hash: Hex
  sweepId: string
  chainId: number
  sender: Hex
  nonce: bigint
  raw: Hex
  feeCapRaw: bigint
  headNumber: bigint
  createdAt: Date
  broadcastAt: Date | null
}

/** Nobody else gives a nonce to a transaction of `sender` on the chain until this one ends. */
export async function lockNonces(tx: Tx, chainId: number, sender: Hex): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`nonces of ${sender} on ${chainId}`}, 0))`.execute(tx)
}

/** The highest nonce of the account's transactions whose sweeps are under way, or null. */
export async function lastOpenNonce(tx: Tx, chainId: number, sender: Hex): Promise<bigint | null> {
  const row = await tx
    .selectFrom('gas_transactions as g')
    .innerJoin('sweeps as s', 's.id', 'g.sweep_id')
    .select(({ fn }) => fn.max('g.nonce').as('nonce'))
    .where('g.chain_id', '=', BigInt(chainId))
    .where('s.chain_id', '=', BigInt(chainId))
    .where('g.sender', '=', hexBuffer(sender))
    .where('s.status', '=', 'submitted')
    .executeTakeFirst()
  return row?.nonce ?? null
}

/** Stores a transaction before anybody sees it. */
export async function insertGasTransaction(tx: Tx, transaction: GasTransaction): Promise<void> {
  await tx
    .insertInto('gas_transactions')
    .values({
      hash: hexBuffer(transaction.hash),
      sweep_id: transaction.sweepId,
      chain_id: BigInt(transaction.chainId),
      sender: hexBuffer(transaction.sender),
      nonce: transaction.nonce,
      raw: hexBuffer(transaction.raw),
      fee_cap_raw: transaction.feeCapRaw.toString(),
      head_number: transaction.headNumber,
      created_at: transaction.createdAt,
      broadcast_at: transaction.broadcastAt,
    })
    .execute()
}

/** The transactions of these sweeps, by sweep; those with its newest nonce first, of these the newest first. */
export async function loadGasTransactions(tx: Tx, sweepIds: readonly string[]): Promise<Map<string, GasTransaction[]>> {
  if (sweepIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('gas_transactions')
    .selectAll()
    .where('sweep_id', '=', sql<string>`any(${sweepIds})`)
    .orderBy('nonce', 'desc')
    .orderBy(sql`fee_cap_raw::numeric`, 'desc')
    .execute()
  const transactions = rows.map(
    (row): GasTransaction => ({
      hash: bufferHex(row.hash),
      sweepId: row.sweep_id,
      chainId: Number(row.chain_id),
      sender: bufferHex(row.sender),
      nonce: row.nonce,
      raw: bufferHex(row.raw),
      feeCapRaw: BigInt(row.fee_cap_raw),
      headNumber: row.head_number,
      createdAt: row.created_at,
      broadcastAt: row.broadcast_at,
    }),
  )
  return Map.groupBy(transactions, ({ sweepId }) => sweepId)
}

/** Notes that a provider has taken the transaction at `now`. */
export async function setBroadcast(tx: Tx, hash: Hex, now: Date): Promise<void> {
  await tx
    .updateTable('gas_transactions')
    .set({ broadcast_at: now })
    .where('hash', '=', hexBuffer(hash))
    .where('broadcast_at', 'is', null)
    .execute()
}
