import type { Context } from '../context.ts'
import type { Settled } from '../domain/settledSession.ts'
import type { Tx } from '../store/database.ts'
import { insertReceipts } from '../store/receipts.ts'

/** Every payment that succeeds has its receipt, which it keeps when a reorg takes it back for a while. */
export async function createReceipts(tx: Tx, _ctx: Context, changes: readonly Settled[]): Promise<void> {
  const made = changes.filter(({ before, after }) => before.intent.receipt === null && after.intent.receipt !== null)
  await insertReceipts(
    tx,
    made.map(({ after }) => after),
  )
}
