import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { canExpire, type Decision, type Settlement } from '../domain/settlement.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { insertDecision, loadDecisions } from '../store/decisions.ts'
import { type Seen, viewWorld } from './getCheckoutSession.ts'
import { loadTimes, settlementOf, settleSessions } from './settleSessions.ts'

/**
 * Ends the session now: money that is first seen later comes late. It closes once every chain that it may be paid on was read
 * up to this moment. Null when `tx` sees no such session; throws `payment_in_progress` while the money that completes it is here or
 * on its way, and `session_not_open` when it has ended already.
 */
export async function expireCheckoutSession(tx: Tx, ctx: Context, id: string): Promise<Seen<CheckoutSession> | null> {
  const now = ctx.clock.now()
  await lockSessions(tx, [id])
  const [session] = await loadSessions(tx, [id], ctx.known)
  if (session === undefined) return null
  const decisions = (await loadDecisions(tx, [id])).get(id) ?? []
  assertCanExpire(settlementOf(session, decisions, await loadTimes(tx, [session]), now), decisions)
  const { organizationId } = session
  const at = afterAllSeen(session, now)
  await insertDecision(tx, { id: uuidv7(now, ctx.random(10)), organizationId, sessionId: id, kind: 'expire', at })
  await settleSessions(tx, ctx, [id], now)
  const [found = session] = await loadSessions(tx, [id], ctx.known)
  return { found, world: await viewWorld(tx, ctx) }
}

/** `now`, but not before what is here: the clock of whoever saw it may be ahead, and money on time does not become late. */
function afterAllSeen({ transfers }: CheckoutSession, now: Date): Date {
  const seen = transfers.filter(({ orphanedAt }) => orphanedAt === null).map(({ firstSeenAt }) => firstSeenAt.getTime())
  return new Date(Math.max(now.getTime(), ...seen))
}

function assertCanExpire(settlement: Settlement, decisions: readonly Decision[]): void {
  if (settlement.status === 'complete') throw new AppError('session_not_open', 'This session is paid.')
  if (settlement.isClosed || decisions.some(({ kind }) => kind === 'expire')) {
    throw new AppError('session_not_open', 'This session has expired already.')
  }
  if (canExpire(settlement)) return
  throw new AppError(
    'payment_in_progress',
    'The full amount was seen on chain and is being confirmed: wait until the session is complete.',
  )
}
