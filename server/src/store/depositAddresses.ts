import { sql } from 'kysely'
import type { Payout } from '../domain/depositAddress.ts'
import type { Hex } from '../domain/hex.ts'
import type { Deposit } from '../domain/session.ts'
import { bufferHex, byteaText, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Whose deposit address it is; a fallback is where a share came to that its receiver refused, and no payer knows it. */
export type DepositOwner = { organizationId: string; sessionId: string; isFallback: boolean }

/** A deposit address with its owner and everything that it can be computed from. */
export type OwnedDeposit = DepositOwner & Deposit

/** Those of `addresses` that are deposit addresses, each with its session: one indexed query, whatever their number. */
export async function findDepositOwners(tx: Tx, addresses: Iterable<Hex>): Promise<Map<Hex, DepositOwner>> {
  const wanted = [...new Set(addresses)].map(address => hexBuffer(address))
  if (wanted.length === 0) return new Map()
  const rows = await tx
    .selectFrom('deposit_addresses')
    .select(['address', 'organization_id', 'checkout_session_id', 'is_fallback'])
    .where('address', '=', sql<Buffer>`any(${wanted})`)
    .execute()
  return new Map(
    rows.map(row => [
      bufferHex(row.address),
      { organizationId: row.organization_id, sessionId: row.checkout_session_id, isFallback: row.is_fallback },
    ]),
  )
}

/** The deposit addresses among `addresses`, by address. */
export async function loadDeposits(tx: Tx, addresses: readonly Hex[]): Promise<Map<Hex, OwnedDeposit>> {
  if (addresses.length === 0) return new Map()
  const rows = await tx
    .selectFrom('deposit_addresses')
    .select([
      'address',
      'organization_id',
      'checkout_session_id',
      'is_fallback',
      'factory',
      'init_code_hash',
      'payouts',
    ])
    .where('address', '=', sql<Buffer>`any(${addresses.map(address => hexBuffer(address))})`)
    .execute()
  return new Map(
    rows.map(row => {
      const deposit = {
        organizationId: row.organization_id,
        sessionId: row.checkout_session_id,
        isFallback: row.is_fallback,
        address: bufferHex(row.address),
        factory: bufferHex(row.factory),
        initCodeHash: bufferHex(row.init_code_hash),
        payouts: row.payouts as Payout[],
      }
      return [deposit.address, deposit]
    }),
  )
}

/** Adds addresses that shares came to instead of their receivers, watched like their session's own; those that are known stay. */
export async function insertFallbacks(tx: Tx, deposits: readonly OwnedDeposit[]): Promise<void> {
  if (deposits.length === 0) return
  const rows = deposits.map(deposit => ({
    address: byteaText(deposit.address),
    organization_id: deposit.organizationId,
    checkout_session_id: deposit.sessionId,
    factory: byteaText(deposit.factory),
    init_code_hash: byteaText(deposit.initCodeHash),
    payouts: deposit.payouts,
  }))
  await sql`
    insert into deposit_addresses
      (address, organization_id, checkout_session_id, factory, init_code_hash, payouts, is_fallback, coin_chains, watch_until)
    select n.address, n.organization_id, n.checkout_session_id, n.factory, n.init_code_hash, n.payouts, true, d.coin_chains, d.watch_until
    from json_populate_recordset(null::deposit_addresses, ${JSON.stringify(rows)}::json) n
    join deposit_addresses d on d.checkout_session_id = n.checkout_session_id and not d.is_fallback
    on conflict (address) do nothing`.execute(tx)
}
