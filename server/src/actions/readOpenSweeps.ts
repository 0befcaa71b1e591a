import type { Context } from '../context.ts'
import type { OpenSweep } from '../domain/sweep.ts'
import { asWorker } from '../store/database.ts'
import { type GasTransaction, loadGasTransactions } from '../store/gasTransactions.ts'
import { loadOpenSweeps } from '../store/sweeps.ts'
import { finalNumber } from './finalNumber.ts'

/** A sweep under way with its transactions; those with its newest nonce first, of these the newest first. */
export type SweepAtWork = OpenSweep & { transactions: readonly GasTransaction[] }

/** The sweeps under way on the chain, oldest first, and the newest block that is beyond doubt. */
export async function readOpenSweeps(
  ctx: Context,
  chainId: number,
): Promise<{ sweeps: SweepAtWork[]; finalNumber: bigint }> {
  return await asWorker(ctx.db, async tx => {
    const final = await finalNumber(tx, ctx, chainId)
    const sweeps = await loadOpenSweeps(tx, chainId, final)
    const ids = sweeps.filter(({ isOurs }) => isOurs).map(({ id }) => id)
    const transactions = await loadGasTransactions(tx, ids)
    return {
      sweeps: sweeps.map(sweep => ({ ...sweep, transactions: transactions.get(sweep.id) ?? [] })),
      finalNumber: final,
    }
  })
}
