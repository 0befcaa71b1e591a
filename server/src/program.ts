import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Rates } from './chain/rates.ts'
import type { Config } from './config.ts'
import type { Clock, Context, TestWallet } from './context.ts'
import { StartError } from './dev/process.ts'
import { AppError, invariant } from './domain/errors.ts'
import { uuidv7 } from './domain/uuid.ts'
import { createApp } from './http/app.ts'
import { errorBody } from './http/errorReply.ts'
import { openRequestLog, type RequestLog } from './http/requestLog.ts'
import { docsUrl } from './http/router.ts'
import { closeContext, openContext } from './openContext.ts'
import { migrate } from './store/migrate.ts'
import { checkChains } from './workers/checkChains.ts'
import { closeSessions } from './workers/closeSessions.ts'
import { followRefunds } from './workers/followRefunds.ts'
import { startJobs } from './workers/jobs.ts'
import { recheckAddresses } from './workers/recheckAddresses.ts'
import { sweepChain } from './workers/sweepChain.ts'
import { watchChain } from './workers/watchChain.ts'

/** What a process does: answer requests, do the work behind them, or both. */
export type Roles = { api: boolean; worker: boolean }

/** A running Bitstream. */
export type Program = {
  ctx: Context
  /** Where requests are answered; null without the role `api`. */
  url: string | null
  /** Stops taking work, ends what is under way, closes the database; within 5 seconds. */
  stop: () => Promise<void>
}

const LOST_COMMITS = new Set(['off'])

/** Migrates the database and starts the roles; throws `StartError` with one sentence when that cannot be. */
export async function startProgram(
  config: Config & { databaseUrl: string },
  roles: Roles,
  extras: { testWallet?: TestWallet; clock?: Clock; rates?: Rates } = {},
): Promise<Program> {
  try {
    await migrate(config.databaseUrl)
  } catch (error) {
    throw new StartError(`The database cannot be used: ${(error as Error).message}`, { cause: error })
  }
  const ctx = await openContext(config, extras)
  const stopping = new AbortController()
  const log = openRequestLog(ctx)
  let server: Server | null
  try {
    await refuseLossySettings(ctx)
    server = roles.api ? await listen(ctx, stopping.signal, log) : null
  } catch (error) {
    await closeContext(ctx)
    throw error
  }
  const work = roles.worker ? startWork(ctx, stopping.signal) : []
  return {
    ctx,
    url: server === null ? null : ctx.config.publicUrl,
    stop: async () => {
      stopping.abort()
      if (server !== null) await closeServer(server)
      await Promise.allSettled(work)
      await log.close()
      await closeContext(ctx)
    },
  }
}

/** The watchers of the chains and their checks, the closing of sessions and the job queue; each resolves when `signal` has ended it. */
function startWork(ctx: Context, signal: AbortSignal): Promise<void>[] {
  const watchers = [...ctx.chains.values()].map(config => {
    const node = ctx.nodes.get(config.chain.id)
    invariant(node, 'every chain that is served has its nodes')
    return watchChain(ctx, config, node, signal)
  })
  return [
    ...watchers,
    checkChains(ctx, signal),
    closeSessions(ctx, signal),
    followRefunds(ctx, signal),
    recheckAddresses(ctx, signal),
    startJobs(ctx, signal),
    ...[...ctx.chains.values()].map(config => sweepChain(ctx, config, signal)),
  ]
}

/** Live money needs commits that survive a crash of the database. */
async function refuseLossySettings(ctx: Context): Promise<void> {
  if (ctx.config.mode !== 'live') return
  const { rows } = await ctx.db.owner.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('synchronous_commit', 'fsync', 'full_page_writes')",
  )
  const lossy = rows.filter(row => LOST_COMMITS.has(row.setting)).map(row => `${row.name}=${row.setting}`)
  if (lossy.length === 0) return
  throw new StartError(
    `Live mode refuses a database that can lose commits (${lossy.join(', ')}): turn these settings on.`,
  )
}

async function listen(ctx: Context, stopping: AbortSignal, log: RequestLog): Promise<Server> {
  const { host, port } = ctx.config
  const app = createApp(ctx, stopping, log)
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 16_384 },
    getRequestListener(app.fetch),
  )
  server.on('clientError', (error, socket) => answerMalformed(ctx, error, socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const inUse = 'code' in error && error.code === 'EADDRINUSE'
      const message = inUse
        ? `Port ${port} is in use: choose another one with --port, or 0 for a free one.`
        : `Cannot listen on ${host}:${port}: ${error.message}`
      reject(new StartError(message, { cause: error }))
    })
    server.listen(port, host, resolve)
  })
  return server
}

/** What is no HTTP request gets the envelope too, and its connection ends: what follows on it cannot be trusted. */
function answerMalformed(ctx: Context, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const requestId = uuidv7(ctx.clock.now(), ctx.random(10))
  const problem =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new AppError('request_timeout', 'The request did not arrive in time.')
      : new AppError('request_malformed', 'This is not a well-formed HTTP/1.1 request.')
  const body = errorBody(problem, requestId, docsUrl(ctx))
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${body.statusCode} ${body.error}\r\nContent-Type: application/json; charset=utf-8\r\nRequest-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  // Whoever keeps a connection busy for longer is not waited for.
  const timer = setTimeout(() => server.closeAllConnections(), 500)
  server.closeIdleConnections()
  await closed
  clearTimeout(timer)
}
