import { forgetOldRecords } from '../actions/forgetOldRecords.ts'
import type { Context } from '../context.ts'

const BATCH = 1_000

/** Forgets what is old enough, a batch after the other, until nothing is left or `signal` fires. */
export async function housekeeping(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await forgetOldRecords(ctx, BATCH)) > 0);
}
