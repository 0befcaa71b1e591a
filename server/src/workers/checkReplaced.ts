import type { WatchedChain } from '../actions/leadChain.ts'
import { findLostTransfers, recordReplaced } from '../actions/recordReplaced.ts'
import type { Context } from '../context.ts'
import { UpstreamError } from '../domain/errors.ts'

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
  for (const transfer of lost) if (await isReplaced(node, transfer, final)) replaced.push(transfer.id)
  if (replaced.length > 0) await recordReplaced(ctx, replaced)
  return replaced.length < lost.length
}

/** False also where nobody can be asked now: a lost payment keeps the chain from nothing, and is asked about again. */
async function isReplaced(
  node: WatchedChain,
  { sender, nonce, txHash }: Awaited<ReturnType<typeof findLostTransfers>>[number],
  final: Header,
): Promise<boolean> {
  try {
    const used = await node.nonce(sender, final)
    return used !== null && used > nonce && (await node.sent(txHash)) === null
  } catch (error) {
    if (error instanceof UpstreamError) return false
    throw error
  }
}
