import type { TransferRow } from './mirror.ts'
import { holds } from './violation.ts'
import type { World } from './world.ts'

/** The entries of a subject are numbered, each even one is the exact opposite of the one before, and all belong to one address. */
export function checkEntries(world: World, subjectId: string): void {
  const entries = world.mirror.entries.get(subjectId) ?? []
  for (const [index, entry] of entries.entries()) {
    const name = `entry ${entry.nth} of ${entry.subject} ${subjectId}`
    const before = entries[index - 1]
    holds(entry.nth === index + 1, () => `${name} is the number ${index + 1}`)
    const session = world.mirror.sessions.get(entry.session)
    const made = world.sessions.get(entry.session)
    const isOwn = session?.organization === entry.organization && made?.session.deposit.address === entry.address
    holds(isOwn, () => `${name} joins what belongs to different sessions`)
    const isReversal = entry.nth % 2 === 0
    const reverses =
      before !== undefined &&
      entry.reverses === before.id &&
      entry.debit === before.credit &&
      entry.credit === before.debit &&
      entry.amountRaw === before.amountRaw &&
      entry.asset === before.asset
    holds(isReversal ? reverses : entry.reverses === null, () => `${name} does not reverse the one before`)
  }
}

/** A transfer is booked as what it is: pending, posted or unmatched while it lives, and not at all once a reorg took it. */
export function checkBooked(world: World, transfer: TransferRow): void {
  const last = world.mirror.entries.get(transfer.id)?.at(-1)
  const live = last !== undefined && last.nth % 2 === 1 ? last : null
  const account = transfer.reason !== null ? 'unmatched' : transfer.postedAt !== null ? 'posted' : 'pending'
  const wanted = transfer.orphanedAt === null ? account : null
  holds(
    (live?.credit ?? null) === wanted && (live === null || live.debit === 'deposits'),
    () => `transfer ${transfer.id} is booked from ${live?.credit ?? 'nowhere'}, and is ${wanted ?? 'lost'}`,
  )
  holds(
    live === null || live.amountRaw === transfer.amountRaw,
    () => `transfer ${transfer.id} is booked with another amount`,
  )
}
