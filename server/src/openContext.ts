import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { openGasNode } from './chain/gasNode.ts'
import { openChain } from './chain/openChain.ts'
import { openRates, type Rates, rateSources } from './chain/rates.ts'
import type { Config } from './config.ts'
import type { Clock, Context, TestWallet } from './context.ts'
import { invariant } from './domain/errors.ts'
import { createSecretBox } from './secretBox.ts'
import { loadGenesis, syncChains } from './store/chains.ts'
import { asWorker, openDatabase } from './store/database.ts'
import { openHealthBoard } from './store/healthBoard.ts'
import { listenToSessions } from './store/liveSessions.ts'
import { createMailer } from './workers/mailer.ts'
import { createSender } from './workers/sendWebhook.ts'

/** What ends the calls of a context's nodes. */
const endings = new WeakMap<Context, () => void>()

const HEALTH_EVERY_MS = 2_000

/** Opens everything that actions need. The database must have been migrated. */
export async function openContext(
  config: Config & { databaseUrl: string },
  extras: { testWallet?: TestWallet; clock?: Clock; rates?: Rates } = {},
): Promise<Context> {
  const log = pino({ level: config.logLevel, base: null }, pino.destination(2))
  const onError = (error: Error) => log.error({ reason: error.message }, 'a database connection was lost')
  const db = openDatabase(config.databaseUrl, { maxConnections: config.maxConnections, onError })
  const chains = new Map(config.chains.map(entry => [entry.chain.id, entry]))
  const closing = new AbortController()
  const known = await asWorker(db, tx => syncChains(tx, chains))
  const genesis = await asWorker(db, loadGenesis)
  const nodes = new Map(
    [...chains].map(([id, entry]) => [id, openChain(entry, { signal: closing.signal, genesis: genesis.get(id) })]),
  )
  const onFailure = (source: string, error: unknown) => log.warn({ source, err: error }, 'a source of rates failed')
  const ctx: Context = {
    config,
    db,
    chains,
    nodes,
    gas: openGas(config, nodes, closing.signal),
    known,
    rates: extras.rates ?? openRates(rateSources(chains, nodes, config.rateSources), { onFailure }),
    clock: extras.clock ?? { now: () => new Date() },
    random: pooledRandom(),
    sender: createSender({
      mode: config.mode,
      allowedHosts: config.webhookAllowedHosts,
      ownHosts: config.publicUrl === null ? [] : [new URL(config.publicUrl).hostname],
    }),
    mailer: config.email === null ? null : createMailer(config.email),
    secrets: createSecretBox(config.secretKey, 'webhook secret'),
    live: listenToSessions(config.databaseUrl, onError),
    health: openHealthBoard(db, { everyMs: HEALTH_EVERY_MS, onError }),
    log,
    testWallet: extras.testWallet ?? null,
  }
  await ctx.health.refresh()
  endings.set(ctx, () => closing.abort())
  return ctx
}

function openGas({ gasKey, chains }: Config, nodes: Context['nodes'], signal: AbortSignal): Context['gas'] {
  if (gasKey === null) return new Map()
  return new Map(
    chains.map(entry => {
      const node = nodes.get(entry.chain.id)
      invariant(node, 'every chain that is served has its nodes')
      return [entry.chain.id, openGasNode(entry, gasKey, node, { signal })]
    }),
  )
}

/** Ends what `openContext` opened. */
export async function closeContext(ctx: Context): Promise<void> {
  endings.get(ctx)?.()
  ctx.health.close()
  ctx.mailer?.close()
  await ctx.live.close()
  await ctx.db.close()
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
