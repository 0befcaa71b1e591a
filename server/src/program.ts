import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { evmChain } from './chain/evm.ts'
import type { Config } from './config.ts'
import type { Context, TestWallet } from './context.ts'
import { StartError } from './dev/process.ts'
import { createApp } from './http/app.ts'
import { closeContext, openContext } from './openContext.ts'
import { migrate } from './store/migrate.ts'
import { closeSessions } from './workers/closeSessions.ts'
import { startJobs } from './workers/jobs.ts'
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

const RPC_TIMEOUT_MS = 10_000
const LOST_COMMITS = new Set(['off'])

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
    for (const chain of ctx.chains.values()) {
      const node = evmChain({
        chainId: chain.chain.id,
        rpcUrl: chain.rpcUrl,
        tokens: chain.assets.map(asset => asset.address),
        timeoutMs: RPC_TIMEOUT_MS,
        signal: stopping.signal,
      })
      work.push(watchChain(ctx, chain, node, stopping.signal))
    }
    work.push(closeSessions(ctx, stopping.signal))
    work.push(startJobs(ctx, stopping.signal))
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
