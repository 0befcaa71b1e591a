import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { insertDecision } from '../store/decisions.ts'
import type { Caller } from './caller.ts'
import { type Seen, viewWorld } from './getCheckoutSession.ts'
import { noteAudit } from './noteAudit.ts'
import { settleSessions } from './settleSessions.ts'

/**
 * Takes what is posted for enough: the incomplete session becomes complete, and later money is unmatched. Null when `tx` sees no
 * such session; throws `session_not_incomplete` for one of another status.
 */
export async function completePartialSession(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  id: string,
): Promise<Seen<CheckoutSession> | null> {
  await lockSessions(tx, [id])
  const [session] = await loadSessions(tx, [id], ctx.known)
  if (session === undefined) return null
  if (session.status !== 'incomplete') {
    const message = `This session is ${session.status}: only an incomplete one can be accepted for what was received.`
    throw new AppError('session_not_incomplete', message)
  }
  const now = ctx.clock.now()
  await insertDecision(tx, {
    id: uuidv7(now, ctx.random(10)),
    organizationId: session.organizationId,
    sessionId: id,
    kind: 'accept_partial',
    at: now,
    accepted: postedOf(session),
  })
  await settleSessions(tx, ctx, [id], now)
  await noteAudit(tx, ctx, caller, { action: 'checkout_session.partial_accepted', objectId: id })
  const [found = session] = await loadSessions(tx, [id], ctx.known)
  return { found, world: await viewWorld(tx, ctx) }
}

/** What is final and counts, in base units by asset. */
function postedOf({ assets, transfers }: CheckoutSession): { assetId: string; amountRaw: bigint }[] {
  const posted = transfers.filter(
    ({ postedAt, orphanedAt, unmatchedReason }) => postedAt !== null && orphanedAt === null && unmatchedReason === null,
  )
  return assets.map(({ asset }) => ({
    assetId: asset.id,
    amountRaw: posted
      .filter(transfer => transfer.asset.id === asset.id)
      .reduce((sum, { amountRaw }) => sum + amountRaw, 0n),
  }))
}
