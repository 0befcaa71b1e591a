import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { invariant } from '../domain/errors.ts'
import { finalUpTo, type Marks, strictest } from '../domain/finality.ts'
import type { Tx } from '../store/database.ts'
import { findFinal, findPending } from '../store/transfers.ts'

/** The pending transfers that are final by their policies. */
export async function findPostable(
  tx: Tx,
  ctx: Context,
  chainId: number,
  marks: Marks,
): Promise<{ id: string; sessionId: string }[]> {
  const fallback = strictest(chainOf(ctx, chainId).finality)
  const policies = new Map(
    (await findPending(tx, chainId, fallback)).map(({ wait, witness }) => [`${wait} ${witness}`, { wait, witness }]),
  )
  const limits = [...policies.values()].map(policy => ({ ...policy, upTo: finalUpTo(policy, marks) }))
  return await findFinal(tx, chainId, limits, fallback)
}

/** How the chain is served; a bug where it is not. */
export function chainOf(ctx: Context, chainId: number): ChainConfig {
  const config = ctx.chains.get(chainId)
  invariant(config, `chain ${chainId} is served`)
  return config
}
