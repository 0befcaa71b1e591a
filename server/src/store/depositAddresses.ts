import { sql } from 'kysely'
import type { Hex } from '../domain/hex.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'

/** Whose deposit address it is. */
export type DepositOwner = { organizationId: string; sessionId: string }

/** Those of `addresses` that are deposit addresses, each with its session: one indexed query, whatever their number. */
export async function findDepositOwners(tx: Tx, addresses: Iterable<Hex>): Promise<Map<Hex, DepositOwner>> {
  const wanted = [...new Set(addresses)].map(address => hexBuffer(address))
  if (wanted.length === 0) return new Map()
  const rows = await tx
    .selectFrom('deposit_addresses')
    .select(['address', 'organization_id', 'checkout_session_id'])
    .where('address', '=', sql<Buffer>`any(${wanted})`)
    .execute()
  return new Map(
    rows.map(row => [
      bufferHex(row.address),
      { organizationId: row.organization_id, sessionId: row.checkout_session_id },
    ]),
  )
}
