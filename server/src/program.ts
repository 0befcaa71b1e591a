import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { pino } from 'pino'
import type { Config } from './config.ts'
import type { Clock, Context, TestWallet } from './context.ts'
import { StartError } from './dev/process.ts'
import { createApp } from './http/app.ts'
import { createSecretBox } from './secretBox.ts'
import { syncChains } from './store/chains.ts'
import { asWorker, openDatabase } from './store/database.ts'
import { listenToSessions } from './store/liveSessions.ts'
import { migrate } from './store/migrate.ts'
import { closeSessions } from './workers/closeSessions.ts'
import { startJobs } from './workers/jobs.ts'
import { createSender } from './workers/sendWebhook.ts'
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

/** Opens everything that actions need. The database must have been migrated. */
export async function openContext(
  config: Config & { databaseUrl: string },
  extras: { testWallet?: TestWallet; clock?: Clock } = {},
): Promise<Context> {
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const onError = (error: Error) => log.error({ err: error }, 'a database connection was lost')
  const db = openDatabase(config.databaseUrl, { maxConnections: config.maxConnections, onError })
  const chains = new Map(config.chains.map(entry => [entry.chain.id, entry]))
  const known = await asWorker(db, tx => syncChains(tx, chains))
  return {
    config,
    db,
    chains,
    known,
    clock: extras.clock ?? { now: () => new Date() },
    random: pooledRandom(),
    sender: createSender({
      mode: config.mode,
      allowedHosts: config.webhookAllowedHosts,
      ownHosts: config.publicUrl === null ? [] : [new URL(config.publicUrl).hostname],
    }),
    secrets: createSecretBox(config.secretKey, 'webhook secret'),
    live: listenToSessions(config.databaseUrl, onError),
    log,
    testWallet: extras.testWallet ?? null,
  }
}

/** Ends what `openContext` opened. */
export async function closeContext(ctx: Context): Promise<void> {
  await ctx.live.close()
  await ctx.db.close()
}

/** Migrates the database and starts the roles; throws `StartError` with one sentence when that cannot be. */
export async function startProgram(
  config: Config & { databaseUrl: string },
  roles: Roles,
  extras: { testWallet?: TestWallet } = {},
): Promise<Program> {
  try {
    await migrate(config.databaseUrl)
  } catch (error) {
    throw new StartError(`The database cannot be used: ${(error as Error).message}`, { cause: error })
  }
  const ctx = await openContext(config, extras)
  await refuseLossySettings(ctx)
  const stopping = new AbortController()
  const work: Promise<void>[] = []
  if (roles.worker) {
    for (const chain of ctx.chains.values()) work.push(watchChain(ctx, chain, stopping.signal))
    work.push(closeSessions(ctx, stopping.signal))
    work.push(await startJobs(ctx, stopping.signal))
  }
  const server = roles.api ? await listen(ctx) : null
  return {
    ctx,
    url: server === null ? null : ctx.config.publicUrl,
    stop: async () => {
      stopping.abort()
      if (server !== null) await closeServer(server)
      await Promise.allSettled(work)
      await closeContext(ctx)
    },
  }
}

/** Live money needs commits that survive a crash of the database. */
async function refuseLossySettings(ctx: Context): Promise<void> {
  if (ctx.config.mode !== 'live') return
  const { rows } = await ctx.db.owner.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('synchronous_commit', 'fsync', 'full_page_writes')",
  )
  const lossy = rows.filter(row => LOST_COMMITS.has(row.setting)).map(row => `${row.name}=${row.setting}`)
  if (lossy.length === 0) return
  await closeContext(ctx)
  throw new StartError(
    `Live mode refuses a database that can lose commits (${lossy.join(', ')}): turn these settings on.`,
  )
}

async function listen(ctx: Context): Promise<Server> {
  const { host, port } = ctx.config
  const app = createApp(ctx)
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 16_384 },
    getRequestListener(app.fetch),
  )
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

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  // Streams of payers' pages never end by themselves.
  const timer = setTimeout(() => server.closeAllConnections(), 500)
  server.closeIdleConnections()
  await closed
  clearTimeout(timer)
}

/** Random bytes from the operating system, drawn a pool at a time: a call for each id would cost more than the rest of it. */
function pooledRandom(): (size: number) => Uint8Array {
  let pool = randomBytes(4096)
  let used = 0
  return size => {
    if (used + size > pool.length) {
      pool = randomBytes(Math.max(4096, size))
      used = 0
    }
    used += size
    return Uint8Array.prototype.slice.call(pool, used - size, used)
  }
}
