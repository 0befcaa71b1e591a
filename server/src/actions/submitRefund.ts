import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { moveRefund, type Refund } from '../domain/refund.ts'
import { saveRefund } from '../store/refunds.ts'
import type { Caller } from './caller.ts'
import { lockRefund } from './cancelRefund.ts'
import { getRefund } from './getRefund.ts'
import { nodeOf } from './lookUpTransaction.ts'
import { noteAudit } from './noteAudit.ts'
import { answerWithRefund } from './refundEvent.ts'
import { type Answered, findReplay, type OnceKey, writeOnce } from './writeOnce.ts'

/**
 * Names the transaction that pays a refund; another one may be named while the first is not mined, as when a wallet raised its fee.
 * The same one twice is one. Null for a refund that is absent or another's; `refund_not_open` when it is too late for this.
 */
export async function submitRefund(
  ctx: Context,
  caller: Caller,
  id: string,
  txHash: Hex,
  once: OnceKey | null,
): Promise<Answered | null> {
  const earlier = await findReplay(ctx, caller, once)
  if (earlier !== null) return earlier
  const seen = await getRefund(ctx, caller.organizationId, id)
  if (seen === null) return null
  await assertReplaceable(ctx, seen, txHash)
  return await writeOnce(ctx, caller, once, async tx => {
    const refund = await lockRefund(tx, ctx, id)
    if (refund === null) throw new Error('refunds are never deleted')
    if (refund.status === 'submitted' && refund.txHash === txHash) return answerWithRefund(refund)
    const isAsSeen = refund.status === seen.status && refund.txHash === seen.txHash
    if (!isAsSeen || (refund.status !== 'requires_signature' && refund.status !== 'submitted')) throw notOpen(refund)
    const submitted = moveRefund(refund, { status: 'submitted', txHash }, ctx.clock.now())
    await saveRefund(tx, refund.status, submitted)
    await noteAudit(tx, ctx, caller, { action: 'refund.submitted', objectId: id, detail: { transactionHash: txHash } })
    return answerWithRefund(submitted)
  })
}

async function assertReplaceable(ctx: Context, refund: Refund, txHash: Hex): Promise<void> {
  if (refund.status !== 'submitted' || refund.txHash === null || refund.txHash === txHash) return
  if (!ctx.nodes.has(refund.asset.chainId)) return
  if ((await nodeOf(ctx, refund.asset.chainId).sent(refund.txHash)) === null) return
  throw new AppError('refund_not_open', `Its transaction ${refund.txHash} is mined: wait until it is final.`)
}

function notOpen({ status }: Refund): AppError {
  return new AppError('refund_not_open', `This refund is ${status}: its transaction cannot be named now.`)
}
