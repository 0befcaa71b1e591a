import { setTimeout as sleep } from 'node:timers/promises'
import { findSweepable, readMarket, sweepRates } from '../actions/findSweepable.ts'
import { takeChainLock } from '../actions/leadChain.ts'
import { planSweeps } from '../actions/planSweeps.ts'
import { readOpenSweeps, type SweepAtWork } from '../actions/readOpenSweeps.ts'
import { type Finding, settleSweeps } from '../actions/settleSweeps.ts'
import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { isSpike } from '../domain/gasFees.ts'
import { checkGasMoney } from './checkGasMoney.ts'
import { sendSweeps } from './sendSweeps.ts'

/** What a sweeper remembers from pass to pass; all of it can be lost. */
export type SweepMemory = {
  /** The submitted sweeps whose transaction is in a block. */
  mined: Set<string>
  /** The newest block when a sweep's nonce was first seen to be taken by another transaction. */
  takenAt: Map<string, bigint>
  /** The block after which what waits was last given to the nodes. */
  lastPushed: string | null
  /** From which block on money is looked for, and when all of it last was. */
  searchFrom: bigint
  searchedAllAt: number
  /** When the lack of gas money was last told, and what was last told of each sweep. */
  alarmedAt: number
  told: Map<string, string>
}

const PASS_MIN_MS = 1_000
const STANDBY_MS = 1_000
const BACKOFF_MS = 5_000
const SEARCH_ALL_MS = 10 * 60_000

/** A sweeper that has seen nothing yet. */
export function newSweepMemory(): SweepMemory {
  return {
    mined: new Set(),
    takenAt: new Map(),
    lastPushed: null,
    searchFrom: 0n,
    searchedAllAt: Number.NEGATIVE_INFINITY,
    alarmedAt: Number.NEGATIVE_INFINITY,
    told: new Map(),
  }
}

/**
 * Plans and sends the sweeps of a chain where there is a gas key, and notes what became of all, until `signal` aborts; of many
 * processes one does so at a time. What fails is logged and tried again.
 */
export async function sweepChain(ctx: Context, { chain, pollMs }: ChainConfig, signal: AbortSignal): Promise<void> {
  const log = ctx.log.child({ chainId: chain.id })
  while (!signal.aborted) {
    try {
      const lock = await takeChainLock(ctx, chain.id, 'sweeps')
      if (lock !== null) {
        const ended = AbortSignal.any([signal, lock.lost])
        const memory = newSweepMemory()
        try {
          while (!ended.aborted) {
            await sweepOnce(ctx, chain.id, memory)
            await pause(Math.max(PASS_MIN_MS, pollMs), ended)
          }
        } finally {
          await lock.release()
        }
      }
      await pause(STANDBY_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error }, 'Sweeping this chain failed; tried again')
      await pause(BACKOFF_MS, signal)
    }
  }
}

/** One pass: what has become of the sweeps under way, what is to be swept, and what can be sent. */
export async function sweepOnce(ctx: Context, chainId: number, memory: SweepMemory): Promise<void> {
  const gas = ctx.gas.get(chainId)
  const { sweeps, finalNumber } = await readOpenSweeps(ctx, chainId)
  if (sweeps.length > 0) {
    const findings = gas === undefined ? new Map() : await lookUp(gas, sweeps, finalNumber, memory)
    await settleSweeps(ctx, chainId, findings)
  }
  if (gas === undefined) return
  await plan(ctx, chainId, memory)
  await sendSweeps(ctx, chainId, gas, memory)
}

type Gas = NonNullable<ReturnType<Context['gas']['get']>>

/** What the chain says of the transactions of which the facts say nothing. */
async function lookUp(
  gas: Gas,
  sweeps: readonly SweepAtWork[],
  finalNumber: bigint,
  memory: SweepMemory,
): Promise<Map<string, Finding>> {
  const findings = new Map<string, Finding>()
  memory.mined.clear()
  for (const sweep of sweeps.filter(({ status }) => status === 'submitted')) {
    const hashes = sweep.deposits.flatMap(({ swept }) => swept?.txHash ?? [])
    const isMovedByUs = hashes.some(hash => sweep.ownHashes.includes(hash))
    const isWhole = sweep.deposits.every(({ swept }) => swept !== null)
    if (isMovedByUs) memory.mined.add(sweep.id)
    if (isMovedByUs && isWhole) continue
    const finding = (await findMined(gas, sweep)) ?? (await findTaken(gas, sweep, finalNumber, memory))
    if (finding === null) continue
    findings.set(sweep.id, finding)
    memory.mined.add(sweep.id)
  }
  return findings
}

async function findMined(gas: Gas, { transactions }: SweepAtWork): Promise<Finding | null> {
  for (const { hash } of transactions) {
    const sent = await gas.sent(hash)
    if (sent !== null) return { kind: 'mined', txHash: hash, ...sent }
  }
  return null
}

/** Another transaction of the account has the nonce, and has had it since before a block that is final. */
async function findTaken(
  gas: Gas,
  { id, transactions }: SweepAtWork,
  finalNumber: bigint,
  memory: SweepMemory,
): Promise<Finding | null> {
  const [newest] = transactions
  const head = await gas.head()
  if (newest === undefined || head === null) return null
  if (head.nonce <= newest.nonce) {
    memory.takenAt.delete(id)
    return null
  }
  const since = memory.takenAt.get(id) ?? head.block.number
  memory.takenAt.set(id, since)
  return since <= finalNumber ? { kind: 'nonce_taken' } : null
}

async function plan(ctx: Context, chainId: number, memory: SweepMemory): Promise<void> {
  const now = ctx.clock.now().getTime()
  const isAll = now - memory.searchedAllAt >= SEARCH_ALL_MS
  const { held, finalNumber } = await findSweepable(ctx, chainId, isAll ? null : memory.searchFrom)
  if (isAll) await checkGasMoney(ctx, chainId, memory)
  if (held.length > 0) {
    const rates = await sweepRates(
      ctx,
      chainId,
      held.map(({ assetId }) => assetId),
    )
    const market = await readMarket(ctx, chainId, rates)
    if (isSpike(market)) return
    await planSweeps(ctx, chainId, held, market, rates)
  }
  if (isAll) memory.searchedAllAt = now
  memory.searchFrom = finalNumber + 1n
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
