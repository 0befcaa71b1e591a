import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { Logger, parseCronItems, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { applyAddressChanges } from '../actions/addressChanges.ts'
import { advanceInvoices } from '../actions/advanceInvoices.ts'
import { type FailedSignIn, noteFailedSignIn } from '../actions/noteFailedSignIn.ts'
import { applyOwnerChanges } from '../actions/ownerChanges.ts'
import { mailReceipt } from '../actions/receiptEmail.ts'
import { mailReset } from '../actions/resetPassword.ts'
import { wallClock } from '../actions/wallClock.ts'
import type { Clock, Context } from '../context.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import { deliverWebhook, StoppedError } from './deliverWebhook.ts'
import { fetchImages } from './fetchImages.ts'
import { housekeeping } from './housekeeping.ts'
import { createJobLease, type JobLease } from './jobLease.ts'
import { sendEmail } from './sendEmail.ts'

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

const CONCURRENCY = 200
const POLL_MS = 1_000
const RETAKE_MS = 10_000
const RESTART_MS = 1_000
const FINISH_MS = 1_000
const FIRST_LOOK_MS = 2
const INVOICES_AT_ONCE = 100
const ORGANIZATIONS_AT_ONCE = 100

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
  const { concurrency = CONCURRENCY, pollMs = POLL_MS, retakeMs = RETAKE_MS } = options
  const lease = createJobLease(ctx, { retakeMs, stopping: signal })
  const events: WorkerEvents = new EventEmitter()
  const stopLooking = lookAfterJobs(events, pollMs)
  try {
    const runner = await run({
      pgPool: ctx.db.owner,
      concurrency,
      pollInterval: pollMs,
      gracefulShutdownAbortTimeout: FINISH_MS,
      noHandleSignals: true,
      parsedCronItems: parseCronItems([
        { task: 'housekeeping', match: '17 * * * *' },
        { task: 'advanceInvoices', match: '* * * * *' },
        { task: 'applyChanges', match: '* * * * *' },
      ]),
      taskList: tasks(ctx, options.wallClock ?? wallClock),
      logger: queueLogger(ctx),
      events,
      preset: {
        plugins: [leasePlugin(lease)],
        // One fetch for all workers in place of one each; and with the batches, unlike without, the queue waits for the
        // end of a job to be written, and survives when that fails.
        worker: { localQueue: { size: concurrency }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
      },
    })
    await untilStopped(runner, events, signal)
  } finally {
    stopLooking()
    await lease.end()
  }
}

function tasks(ctx: Context, clock: Clock): TaskList {
  return {
    deliverWebhook: async (payload, { abortSignal }) => {
      const { deliveryId, number } = attemptOf(payload)
      await deliverWebhook(ctx, deliveryId, { signal: abortSignal, wallClock: clock, number })
    },
    fetchImages: async (payload, { abortSignal }) => {
      await fetchImages(ctx, organizationIdOf(payload), abortSignal)
    },
    sendEmail: async (payload, { abortSignal, job }) => {
      await sendEmail(ctx, emailOf(payload), { signal: abortSignal, isLast: job.attempts >= job.max_attempts })
    },
    mailReceipt: async payload => {
      await mailReceipt(ctx, sessionOf(payload))
    },
    mailReset: async payload => {
      await mailReset(ctx, addressOf(payload))
    },
    noteFailedSignIn: async payload => {
      await noteFailedSignIn(ctx, failedOf(payload))
    },
    housekeeping: async (_payload, { abortSignal }) => {
      await housekeeping(ctx, abortSignal)
    },
    applyChanges: async (_payload, { abortSignal }) => {
      // Whoever is no owner any more has asked for no other wallet.
      while ((await applyOwnerChanges(ctx, ORGANIZATIONS_AT_ONCE)) > 0 && !abortSignal?.aborted);
      while ((await applyAddressChanges(ctx, ORGANIZATIONS_AT_ONCE)) > 0 && !abortSignal?.aborted);
    },
    advanceInvoices: async (_payload, { abortSignal }) => {
      while ((await advanceInvoices(ctx, INVOICES_AT_ONCE)) > 0 && !abortSignal?.aborted);
    },
  }
}

function attemptOf(payload: unknown): { deliveryId: string; number: number } {
  const { deliveryId, number } = (payload ?? {}) as { deliveryId?: unknown; number?: unknown }
  invariant(typeof deliveryId === 'string' && typeof number === 'number', 'the job of an attempt names it')
  return { deliveryId, number }
}

function emailOf(payload: unknown): { organizationId: string; emailId: string } {
  const { organizationId, emailId } = (payload ?? {}) as { organizationId?: unknown; emailId?: unknown }
  invariant(typeof organizationId === 'string' && typeof emailId === 'string', 'the job of a message names it')
  return { organizationId, emailId }
}

function addressOf(payload: unknown): string {
  const { email } = (payload ?? {}) as { email?: unknown }
  invariant(typeof email === 'string', 'the job of a link for a new password names who asked for it')
  return email
}

function failedOf(payload: unknown): FailedSignIn {
  const { email, address } = (payload ?? {}) as { email?: unknown; address?: unknown }
  invariant(typeof email === 'string' && typeof address === 'string', 'the job of a failed sign-in names both')
  return { email, address }
}

function sessionOf(payload: unknown): { organizationId: string; sessionId: string } {
  const { organizationId, sessionId } = (payload ?? {}) as { organizationId?: unknown; sessionId?: unknown }
  invariant(typeof organizationId === 'string' && typeof sessionId === 'string', 'the job of a session names it')
  return { organizationId, sessionId }
}

function organizationIdOf(payload: unknown): string {
  const id =
    typeof payload === 'object' && payload !== null && 'organizationId' in payload ? payload.organizationId : null
  invariant(typeof id === 'string', 'the job of an organization names it')
  return id
}

/** Stops the queue when `signal` fires, and waits until it has stopped, for that or because it failed. */
async function untilStopped(runner: Runner, events: WorkerEvents, signal: AbortSignal): Promise<void> {
  const late = Promise.withResolvers<void>()
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    // A queue that could not write the end of a job waits for ever to have written it: it is left behind.
    timer ??= setTimeout(late.resolve, 2 * FINISH_MS)
    runner.stop().catch(() => undefined)
  }
  signal.addEventListener('abort', stop, { once: true })
  events.once('pool:gracefulShutdown', stop)
  if (signal.aborted) stop()
  try {
    await Promise.race([runner.promise, late.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** No worker begins its first job before its pool shows that it lives. */
function leasePlugin(lease: JobLease): GraphileConfig.Plugin {
  return {
    name: 'JobLeasePlugin',
    worker: { hooks: { startWorker: (_ctx, { worker }) => lease.hold(worker.workerPool.id) } },
  }
}

/**
 * Looks for jobs again and again after the end of a job, at growing distances up to `pollMs`: the job that waited behind
 * it may start a moment later, of which the queue tells nobody. Returns what ends that.
 */
function lookAfterJobs(events: WorkerEvents, pollMs: number): () => void {
  let delayMs = pollMs
  let timer: NodeJS.Timeout | undefined
  events.on('job:complete', ({ worker: { workerPool } }) => {
    if (delayMs === FIRST_LOOK_MS) return
    const look = () => {
      workerPool.nudge(1)
      delayMs *= 2
      if (delayMs < pollMs) timer = setTimeout(look, delayMs)
    }
    clearTimeout(timer)
    delayMs = FIRST_LOOK_MS
    timer = setTimeout(look, delayMs)
  })
  return () => clearTimeout(timer)
}

/** The queue says a line for each job, and that workers outnumber connections, which they may: they mostly wait for receivers. */
function queueLogger(ctx: Context): Logger {
  return new Logger(() => (level, message, meta) => {
    const err = meta?.error
    // What we call and what failed is tried again: nobody has to look at it yet.
    if (level === 'error' && err instanceof UpstreamError) ctx.log.warn({ err }, message.split('\n')[0])
    else if (level === 'error' && !(err instanceof StoppedError)) ctx.log.error({ err }, message.split('\n')[0])
    else if (level === 'warning' && !message.includes('maxPoolSize')) ctx.log.warn({ err }, message)
    else ctx.log.trace(message)
  })
}
