import { sql } from 'kysely'
import type { Tx } from './database.ts'

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

/** Writes a message with the change that it tells of, and the job that sends it. */
export async function insertEmail(tx: Tx, email: NewEmail): Promise<void> {
  const { organizationId, id, createdAt, kind, recipient, cc, replyTo, subject, text, html, attachments } = email
  await tx
    .insertInto('emails')
    .values({
      ...{
        organization_id: organizationId,
        id,
        created_at: createdAt,
        kind,
        recipient,
        cc: [...cc],
        reply_to: replyTo,
      },
      ...{ subject, text, html, attachments: JSON.stringify(attachments) },
    })
    .execute()
  await sql`select enqueue('sendEmail', ${JSON.stringify({ emailId: id })}::json)`.execute(tx)
}
