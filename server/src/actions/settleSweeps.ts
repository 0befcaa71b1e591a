import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import {
  assertSweepMove,
  deriveSweep,
  type Evidence,
  type OpenSweep,
  type Sweep,
  type SweepDeposit,
  type SweepFailure,
} from '../domain/sweep.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { hasOtherBlock } from '../store/blocks.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { insertSweep, loadOpenSweeps, moveDeposits, saveSweep } from '../store/sweeps.ts'
import { finalNumber } from './finalNumber.ts'
import { tellSweepEnd } from './tellSweepEnd.ts'

/** What was found about a sweep's transaction: the block that it is in, or that its nonce is taken for good. */
export type Finding =
  | { kind: 'mined'; txHash: Hex; succeeded: boolean; blockHash: Hex; blockNumber: bigint }
  | { kind: 'nonce_taken' }

/**
 * Derives the sweeps under way on the chain from the facts, and from what was found of their transactions (by sweep), and writes
 * what follows with its events in one transaction.
 */
export async function settleSweeps(
  ctx: Context,
  chainId: number,
  findings: ReadonlyMap<string, Finding> = new Map(),
): Promise<void> {
  await asWorker(ctx.db, async tx => {
    const now = ctx.clock.now()
    const final = await finalNumber(tx, ctx, chainId)
    for (const sweep of await loadOpenSweeps(tx, chainId, final, { locked: true })) {
      await settle(tx, ctx, sweep, await evidenceOf(tx, chainId, final, findings.get(sweep.id)), now)
    }
  })
}

/** A block that the node tells of is final only as one of the chain as we read it. */
async function evidenceOf(
  tx: Tx,
  chainId: number,
  final: bigint,
  finding: Finding | undefined,
): Promise<Evidence | null> {
  if (finding === undefined || finding.kind === 'nonce_taken') return finding ?? null
  const { txHash, succeeded, blockHash, blockNumber } = finding
  const isFinal = blockNumber <= final && !(await hasOtherBlock(tx, chainId, blockNumber, blockHash))
  return { kind: 'mined', txHash, succeeded, isFinal }
}

async function settle(tx: Tx, ctx: Context, open: OpenSweep, evidence: Evidence | null, now: Date): Promise<void> {
  const outcome = deriveSweep(open, evidence, now)
  if (outcome.to === null) return
  assertSweepMove(open.status, outcome.to)
  const { ownHashes, ...sweep } = open
  if (outcome.to === 'planned') {
    invariant(await saveSweep(tx, { ...sweep, status: 'planned', updatedAt: now }, open.status), 'the sweep is locked')
    return
  }
  const left = outcome.to === 'succeeded' ? outcome.left : []
  if (left.length > 0) await failApart(tx, ctx, sweep, left, outcome.failure, outcome.txHash, now)
  await end(tx, ctx, open.status, {
    ...sweep,
    status: outcome.to,
    failure: outcome.to === 'failed' ? outcome.failure : null,
    txHash: outcome.txHash,
    deposits: sweep.deposits.filter(deposit => !left.includes(deposit)),
    updatedAt: now,
  })
}

/** Ends a sweep that its caller has locked, with its event. */
async function end(
  tx: Tx,
  ctx: Context,
  from: Sweep['status'],
  sweep: Sweep & { status: 'succeeded' | 'failed' },
): Promise<void> {
  invariant(await saveSweep(tx, sweep, from), 'the sweep is locked')
  await tellSweepEnd(tx, ctx, sweep)
}

/** Ends a planned sweep, which its caller has locked, as failed. */
export async function failSweep(tx: Tx, ctx: Context, sweep: Sweep, failure: SweepFailure, now: Date): Promise<void> {
  assertSweepMove(sweep.status, 'failed')
  await end(tx, ctx, sweep.status, { ...sweep, status: 'failed', failure, updatedAt: now })
}

/** Takes `deposits` out of a sweep into one of their own that failed, with its event. */
export async function failApart(
  tx: Tx,
  ctx: Context,
  sweep: Sweep,
  deposits: readonly SweepDeposit[],
  failure: SweepFailure,
  txHash: Hex | null,
  now: Date,
): Promise<void> {
  const failed = {
    ...sweep,
    id: uuidv7(now, ctx.random(10)),
    createdAt: now,
    updatedAt: now,
    status: 'failed' as const,
    failure,
    txHash,
    deposits: [...deposits],
  }
  await insertSweep(tx, failed, { withDeposits: false })
  await moveDeposits(tx, sweep.id, failed.id, deposits)
  await tellSweepEnd(tx, ctx, failed)
}
