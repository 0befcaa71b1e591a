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

const BATCH = 100

/** Writes messages with the change that they tell of, and the jobs that send them; two statements for each 100. */
export async function insertEmails(tx: Tx, emails: readonly NewEmail[]): Promise<void> {
  for (let start = 0; start < emails.length; start += BATCH) {
    const rows = emails.slice(start, start + BATCH).map(({ organizationId, createdAt, replyTo, ...email }) => {
      return { organization_id: organizationId, created_at: createdAt, reply_to: replyTo, ...email }
    })
    await sql`insert into emails select * from json_populate_recordset(null::emails, ${JSON.stringify(rows)}::json)`.execute(
      tx,
    )
    const jobs = rows.map(({ organization_id: organizationId, id: emailId }) =>
      JSON.stringify({ organizationId, emailId }),
    )
    await sql`select enqueue_all('sendEmail', ${jobs}::json[], array_fill(null::text, array[${jobs.length}::int]))`.execute(
      tx,
    )
  }
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
