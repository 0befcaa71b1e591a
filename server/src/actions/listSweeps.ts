import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { Sweep } from '../domain/sweep.ts'
import { inOrganization } from '../store/database.ts'
import type { Slice } from '../store/lists.ts'
import { listSweeps as list, type SweepFilter, sweepExists } from '../store/sweeps.ts'

/** A page of the organization's sweeps, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listSweeps(
  ctx: Context,
  organizationId: string,
  filter: SweepFilter,
  page: Slice,
): Promise<Sweep[]> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && !(await sweepExists(tx, page.after))) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a sweep of yours.', {
        param: 'startingAfter',
      })
    }
    return await list(tx, filter, page)
  })
}
