import type { Context } from '../context.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { createReceipts } from './createReceipts.ts'
import { mailReceipts } from './receiptEmail.ts'
import { settleInvoices } from './settleInvoices.ts'
import { settlePaymentLinks } from './settlePaymentLinks.ts'

/** What follows from sessions that became complete, or that a reorg made open again; runs in the transaction of the change. */
type Follower = (tx: Tx, ctx: Context, changes: readonly Settled[], now: Date) => Promise<void>

/** In this order; each is to cost no statement for sessions that do not concern it. */
const FOLLOWERS: readonly Follower[] = [createReceipts, mailReceipts, settleInvoices, settlePaymentLinks]

/** Lets everything else follow from sessions that became complete or are so no more, whose rows are locked and written. */
export async function afterSettled(tx: Tx, ctx: Context, turned: readonly Settled[], now: Date): Promise<void> {
  if (turned.length === 0) return
  for (const follow of FOLLOWERS) await follow(tx, ctx, turned, now)
}
