import { AppError } from './errors.ts'
import { payUntil } from './haltedTime.ts'
import type { CheckoutSession } from './session.ts'

/** Whether what the session asks for may still change at `now`: it is open, in time, and no money was seen for it. */
export function isChangeable(session: CheckoutSession, now: Date): boolean {
  return session.transfers.length === 0 && session.status === 'open' && now < payUntil(session)
}

/** Throws unless what the session asks for may still change at `now`: `session_not_open` or, once money was seen, `terms_fixed`. */
export function assertChangeable(session: CheckoutSession, now: Date): void {
  if (isChangeable(session, now)) return
  const { status, transfers } = session
  if (transfers.length > 0) {
    throw new AppError('terms_fixed', 'A payment was seen for this session: nothing can be changed any more.')
  }
  throw new AppError('session_not_open', `This session is ${status === 'open' ? 'over' : status}: ask for a new one.`)
}
