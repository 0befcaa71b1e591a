import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../context.ts'

/** The sign of life of a pool of workers, on a connection of its own. */
export type JobLease = {
  /** Resolves once everybody can see that the pool `poolId` lives, or that there is no more time to wait for it. */
  hold: (poolId: string) => Promise<void>
  /** Gives up the connection, and the lease with it. */
  end: () => Promise<void>
}

const LOCK_SPACE = 0x6a6f6273
const RECONNECT_MS = 1_000

const SILENCE_MAX_MS = 10_000

// A host that vanished without a word is noticed by the database after 10 + 3 × 5 seconds, and a process that stands still
// when it has not looked for jobs in time.
const KEEPALIVE = `select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
  set_config('tcp_keepalives_count', '3', false), set_config('idle_session_timeout', $1, false)`

const RETAKE = `
  with dead as (
    select distinct locked_by as pool from graphile_worker.jobs where locked_by is not null and not exists (
      select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())
        and classid = ${LOCK_SPACE} and objid = hashtext(locked_by)::oid))
  select array_agg(pool) as pools, graphile_worker.force_unlock_workers(array_agg(pool)) from dead having count(*) > 0`

/**
 * Leases for jobs. The queue itself frees the jobs of a worker that died after four hours only. So every pool of workers
 * holds an advisory lock on its own name while it lives (PostgreSQL drops the lock with the connection, however the
 * process ended), and every living pool looks every `retakeMs` for jobs locked by a pool whose lock is gone, and frees
 * them. A pool that lost its connection and lives has its jobs done twice, which at-least-once delivery allows.
 */
export function createJobLease(ctx: Context, options: { retakeMs: number; stopping: AbortSignal }): JobLease {
  const ended = new AbortController()
  const { signal } = ended
  let holding: { held: Promise<void>; over: Promise<void> } | null = null

  async function holdOnce(poolId: string, onHeld: () => void): Promise<void> {
    const client = await ctx.db.owner.connect()
    try {
      await client.query(KEEPALIVE, [String(options.retakeMs + SILENCE_MAX_MS)])
      // Shared, so as not to wait for a connection that was lost and whose end the database has yet to notice.
      await client.query('select pg_advisory_lock_shared($1, hashtext($2))', [LOCK_SPACE, poolId])
      onHeld()
      while (!signal.aborted) {
        const { rows } = await client.query<{ pools: string[] }>(RETAKE)
        if (rows[0] !== undefined) ctx.log.warn({ pools: rows[0].pools }, 'took over the jobs of workers that died')
        await wait(options.retakeMs, undefined, { signal })
      }
    } finally {
      client.release(true)
    }
  }

  async function holdUntilEnded(poolId: string, onHeld: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        await holdOnce(poolId, onHeld)
      } catch (error) {
        if (signal.aborted) return
        ctx.log.warn({ err: error }, 'the lease on jobs was lost and is taken anew')
        await wait(RECONNECT_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return {
    hold: poolId => {
      if (holding === null) {
        const { promise, resolve } = Promise.withResolvers<void>()
        options.stopping.addEventListener('abort', () => resolve())
        holding = { held: promise, over: holdUntilEnded(poolId, resolve) }
      }
      return holding.held
    },
    end: async () => {
      ended.abort()
      await holding?.over
    },
  }
}
