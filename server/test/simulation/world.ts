import type { Caller } from '../../src/actions/caller.ts'
import { watchedChain } from '../../src/chain/watchedChain.ts'
import type { Context } from '../../src/context.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import type { SendResult } from '../../src/workers/sendWebhook.ts'
import type { TestClock } from '../harness/fixtures.ts'
import { CHAINS, type SimulatedChain, tokensOf } from './chains.ts'
import { checkStep } from './checks.ts'
import type { Crashes } from './crashes.ts'
import { createMirror, type EventRow, type Mirror } from './mirror.ts'
import { createNetwork, type FakeBlock, type Network } from './network.ts'
import { createProvider, nodeOf, type Provider } from './provider.ts'
import { type Random, randomOf } from './random.ts'
import { type Watcher, watchStep } from './watcher.ts'

/** A chain with the providers that it is read through. */
export type Chain = SimulatedChain & {
  id: number
  network: Network
  providers: readonly Provider[]
  watcher: Watcher
  /** Whether one of several providers has ever failed: what arrives in coin while they quarrel is recorded later. */
  isDoubtful: boolean
  /** The time of its nodes in ms, which never goes back. */
  now: () => number
}

/** A merchant's server: what it answers, and which events it acknowledged. */
export type Endpoint = {
  id: string
  organizationId: string
  url: string
  events: readonly string[]
  answer: 'ok' | 'error' | 'slow_down' | 'cut'
  acknowledged: Set<string>
}

/** A decision of a person, as the model remembers it. */
export type Decided = { kind: 'expire' | 'payer_cancel'; at: Date }

/** A session as it was made, and what people did about it since; `isAhead` when a chain was read beyond the time of its making. */
export type SimulatedSession = { session: CheckoutSession; decisions: Decided[]; isAhead: boolean }

/** Everything there is in one run, all of it following from the seed. */
export type World = {
  ctx: Context
  clock: TestClock
  /** The numbers of the step that is being made. */
  random: Random
  chains: readonly Chain[]
  callers: readonly Caller[]
  endpoints: Endpoint[]
  sessions: Map<string, SimulatedSession>
  mirror: Mirror
  crashes: Crashes
  /** Counts what is made, for names. */
  made: number
  /** Wallets that sweeps may pay. */
  merchants: ReadonlySet<Hex>
  /** When each transaction was first recorded, by chain and hash. */
  firstSeen: Map<string, Date>
  /** The sessions that have ever been closed. */
  everClosed: Set<string>
  /** The events of each object, in their order. */
  sequences: Map<string, EventRow[]>
  trace: string[]
  /** Checks what was written since the last check, and notes it in the trace. */
  check: () => Promise<void>
  /** The jobs of deliveries that are due by `now`, at most `limit`, the oldest first. */
  dueJobs: (now: Date, limit: number) => Promise<{ job: string; delivery: string }[]>
  finishJobs: (jobs: readonly string[]) => Promise<void>
}

/** The start of every run. */
export const START = new Date('2026-03-01T12:00:00.000Z')

/** What a run needs of its process: a context on an empty database, whose parts of chance and of the world are replaced. */
export type Ground = {
  ctx: Context & { clock: TestClock }
  crashes: Crashes
  query: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  /** The statements that may have written something, as long as nobody empties it. */
  written: Set<string>
  createCaller: (ctx: Context) => Promise<Caller>
  createEndpoint: (ctx: Context, caller: Caller, events: readonly string[]) => Promise<string>
}

const DUE_JOBS = `select j.id as job, d.id as delivery
  from deliveries d join graphile_worker._private_jobs j on (j.payload->>'deliveryId')::uuid = d.id
  where d.next_attempt_at is null or d.next_attempt_at <= $1 order by d.next_attempt_at, d.id limit $2`

