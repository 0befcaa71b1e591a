import type { Context } from '../context.ts'
import { finalUpTo, type Marks, strictest, withinAllowance } from '../domain/finality.ts'
import { loadMarks } from '../store/cursors.ts'
import type { Tx } from '../store/database.ts'
import { type FinalTransfer, findFinal, findPending, holdAllowances } from '../store/transfers.ts'
import { chainOf } from './chainOf.ts'

/**
 * The pending transfers that may be posted: final by their policies, not in the assets `held`, and, while the chain's strictest
 * policy has not taken them for final too, within what their merchant takes before that.
 */
export async function findPostable(
  tx: Tx,
  ctx: Context,
  chainId: number,
  marks: Marks,
  held: ReadonlySet<string>,
): Promise<FinalTransfer[]> {
  const final = (await findFinalTransfers(tx, ctx, chainId, marks)).filter(({ assetId }) => !held.has(assetId))
  const { finality } = chainOf(ctx, chainId)
  // With one policy there is nothing that comes before it.
  if (finality.length === 1) return final
  const undoubted = finalUpTo(strictest(finality), marks)
  const payments = final.flatMap(transfer => {
    const isBeyondDoubt = transfer.blockNumber <= undoubted
    // Of unknown worth: it fits into no allowance.
    if (transfer.valueUsd === null && !isBeyondDoubt) return []
    return { ...transfer, valueUsd: transfer.valueUsd ?? 0n, isBeyondDoubt }
  })
  const early = new Set(payments.filter(payment => !payment.isBeyondDoubt).map(payment => payment.organizationId))
  if (early.size === 0) return payments
  return withinAllowance(payments, await holdAllowances(tx, [...early], await beyondDoubt(tx, ctx, chainId, marks)))
}

/** The pending transfers that their policies take for final under `marks`. */
export async function findFinalTransfers(
  tx: Tx,
  ctx: Context,
  chainId: number,
  marks: Marks,
): Promise<FinalTransfer[]> {
  const fallback = strictest(chainOf(ctx, chainId).finality)
  const policies = new Map(
    (await findPending(tx, chainId, fallback)).map(({ wait, witness }) => [`${wait} ${witness}`, { wait, witness }]),
  )
  const limits = [...policies.values()].map(policy => ({ ...policy, upTo: finalUpTo(policy, marks) }))
  return await findFinal(tx, chainId, limits, fallback)
}

/** The last block of each chain with more than one policy whose payments its strictest takes for final, `chainId` at `marks`. */
async function beyondDoubt(tx: Tx, ctx: Context, chainId: number, marks: Marks): Promise<Map<number, bigint>> {
  const stored = await loadMarks(tx)
  const banded = [...ctx.chains.values()].filter(({ finality }) => finality.length > 1)
  return new Map(
    banded.flatMap(({ chain: { id }, finality }) => {
      const known = id === chainId ? marks : stored.get(id)
      return known === undefined ? [] : [[id, finalUpTo(strictest(finality), known)]]
    }),
  )
}
