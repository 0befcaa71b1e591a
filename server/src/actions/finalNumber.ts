import type { Context } from '../context.ts'
import { finalUpTo, strictest } from '../domain/finality.ts'
import { loadMarks } from '../store/cursors.ts'
import type { Tx } from '../store/database.ts'

/** The newest block of the chain that is beyond doubt, by its strictest policy; -1 for none. */
export async function finalNumber(tx: Tx, ctx: Context, chainId: number): Promise<bigint> {
  const marks = (await loadMarks(tx)).get(chainId)
  const config = ctx.chains.get(chainId)
  return marks === undefined || config === undefined ? -1n : finalUpTo(strictest(config.finality), marks)
}
