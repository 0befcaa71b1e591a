import { setTimeout as wait } from 'node:timers/promises'
import { Logger, parseCronItems, type Runner, run, type TaskList, type WorkerPool } from 'graphile-worker'
import { wallClock } from '../actions/wallClock.ts'
import type { Clock, Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import { deliverWebhook, StoppedError } from './deliverWebhook.ts'
import { wakeForDueJobs } from './dueJobs.ts'
import { housekeeping } from './housekeeping.ts'
import { createJobLease } from './jobLease.ts'

/** How the queue is worked; the defaults are those of the program. */
export type JobOptions = {
  /** Jobs at once in this process. A send holds no connection, so many may wait for slow receivers. */
  concurrency?: number
  /** How often jobs that have become due are looked for; new ones are told of at once. */
  pollMs?: number
  /** How often the jobs of workers that died are looked for. */
  retakeMs?: number
  /** The time that webhooks are signed with. */
  wallClock?: Clock
}

const CONCURRENCY = 64
const POLL_MS = 1_000
const WORKER_POLL_MS = 60_000
const RETAKE_MS = 10_000
const RESTART_MS = 1_000
const FINISH_MS = 1_000

/**
 * Works the queue until `signal` fires, and resolves when all has ended: what is under way gets a second to finish, and
 * is otherwise left to be done again. Begins anew after a failure of the queue itself.
 */
export async function startJobs(ctx: Context, signal: AbortSignal, options: JobOptions = {}): Promise<void> {
  while (!signal.aborted) {
    try {
      await workQueue(ctx, signal, options)
    } catch (error) {
      ctx.log.error({ err: error }, 'the job queue failed and begins anew')
    }
    if (!signal.aborted) await wait(RESTART_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function workQueue(ctx: Context, signal: AbortSignal, options: JobOptions): Promise<void> {
  const lease = createJobLease(ctx, { retakeMs: options.retakeMs ?? RETAKE_MS, stopping: signal })
  const { concurrency = CONCURRENCY, pollMs: everyMs = POLL_MS } = options
  const ended = new AbortController()
  let waking: Promise<void> | null = null
  const startPool = async (pool: WorkerPool) => {
    await lease.hold(pool.id)
    waking ??= wakeForDueJobs(ctx, pool, { everyMs, concurrency, signal: ended.signal })
  }
  try {
    const runner = await run({
      pgPool: ctx.db.owner,
      concurrency,
      pollInterval: WORKER_POLL_MS,
      gracefulShutdownAbortTimeout: FINISH_MS,
      noHandleSignals: true,
      parsedCronItems: parseCronItems([{ task: 'housekeeping', match: '17 * * * *' }]),
      taskList: tasks(ctx, options.wallClock ?? wallClock),
      logger: queueLogger(ctx),
      preset: { plugins: [startPlugin(startPool)] },
    })
    await untilStopped(runner, signal)
  } finally {
    ended.abort()
    await waking
    await lease.end()
  }
}

function tasks(ctx: Context, clock: Clock): TaskList {
  return {
    deliverWebhook: async (payload, { abortSignal }) => {
      await deliverWebhook(ctx, deliveryIdOf(payload), { signal: abortSignal, wallClock: clock })
    },
    housekeeping: async (_payload, { abortSignal }) => {
      await housekeeping(ctx, abortSignal)
    },
  }
}

function deliveryIdOf(payload: unknown): string {
  const id = typeof payload === 'object' && payload !== null && 'deliveryId' in payload ? payload.deliveryId : null
  invariant(typeof id === 'string', 'the job of a delivery names it')
  return id
}

async function untilStopped(runner: Runner, signal: AbortSignal): Promise<void> {
  const stop = () => void runner.stop().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    await runner.promise
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** No worker takes its first job before `start` is done with its pool. */
function startPlugin(start: (pool: WorkerPool) => Promise<void>): GraphileConfig.Plugin {
  return {
    name: 'StartPlugin',
    worker: { hooks: { startWorker: (_ctx, { worker }) => start(worker.workerPool) } },
  }
}

/** The queue says a line for each job: those that worked are for debugging only. */
function queueLogger(ctx: Context): Logger {
  return new Logger(() => (level, message, meta) => {
    const err = meta?.error
    if (level === 'error' && !(err instanceof StoppedError)) ctx.log.error({ err }, message.split('\n')[0])
    else if (level === 'warning' && !message.includes('maxPoolSize')) ctx.log.warn({ err }, message)
    else ctx.log.trace(message)
  })
}