/** A world that has just begun: chains with one block, two merchants who listen, and nothing paid. */
export async function createWorld(ground: Ground, seed: number): Promise<World> {
  const { ctx: base, crashes } = ground
  base.clock.advance(START.getTime() - base.clock.now().getTime())
  const chains = CHAINS.map(chain => openChain(chain, steadyClock(base.clock)))
  const endpoints: Endpoint[] = []
  const world: World = {
    ctx: base,
    clock: base.clock,
    random: randomOf(seed),
    chains,
    callers: [],
    endpoints,
    sessions: new Map(),
    mirror: createMirror(ground.query, ground.written),
    crashes,
    made: 0,
    merchants: new Set(),
    firstSeen: new Map(),
    everClosed: new Set(),
    sequences: new Map(),
    trace: [],
    check: () => checkStep(world),
    dueJobs: async (now, limit) => (await ground.query(DUE_JOBS, [now, limit])) as { job: string; delivery: string }[],
    finishJobs: async jobs => {
      if (jobs.length === 0) return
      await ground.query('delete from graphile_worker._private_jobs where id = any($1)', [jobs])
    },
  }
  const ctx: Context = {
    ...base,
    nodes: new Map(chains.map(chain => [chain.id, watch(chain)])),
    random: size => world.random.bytes(size),
    sender: {
      send: async (url, _headers, body) => receive(world, url, body),
      resolveHost: async () => undefined,
      fetch: async () => ({ bytes: null, error: 'connection_error' }),
    },
  }
  world.ctx = ctx
  const callers: Caller[] = []
  for (const toleranceBps of [0, 100]) {
    const caller = await ground.createCaller(ctx)
    callers.push({ ...caller, toleranceBps })
    const events =
      toleranceBps === 0 ? ['*'] : ['checkout_session.completed', 'checkout_session.reverted', 'payment.unmatched']
    const id = await ground.createEndpoint(ctx, caller, events)
    const url = `http://127.0.0.1:9/${id}`
    const { organizationId } = caller
    endpoints.push({ id, organizationId, url, events, answer: 'ok', acknowledged: new Set() })
  }
  const merchants = new Set(callers.flatMap(caller => caller.withdrawalAddresses.map(({ address }) => address)))
  Object.assign(world, { callers, merchants })
  for (const chain of chains) await watchStep(world, chain)
  return world
}

function openChain(chain: SimulatedChain, now: () => number): Chain {
  const { config, safeDepth, finalizedDepth, hasTags } = chain
  const { id } = config.chain
  const tokens = tokensOf(config)
  const network = createNetwork({ chainId: id, time: START, tokens, safeDepth, finalizedDepth })
  const providers = config.providers.map(({ name, isOwn }) => createProvider(network, name, isOwn, hasTags))
  return {
    ...chain,
    id,
    network,
    providers,
    watcher: { reading: null, ended: null, isStopped: false, error: null },
    isDoubtful: false,
    now,
  }
}

/** What has passed by the clock since the start, its jumps back left out. */
function steadyClock(clock: TestClock): () => number {
  let last = clock.now().getTime()
  let steady = last
  return () => {
    const now = clock.now().getTime()
    steady += Math.max(0, now - last)
    last = now
    return steady
  }
}

function watch({ id, config, providers, now }: Chain) {
  const nodes = providers.map(provider => ({
    name: provider.name,
    isOwn: provider.isOwn,
    wsUrl: null,
    node: nodeOf(provider, now),
  }))
  const { quorum, blockTimeMs } = config
  return watchedChain(nodes, { chainId: id, quorum, blockTimeMs, now })
}

function receive(world: World, url: string, body: string): SendResult {
  const endpoint = world.endpoints.find(one => one.url === url)
  invariant(endpoint, 'webhooks go to endpoints that exist')
  const nothing = { status: null, body: '', retryAfter: null, reason: null, durationMs: 5 }
  switch (endpoint.answer) {
    case 'cut':
      return { ...nothing, ok: false, error: 'connection_error' }
    case 'error':
      return { ...nothing, ok: false, error: null, status: 500 }
    case 'slow_down':
      return { ...nothing, ok: false, error: null, status: 429, retryAfter: '120' }
    case 'ok': {
      const { id } = JSON.parse(body) as { id: string }
      endpoint.acknowledged.add(id)
      return { ...nothing, ok: true, error: null, status: 200 }
    }
  }
}

/** The last block of the chain whose effects are recorded, as the tree has it; null before the first. */
export function recordedTip(world: World, chain: Chain): FakeBlock | null {
  const cursor = world.mirror.cursors.get(chain.id)
  return cursor === undefined ? null : (chain.network.blocks.get(cursor.hash) ?? null)
}
