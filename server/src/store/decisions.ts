import { sql } from 'kysely'
import { invariant } from '../domain/errors.ts'
import type { Decision } from '../domain/settlement.ts'
import type { Tx } from './database.ts'

/** Stores what a person decided about a session. */
export async function insertDecision(
  tx: Tx,
  decision: { id: string; organizationId: string; sessionId: string } & Decision,
): Promise<void> {
  const accepted = decision.kind === 'accept_partial' ? decision.accepted : []
  await tx
    .insertInto('decisions')
    .values({
      id: decision.id,
      organization_id: decision.organizationId,
      checkout_session_id: decision.sessionId,
      kind: decision.kind,
      created_at: decision.at,
      transfer_id: decision.kind === 'accept_transfer' ? decision.transferId : null,
      data: JSON.stringify({ accepted: accepted.map(row => ({ ...row, amountRaw: row.amountRaw.toString() })) }),
    })
    .execute()
}

/** What was decided about each of these sessions, oldest first. */
export async function loadDecisions(tx: Tx, sessionIds: readonly string[]): Promise<Map<string, Decision[]>> {
  const rows = await tx
    .selectFrom('decisions')
    .select(['checkout_session_id', 'kind', 'created_at', 'transfer_id', 'data'])
    .where('checkout_session_id', '=', sql<string>`any(${sessionIds})`)
    .orderBy('id')
    .execute()
  const bySession = Map.groupBy(rows, found => found.checkout_session_id)
  return new Map([...bySession].map(([id, found]) => [id, found.map(fromRow)]))
}

type Row = { kind: string; created_at: Date; transfer_id: string | null; data: unknown }

function fromRow({ kind, created_at: at, transfer_id: transferId, data }: Row): Decision {
  switch (kind) {
    case 'expire':
    case 'confirm_zero':
    case 'payer_cancel':
      return { kind, at }
    case 'accept_transfer':
      invariant(transferId !== null, 'an accepted transfer is named')
      return { kind, at, transferId }
    case 'accept_partial': {
      const { accepted } = data as { accepted: { assetId: string; amountRaw: string }[] }
      return { kind, at, accepted: accepted.map(row => ({ ...row, amountRaw: BigInt(row.amountRaw) })) }
    }
    default:
      throw new Error(`unknown kind of decision: ${kind}`)
  }
}
