import { setTimeout as wait } from 'node:timers/promises'
import type { WorkerPool } from 'graphile-worker'
import type { Context } from '../context.ts'

const DUE = `
  select count(*)::int as due from (
    select from graphile_worker._private_jobs j
    where j.is_available and j.run_at <= now() and (j.job_queue_id is null or exists (
      select from graphile_worker._private_job_queues q where q.id = j.job_queue_id and q.is_available))
    limit $1) as found`

/**
 * Wakes a worker of `pool` for every job that has become due, looking every `everyMs` until `signal` fires: one question
 * in place of one from each idle worker. New jobs wake them by themselves.
 */
export async function wakeForDueJobs(
  ctx: Context,
  pool: WorkerPool,
  options: { everyMs: number; concurrency: number; signal: AbortSignal },
): Promise<void> {
  const { everyMs, concurrency, signal } = options
  while (!signal.aborted) {
    try {
      const { rows } = await ctx.db.owner.query<{ due: number }>(DUE, [concurrency])
      const due = rows[0]?.due ?? 0
      if (due > 0 && !signal.aborted) pool.nudge(due)
    } catch (error) {
      // The workers still look by themselves, and report a database that is gone.
      ctx.log.debug({ err: error }, 'due jobs could not be counted')
    }
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
