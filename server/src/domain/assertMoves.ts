import { invariant } from './errors.ts'
import type { IntentStatus, SessionStatus } from './settlement.ts'

/** Why statuses were derived again: something came (a block, time, a decision), or a reorg took blocks away. */
export type Cause = 'progress' | 'reorg'

type Moves<Status extends string> = Readonly<Record<Status, readonly Status[]>>

/** Every legal move of a session's status, by cause: complete is final but for a reorg; expired money may yet be found. */
export const NEXT_SESSION: Readonly<Record<Cause, Moves<SessionStatus>>> = {
  progress: {
    open: ['incomplete', 'complete', 'expired'],
    incomplete: ['complete'],
    complete: [],
    expired: ['open', 'incomplete', 'complete'],
  },
  reorg: {
    open: ['expired'],
    incomplete: ['open', 'expired'],
    complete: ['open', 'incomplete', 'expired'],
    expired: ['open'],
  },
}

/** Every legal move of a payment intent's status, by cause. */
export const NEXT_INTENT: Readonly<Record<Cause, Moves<IntentStatus>>> = {
  progress: {
    requires_payment_method: ['processing', 'succeeded', 'canceled'],
    processing: ['requires_payment_method', 'succeeded'],
    succeeded: [],
    canceled: ['requires_payment_method', 'processing', 'succeeded'],
  },
  reorg: {
    requires_payment_method: ['canceled'],
    processing: ['requires_payment_method', 'canceled'],
    succeeded: ['requires_payment_method', 'processing', 'canceled'],
    canceled: ['requires_payment_method'],
  },
}

/** Throws unless both statuses stay or move as the tables say: a second, independent statement of the settlement rule. */
export function assertMoves(
  from: { status: SessionStatus; intentStatus: IntentStatus },
  to: { status: SessionStatus; intentStatus: IntentStatus },
  cause: Cause,
): void {
  assertMove(NEXT_SESSION[cause], from.status, to.status, `session by ${cause}`)
  assertMove(NEXT_INTENT[cause], from.intentStatus, to.intentStatus, `payment intent by ${cause}`)
}

function assertMove<Status extends string>(next: Moves<Status>, from: Status, to: Status, what: string): void {
  invariant(from === to || next[from].includes(to), `illegal move of a ${what}: ${from} to ${to}`)
}
