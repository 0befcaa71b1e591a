import { sql } from 'kysely'
import type { Account, BookedSubject, LastEntry, NextEntry } from '../domain/ledger.ts'
import { byteaText } from './bytes.ts'
import type { Tx } from './database.ts'

/** The newest entry of each of these subjects, by the subject's id. */
export async function loadLastEntries(tx: Tx, subjectIds: readonly string[]): Promise<Map<string, LastEntry>> {
  if (subjectIds.length === 0) return new Map()
  type Row = { subject_id: string; id: string; nth: number; debit: Account; credit: Account }
  const { rows } = await sql<Row>`
    select e.subject_id, e.id, e.nth, e.debit, e.credit from unnest(${subjectIds}::uuid[]) wanted(id) cross join lateral (
      select * from entries where subject_id = wanted.id order by nth desc limit 1) e`.execute(tx)
  return new Map(rows.map(({ subject_id: subjectId, ...last }) => [subjectId, last]))
}

/** Writes entries as of `now`; a subject's must follow one another. */
export async function insertEntries(tx: Tx, entries: readonly (BookedSubject & NextEntry)[], now: Date): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(entry => ({
    id: entry.id,
    organization_id: entry.organizationId,
    checkout_session_id: entry.sessionId,
    chain_id: entry.chainId,
    asset_id: entry.assetId,
    address: byteaText(entry.address),
    created_at: now,
    subject: entry.subject,
    subject_id: entry.subjectId,
    nth: entry.nth,
    debit: entry.debit,
    credit: entry.credit,
    amount_raw: entry.amountRaw.toString(),
    reverses: entry.reverses,
  }))
  await sql`
    insert into entries select * from json_populate_recordset(null::entries, ${JSON.stringify(rows)}::json)`.execute(tx)
}
