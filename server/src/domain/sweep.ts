import { invariant } from './errors.ts'
import type { Hex } from './hex.ts'
import type { Call } from './sweepCall.ts'

/** The statuses of a sweep. */
export const SWEEP_STATUSES = ['planned', 'submitted', 'succeeded', 'failed'] as const

/** Why a sweep failed; see `SweepFailure`. */
export const SWEEP_FAILURES = ['gas_exceeds_value', 'not_sent', 'reverted', 'token_paused', 'transfer_refused'] as const

/** `planned`: to be sent; `submitted`: signed with a nonce, and stored; `succeeded`: the money has left; `failed`: it lies there still. */
export type SweepStatus = (typeof SWEEP_STATUSES)[number]

/**
 * Why money was not moved: the gas would cost more than it is worth, nobody sent the call for a day, the transaction was reverted,
 * the token is paused, or the token or the receiver refuses this transfer.
 */
export type SweepFailure = (typeof SWEEP_FAILURES)[number]

/** What lay in one asset at one deposit address when its sweep was planned, in base units. */
export type SweepDeposit = { sessionId: string; assetId: string; address: Hex; amountRaw: bigint }

/** Money on its way from deposit addresses with the same payouts to these payouts, by one call of the factory. */
export type Sweep = {
  organizationId: string
  id: string
  createdAt: Date
  updatedAt: Date
  chainId: number
  status: SweepStatus
  /** Whether the deployment's gas key sends the call; otherwise whoever wants to, such as the merchant's own wallet. */
  isOurs: boolean
  failure: SweepFailure | null
  call: Call
  /** The transaction that moved the money, or that failed to; null until one is known. */
  txHash: Hex | null
  deposits: SweepDeposit[]
}

/** Whether the money has left since the sweep was planned (null: not yet), by which transaction, and whether that is final. */
export type SeenDeposit = SweepDeposit & { swept: { txHash: Hex | null; isFinal: boolean } | null }

/** A sweep under way, with what the facts say of its money and the hashes of its transactions. */
export type OpenSweep = Omit<Sweep, 'deposits'> & { deposits: SeenDeposit[]; ownHashes: readonly Hex[] }

/** What the chain says of a sweep's transaction: it is in a block, or another one of its account has taken its nonce for good. */
export type Evidence = { kind: 'mined'; txHash: Hex; succeeded: boolean; isFinal: boolean } | { kind: 'nonce_taken' }

/** What becomes of a sweep: nothing yet, a new attempt, success (of all deposits but `left`), or failure of all. */
export type Outcome =
  | { to: null }
  | { to: 'planned' }
  | { to: 'succeeded'; txHash: Hex | null; left: SeenDeposit[]; failure: SweepFailure }
  | { to: 'failed'; txHash: Hex | null; failure: SweepFailure }

const NOT_SENT_MS = 24 * 60 * 60 * 1000

const NEXT: Readonly<Record<SweepStatus, readonly SweepStatus[]>> = {
  planned: ['submitted', 'succeeded', 'failed'],
  submitted: ['planned', 'succeeded', 'failed'],
  succeeded: [],
  failed: [],
}

/** Throws where a sweep cannot go from `from` to `to`: a bug. */
export function assertSweepMove(from: SweepStatus, to: SweepStatus): void {
  invariant(NEXT[from].includes(to), `a sweep goes from ${from} to ${to}`)
}

/**
 * What follows for an open sweep from the facts and the chain. The money may have left by anybody's transaction; but ours is given
 * up only once its nonce is spent, since those after it wait for it.
 */
export function deriveSweep(sweep: OpenSweep, evidence: Evidence | null, now: Date): Outcome {
  return sweep.status === 'planned' ? derivePlanned(sweep, now) : deriveSubmitted(sweep, evidence)
}

function derivePlanned({ deposits, createdAt }: OpenSweep, now: Date): Outcome {
  const isStale = now.getTime() - createdAt.getTime() >= NOT_SENT_MS
  if (deposits.some(({ swept }) => swept !== null && !swept.isFinal)) return { to: null }
  if (!isStale && deposits.some(({ swept }) => swept === null)) return { to: null }
  return finish(deposits, null, 'not_sent')
}

function deriveSubmitted({ deposits, ownHashes }: OpenSweep, evidence: Evidence | null): Outcome {
  const movedByUs = deposits.flatMap(({ swept }) => swept?.txHash ?? []).find(hash => ownHashes.includes(hash))
  if (movedByUs === undefined && evidence === null) return { to: null }
  if (deposits.some(({ swept }) => swept !== null && !swept.isFinal)) return { to: null }
  if (deposits.every(({ swept }) => swept !== null)) return finish(deposits, movedByUs ?? null, 'not_sent')
  if (evidence === null) return { to: null }
  if (evidence.kind === 'nonce_taken') return { to: 'planned' }
  if (!evidence.isFinal) return { to: null }
  return finish(deposits, evidence.txHash, evidence.succeeded ? 'transfer_refused' : 'reverted')
}

/** Success where at least one deposit was moved; `failure` is why the others were not. */
function finish(deposits: readonly SeenDeposit[], txHash: Hex | null, failure: SweepFailure): Outcome {
  const moved = deposits.filter(({ swept }) => swept !== null)
  if (moved.length === 0) return { to: 'failed', txHash, failure }
  const known = txHash ?? moved.find(({ swept }) => swept?.txHash)?.swept?.txHash ?? null
  return { to: 'succeeded', txHash: known, left: deposits.filter(({ swept }) => swept === null), failure }
}

/** The sweep as answers and events show it; `call` only while somebody's own wallet is to send it. */
export function sweepView(sweep: Sweep) {
  const { id, createdAt, updatedAt, organizationId, chainId, status, failure, txHash, deposits, call, isOurs } = sweep
  return {
    id,
    createdAt,
    updatedAt,
    organizationId,
    chainId,
    status,
    failure,
    transactionHash: txHash,
    deposits: deposits.map(({ sessionId, assetId, amountRaw }) => ({
      checkoutSessionId: sessionId,
      assetId,
      amountRaw: amountRaw.toString(),
    })),
    call: status === 'planned' && !isOurs ? call : null,
  }
}
