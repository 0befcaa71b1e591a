import { deadlineOf } from './sessionTime.ts'

/** A time in which a chain made no block. */
export type Halt = { from: Date; to: Date }

/**
 * For how many ms a session's deadline moves, which was `deadline` without halts: the session's time stands still while any of
 * its chains does. Each moment counts once however many chains stood still in it; what lies before `createdAt`, and a halt that
 * began at the deadline so far or later, counts not at all. The order of `halts` does not matter.
 */
export function haltedMs(halts: readonly Halt[], createdAt: Date, deadline: Date): number {
  let counted = createdAt.getTime()
  let end = deadline.getTime()
  for (const { from, to } of halts.toSorted((left, right) => left.from.getTime() - right.from.getTime())) {
    if (from.getTime() >= end) break
    const start = Math.max(from.getTime(), counted)
    if (to.getTime() <= start) continue
    end += to.getTime() - start
    counted = to.getTime()
  }
  return end - deadline.getTime()
}

/** Until when the payer may pay: what was promised, moved as the deadline was by halts, or cut short by the merchant. */
export function payUntil({ expiresAt, deadline }: { expiresAt: Date; deadline: Date }): Date {
  const movedMs = deadline.getTime() - deadlineOf(expiresAt).getTime()
  return movedMs >= 0
    ? new Date(expiresAt.getTime() + movedMs)
    : new Date(Math.min(expiresAt.getTime(), deadline.getTime()))
}
