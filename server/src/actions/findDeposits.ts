import type { Context } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'

/** Those of `addresses` that are deposit addresses of some session. */
export async function findDeposits(ctx: Context, addresses: readonly Hex[]): Promise<Set<Hex>> {
  if (addresses.length === 0) return new Set()
  const owners = await asWorker(ctx.db, tx => findDepositOwners(tx, addresses))
  return new Set(owners.keys())
}
