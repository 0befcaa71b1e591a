import type { Context } from '../context.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { createReceipts } from './createReceipts.ts'
import { mailReceipts } from './receiptEmail.ts'
import { settleInvoices } from './settleInvoices.ts'

/** What follows from sessions that became complete, or that a reorg made open again; runs in the transaction of the change. */
type Follower = (tx: Tx, ctx: Context, changes: readonly Settled[], now: Date) => Promise<void>

/** In this order; each is to cost no statement for sessions that do not concern it. */
const FOLLOWERS: readonly Follower[] = [createReceipts, mailReceipts, settleInvoices]

/**
 * Lets everything else follow from sessions that became complete or are complete no more, in the same transaction: their rows are
 * locked, and written as they are after the change. Sessions that changed otherwise cost nothing.
 */
export async function afterSettled(tx: Tx, ctx: Context, settled: readonly Settled[], now: Date): Promise<void> {
  const changes = settled.filter(
    ({ before, after }) => (before.status === 'complete') !== (after.status === 'complete'),
  )
  if (changes.length === 0) return
  for (const follow of FOLLOWERS) await follow(tx, ctx, changes, now)
}
