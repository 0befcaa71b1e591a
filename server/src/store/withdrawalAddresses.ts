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

/** What a wallet is to sign, once and until `expiresAt`, to prove that it is the organization's. */
export type Challenge = { message: string; expiresAt: Date }

/** What the organization's withdrawal address `id` is to sign; null where nothing was asked for, or that was changed since. */
export async function findChallenge(tx: Tx, organizationId: string, id: string): Promise<Challenge | null> {
  const row = await tx
    .selectFrom('withdrawal_addresses')
    .select(['challenge', 'challenge_expires_at'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || row.challenge === null || row.challenge_expires_at === null) return null
  return { message: row.challenge, expiresAt: row.challenge_expires_at }
}

/** Lets a withdrawal address sign this and nothing else, with null nothing; the caller holds the lock of the organization. */
export async function setChallenge(tx: Tx, id: string, challenge: Challenge | null): Promise<void> {
  await tx
    .updateTable('withdrawal_addresses')
    .set({ challenge: challenge?.message ?? null, challenge_expires_at: challenge?.expiresAt ?? null })
    .where('id', '=', id)
    .execute()
}

/** Removes a withdrawal address; the caller holds the lock of the organization. Sessions keep what they were created with. */
export async function removeAddress(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('withdrawal_addresses').where('id', '=', id).execute()
}

function changing({ updatedAt, name, address, isDefault, provedAt }: SavedAddress) {
  return { updated_at: updatedAt, name, address: hexBuffer(address), is_default: isDefault, proved_at: provedAt }
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
    provedAt: row.proved_at,
  }
}
