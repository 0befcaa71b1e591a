import type { Selectable } from 'kysely'
import type { SavedAddress } from '../domain/withdrawalAddress.ts'
import { bufferHex, hexBuffer } from './bytes.ts'
import type { Tx } from './database.ts'
import type { WithdrawalAddresses } from './schema.ts'

/** The organization's withdrawal addresses, newest first. */
export async function listAddresses(tx: Tx, organizationId: string): Promise<SavedAddress[]> {
  const rows = await tx
    .selectFrom('withdrawal_addresses')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(fromRow)
}

/** Adds a withdrawal address; the caller holds the lock of the organization. */
export async function insertAddress(tx: Tx, organizationId: string, saved: SavedAddress): Promise<void> {
  await tx
    .insertInto('withdrawal_addresses')
    .values({
      id: saved.id,
      organization_id: organizationId,
      created_at: saved.createdAt,
      chain_id: BigInt(saved.chainId),
      ...changing(saved),
    })
    .execute()
}

/** Writes what can change about a withdrawal address; the caller holds the lock of the organization. */
export async function saveAddress(tx: Tx, saved: SavedAddress): Promise<void> {
  await tx.updateTable('withdrawal_addresses').set(changing(saved)).where('id', '=', saved.id).execute()
}

/** Removes a withdrawal address; the caller holds the lock of the organization. Sessions keep what they were created with. */
export async function removeAddress(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('withdrawal_addresses').where('id', '=', id).execute()
}

function changing({ updatedAt, name, address, isDefault }: SavedAddress) {
  return { updated_at: updatedAt, name, address: hexBuffer(address), is_default: isDefault }
}

function fromRow(row: Selectable<WithdrawalAddresses>): SavedAddress {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    chainId: Number.parseInt(`${row.chain_id}`, 10),
    address: bufferHex(row.address),
    isDefault: row.is_default,
  }
}
