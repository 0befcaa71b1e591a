import { type Selectable, sql } from 'kysely'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Refund, RefundFailure, RefundStatus } from '../domain/refund.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import { type KnownChains, learnAssets } from './chains.ts'
import type { Tx } from './database.ts'
import { type CreatedAtFilter, createdWithin, type Slice } from './lists.ts'
import type { Refunds } from './schema.ts'

/** What a list of refunds may be narrowed by. */
export type RefundFilter = {
  ids?: string[]
  paymentIntentId?: string
  status?: RefundStatus
  createdAt?: CreatedAtFilter
}

/** Adds a refund; the caller holds the lock of its session. */
export async function insertRefund(tx: Tx, refund: Refund): Promise<void> {
  const { organizationId, id, createdAt, sessionId, paymentIntentId, transferId, asset } = refund
  await tx
    .insertInto('refunds')
    .values({
      organization_id: organizationId,
      id,
      created_at: createdAt,
      checkout_session_id: sessionId,
      payment_intent_id: paymentIntentId,
      transfer_id: transferId,
      chain_id: BigInt(asset.chainId),
      asset_id: asset.id,
      amount: refund.amount,
      amount_raw: refund.amountRaw.toString(),
      to_address: hexBuffer(refund.to),
      reason: refund.reason,
      ...stateOf(refund),
    })
    .execute()
}

/** Writes what has changed about a refund that had status `from`; throws when it has another one now. */
export async function saveRefund(tx: Tx, from: RefundStatus, refund: Refund): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('refunds')
    .set(stateOf(refund))
    .where('organization_id', '=', refund.organizationId)
    .where('id', '=', refund.id)
    .where('status', '=', from)
    .executeTakeFirst()
  invariant(numUpdatedRows === 1n, `refund ${refund.id} is ${from}`)
}

function stateOf({ updatedAt, status, failure, txHash, payment }: Refund) {
  return {
    updated_at: updatedAt,
    status,
    failure,
    tx_hash: txHash === null ? null : hexBuffer(txHash),
    place: payment?.place ?? null,
    block_hash: payment === null ? null : hexBuffer(payment.blockHash),
    block_number: payment?.blockNumber ?? null,
  }
}

/** The refund `id`, or null. */
export async function findRefund(tx: Tx, id: string, known: KnownChains): Promise<Refund | null> {
  const rows = await tx.selectFrom('refunds').selectAll().where('id', '=', id).execute()
  const [found] = await fromRows(tx, rows, known)
  return found ?? null
}

/** All refunds of a session, oldest first. */
export async function loadSessionRefunds(tx: Tx, sessionId: string, known: KnownChains): Promise<Refund[]> {
  const rows = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('checkout_session_id', '=', sessionId)
    .orderBy('id')
    .execute()
  return await fromRows(tx, rows, known)
}

/** A page of the caller's refunds, newest first. */
export async function listRefunds(tx: Tx, filter: RefundFilter, page: Slice, known: KnownChains): Promise<Refund[]> {
  let query = tx.selectFrom('refunds').selectAll()
  if (page.after !== null) query = query.where('id', '<', page.after)
  if (filter.ids !== undefined) query = query.where('id', 'in', filter.ids)
  if (filter.paymentIntentId !== undefined) {
    query = query.where(
      'checkout_session_id',
      '=',
      tx.selectFrom('payment_intents').select('checkout_session_id').where('id', '=', filter.paymentIntentId),
    )
  }
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  const rows = await query
    .where(createdWithin(filter.createdAt))
    .orderBy('organization_id', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return await fromRows(tx, rows, known)
}

/** Up to `limit` refunds on these chains whose transaction is to be looked for, after the refund `after`. */
export async function findSubmittedRefunds(
  tx: Tx,
  chainIds: readonly number[],
  after: string | null,
  limit: number,
  known: KnownChains,
): Promise<Refund[]> {
  let query = tx.selectFrom('refunds').selectAll().where('status', '=', 'submitted')
  if (after !== null) query = query.where('id', '>', after)
  const rows = await query.where('chain_id', '=', sql<bigint>`any(${chainIds})`).orderBy('id').limit(limit).execute()
  return await fromRows(tx, rows, known)
}

/** Up to `limit` refunds whose payment was in a block that a reorg took away. */
export async function findLostRefunds(tx: Tx, limit: number, known: KnownChains): Promise<Refund[]> {
  const rows = await tx
    .selectFrom('refunds as r')
    .innerJoin('blocks as b', join =>
      join.onRef('b.chain_id', '=', 'r.chain_id').onRef('b.hash', '=', 'r.block_hash').on('b.is_canonical', '=', false),
    )
    .selectAll('r')
    .where('r.status', '=', 'succeeded')
    .orderBy('r.id')
    .limit(limit)
    .execute()
  return await fromRows(tx, rows, known)
}

/** The organization's refunds that the transaction may pay or pays, oldest first. */
export async function findRefundsPaidBy(
  tx: Tx,
  organizationId: string,
  chainId: number,
  txHash: Hex,
  known: KnownChains,
): Promise<Refund[]> {
  const rows = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('chain_id', '=', BigInt(chainId))
    .where('tx_hash', '=', hexBuffer(txHash))
    .where('status', 'in', ['submitted', 'succeeded'])
    .orderBy('id')
    .execute()
  return await fromRows(tx, rows, known)
}

async function fromRows(tx: Tx, rows: Selectable<Refunds>[], known: KnownChains): Promise<Refund[]> {
  const assetIds = rows.map(row => row.asset_id)
  const assetOf = await learnAssets(tx, known, assetIds)
  return rows.map(row => ({
    id: row.id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sessionId: row.checkout_session_id,
    paymentIntentId: row.payment_intent_id,
    transferId: row.transfer_id,
    asset: assetOf(row.asset_id),
    amount: row.amount,
    amountRaw: BigInt(row.amount_raw),
    to: bufferHex(row.to_address),
    reason: row.reason,
    status: row.status as RefundStatus,
    failure: row.failure as RefundFailure | null,
    txHash: row.tx_hash === null ? null : bufferHex(row.tx_hash),
    payment: paymentOf(row),
  }))
}

function paymentOf({
  place,
  block_hash: blockHash,
  block_number: blockNumber,
}: Selectable<Refunds>): Refund['payment'] {
  if (place === null || blockHash === null || blockNumber === null) return null
  return { place, blockHash: bufferHex(blockHash), blockNumber }
}
