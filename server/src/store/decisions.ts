import { sql } from 'kysely'
import { invariant } from '../domain/errors.ts'
import type { Decision, UnmatchedReason } from '../domain/settlement.ts'
import type { Tx } from './database.ts'

/** A decision to store; one about a transfer keeps why that did not count. */
export type NewDecision = { id: string; organizationId: string; sessionId: string } & (
  | Exclude<Decision, { kind: 'refund' } | { transferId: string }>
  | (Extract<Decision, { transferId: string }> & { reason: UnmatchedReason })
)

/** Stores what a person decided about a session. */
export async function insertDecision(tx: Tx, decision: NewDecision): Promise<void> {
  await insertDecisions(tx, [decision])
}

/** Stores decisions about several sessions. */
export async function insertDecisions(tx: Tx, decisions: readonly NewDecision[]): Promise<void> {
  if (decisions.length === 0) return
  const rows = decisions.map(decision => ({
    id: decision.id,
    organization_id: decision.organizationId,
    checkout_session_id: decision.sessionId,
    kind: decision.kind,
    created_at: decision.at,
    transfer_id: 'transferId' in decision ? decision.transferId : null,
    data: JSON.stringify(dataOf(decision)),
  }))
  await tx.insertInto('decisions').values(rows).execute()
}

function dataOf(decision: NewDecision): object {
  if ('reason' in decision) return { reason: decision.reason }
  const accepted = decision.kind === 'accept_partial' ? decision.accepted : []
  return { accepted: accepted.map(row => ({ ...row, amountRaw: row.amountRaw.toString() })) }
}

/** What was decided about each of these sessions, oldest first, and after that their refunds that are under way or succeeded. */
export async function loadDecisions(tx: Tx, sessionIds: readonly string[]): Promise<Map<string, Decision[]>> {
  const rows = await tx
    .selectFrom('decisions')
    .select(['checkout_session_id', 'kind', 'created_at', 'transfer_id', 'data'])
    .where('checkout_session_id', '=', sql<string>`any(${sessionIds})`)
    .orderBy('id')
    .execute()
  const refunds = await tx
    .selectFrom('refunds')
    .select(['checkout_session_id', 'created_at', 'updated_at', 'status', 'transfer_id', 'asset_id', 'amount_raw'])
    .where('checkout_session_id', '=', sql<string>`any(${sessionIds})`)
    .where('status', 'in', ['requires_signature', 'submitted', 'succeeded'])
    .orderBy('id')
    .execute()
  const decisions = [
    ...rows.map(row => ({ sessionId: row.checkout_session_id, decision: fromRow(row) })),
    ...refunds.flatMap(row => refundFromRow(row).map(decision => ({ sessionId: row.checkout_session_id, decision }))),
  ]
  const bySession = Map.groupBy(decisions, ({ sessionId }) => sessionId)
  return new Map([...bySession].map(([id, found]) => [id, found.map(({ decision }) => decision)]))
}

type RefundRow = {
  created_at: Date
  updated_at: Date
  status: string
  transfer_id: string | null
  asset_id: string
  amount_raw: string
}

function refundFromRow(row: RefundRow): Decision[] {
  const { transfer_id: transferId } = row
  return [
    ...(transferId === null ? [] : [{ kind: 'refund_transfer' as const, at: row.created_at, transferId }]),
    ...(row.status === 'succeeded'
      ? [{ kind: 'refund' as const, at: row.updated_at, assetId: row.asset_id, amountRaw: BigInt(row.amount_raw) }]
      : []),
  ]
}

type Row = { kind: string; created_at: Date; transfer_id: string | null; data: unknown }

function fromRow({ kind, created_at: at, transfer_id: transferId, data }: Row): Decision {
  switch (kind) {
    case 'expire':
    case 'confirm_zero':
    case 'payer_cancel':
      return { kind, at }
    case 'accept_transfer':
    case 'refund_transfer':
    case 'sweep_transfer':
      invariant(transferId !== null, 'a transfer that was decided about is named')
      return { kind, at, transferId }
    case 'accept_partial': {
      const { accepted } = data as { accepted: { assetId: string; amountRaw: string }[] }
      return { kind, at, accepted: accepted.map(row => ({ ...row, amountRaw: BigInt(row.amountRaw) })) }
    }
    default:
      throw new Error(`unknown kind of decision: ${kind}`)
  }
}
