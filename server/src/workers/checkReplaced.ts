import type { WatchedChain } from '../actions/leadChain.ts'
import { findLostTransfers, recordReplaced } from '../actions/recordReplaced.ts'
import type { Context } from '../context.ts'

type Header = Awaited<ReturnType<WatchedChain['head']>>

/**
 * Looks whether payments that a reorg took were replaced by other transactions of their senders, which are beyond doubt with block
 * `final`: then they cannot come back, and their sessions are told so. Returns whether some may still come back or be replaced.
 */
export async function checkReplaced(
  ctx: Context,
  chainId: number,
  node: WatchedChain,
  final: Header,
): Promise<boolean> {
  const lost = await findLostTransfers(ctx, chainId)
  const replaced: string[] = []
  for (const { id, sender, nonce, txHash } of lost) {
    const used = await node.nonce(sender, final)
    if (used !== null && used > nonce && (await node.sent(txHash)) === null) replaced.push(id)
  }
  if (replaced.length > 0) await recordReplaced(ctx, replaced)
  return replaced.length < lost.length
}
