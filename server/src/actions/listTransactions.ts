import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Transaction } from '../domain/transaction.ts'
import { readInOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { listTransactions as list, type TransactionFilter, transactionExists } from '../store/transactions.ts'

/** A page of what moved the organization's money, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listTransactions(
  ctx: Context,
  organizationId: string,
  filter: TransactionFilter,
  page: Slice,
): Promise<Transaction[]> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && !(await transactionExists(tx, page.after))) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a transaction of yours.', {
        param: 'startingAfter',
      })
    }
    return await list(tx, filter, page, ctx.known)
  })
}
