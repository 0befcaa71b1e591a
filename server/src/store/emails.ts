import { type Selectable, sql } from 'kysely'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from './database.ts'
import type { Emails } from './schema.ts'

/** A message to be sent; `attachments` in base64. */
export type NewEmail = {
  organizationId: string
  id: string
  createdAt: Date
  kind: string
  recipient: string
  cc: readonly string[]
  replyTo: string | null
  subject: string
  text: string
  html: string
  attachments: readonly { name: string; contentType: string; content: string }[]
}

/** A message with what came of it: sent, or why not when it was last tried; neither, and nobody has tried. */
export type Email = NewEmail & { sentAt: Date | null; error: string | null }

/** Writes a message with the change that it tells of, and the job that sends it; nothing where there is one of the same id. */
export async function insertEmail(tx: Tx, { organizationId, createdAt, replyTo, ...email }: NewEmail): Promise<void> {
  const row = { organization_id: organizationId, created_at: createdAt, reply_to: replyTo, ...email }
  const job = { organizationId, emailId: email.id }
  await sql`
    with written as (
      insert into emails select * from json_populate_record(null::emails, ${JSON.stringify(row)}::json)
      on conflict (id) do nothing returning id)
    select enqueue('sendEmail', ${JSON.stringify(job)}::json) from written`.execute(tx)
}

/** The message `id`, or null where the transaction sees none. */
export async function findEmail(tx: Tx, id: string): Promise<Email | null> {
  const row = await tx.selectFrom('emails').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : fromRow(row)
}

/** The newest messages that the transaction sees, `limit` at most, newest first. */
export async function listEmails(tx: Tx, limit: number): Promise<Email[]> {
  const rows = await tx
    .selectFrom('emails')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Whether the organization has a message of `kind` that was written after `since`; its id, a UUIDv7, tells. */
export async function hasEmailSince(tx: Tx, organizationId: string, kind: string, since: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('emails')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '>', uuidv7(since, new Uint8Array(10).fill(255)))
    .where('kind', '=', kind)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** How many messages of `kind` the organization has that were written after `since`. */
export async function countEmailsSince(tx: Tx, organizationId: string, kind: string, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('emails')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('organization_id', '=', organizationId)
    .where('id', '>', uuidv7(since, new Uint8Array(10).fill(255)))
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return count
}

/** Writes what came of a message; one that was sent stays so, and what it said (links of invites too) is forgotten. */
export async function saveEmail(
  tx: Tx,
  id: string,
  { sentAt, error }: { sentAt: Date | null; error: string | null },
): Promise<void> {
  await tx
    .updateTable('emails')
    .set({ sent_at: sentAt, error, ...(sentAt !== null && { text: '', html: '', attachments: '[]' }) })
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .execute()
}

function fromRow(row: Selectable<Emails>): Email {
  return {
    organizationId: row.organization_id,
    id: row.id,
    createdAt: row.created_at,
    kind: row.kind,
    recipient: row.recipient,
    cc: row.cc,
    replyTo: row.reply_to,
    subject: row.subject,
    text: row.text,
    html: row.html,
    attachments: row.attachments as unknown as Email['attachments'],
    sentAt: row.sent_at,
    error: row.error,
  }
}
