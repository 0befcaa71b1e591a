import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { canExpire, type Decision, type Settlement } from '../domain/settlement.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { insertDecisions, loadDecisions } from '../store/decisions.ts'
import { type Seen, viewWorld } from './getCheckoutSession.ts'
import { loadTimes, settlementOf, settleSessions } from './settleSessions.ts'

/**
 * Ends the session now: money that is first seen later comes late. It closes once every chain that it may be paid on was read
 * up to this moment. Null when `tx` sees no such session; throws `payment_in_progress` while the money that completes it is here or
 * on its way, and `session_not_open` when it has ended already.
 */
export async function expireCheckoutSession(tx: Tx, ctx: Context, id: string): Promise<Seen<CheckoutSession> | null> {
  const [refusal] = (await endThose(tx, ctx, [id])).values()
  if (refusal !== undefined) throw refusal
  const [found] = await loadSessions(tx, [id], ctx.known)
  return found === undefined ? null : { found, world: await viewWorld(tx, ctx) }
}

const BATCH = 500

/**
 * Ends all of the sessions that can be ended, as `expireCheckoutSession`, with a few statements for each 500: one that is paid, has
 * ended already, or has the money that completes it on its way stays as it is.
 */
export async function endSessions(tx: Tx, ctx: Context, ids: readonly string[]): Promise<void> {
  const inOrder = [...ids].sort()
  for (let start = 0; start < inOrder.length; start += BATCH)
    await endThose(tx, ctx, inOrder.slice(start, start + BATCH))
}

/** Ends those of the sessions that can be ended; why not, by their ids, for the others. */
async function endThose(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Map<string, AppError>> {
  const now = ctx.clock.now()
  await lockSessions(tx, ids)
  const sessions = await loadSessions(tx, ids, ctx.known)
  const decisions = await loadDecisions(tx, ids)
  const times = await loadTimes(tx, sessions)
  const refusals = new Map<string, AppError>()
  for (const session of sessions) {
    const own = decisions.get(session.id) ?? []
    const refusal = refusalOf(settlementOf(session, own, times, now), own)
    if (refusal !== null) refusals.set(session.id, refusal)
  }
  const ended = sessions.filter(({ id }) => !refusals.has(id))
  if (ended.length === 0) return refusals
  await insertDecisions(
    tx,
    ended.map(session => {
      const { id: sessionId, organizationId } = session
      const at = afterAllSeen(session, now)
      return { id: uuidv7(now, ctx.random(10)), organizationId, sessionId, kind: 'expire', at }
    }),
  )
  await settleSessions(
    tx,
    ctx,
    ended.map(({ id }) => id),
    now,
  )
  return refusals
}

/** `now`, but not before what is here: the clock of whoever saw it may be ahead, and money on time does not become late. */
function afterAllSeen({ transfers }: CheckoutSession, now: Date): Date {
  const seen = transfers.filter(({ orphanedAt }) => orphanedAt === null).map(({ firstSeenAt }) => firstSeenAt.getTime())
  return new Date(Math.max(now.getTime(), ...seen))
}

function refusalOf(settlement: Settlement, decisions: readonly Decision[]): AppError | null {
  if (settlement.status === 'complete') return new AppError('session_not_open', 'This session is paid.')
  if (settlement.isClosed || decisions.some(({ kind }) => kind === 'expire')) {
    return new AppError('session_not_open', 'This session has expired already.')
  }
  if (canExpire(settlement)) return null
  return new AppError(
    'payment_in_progress',
    'The full amount was seen on chain and is being confirmed: wait until the session is complete.',
  )
}
