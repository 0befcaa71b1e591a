import type { Context } from '../context.ts'
import { headerText, isEmailAddress } from '../domain/emailAddress.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { insertEmail, type NewEmail } from '../store/emails.ts'

/** A message to be sent in the name of an organization; copies go to addresses that are none of them twice. */
export type Queued = {
  organizationId: string
  /** For a message that is sent once: a second of the same id is none. */
  id?: string
  kind: string
  recipient: string
  cc?: readonly string[]
  replyTo?: string | null
  /** What it says: a template's answer. */
  content: { subject: string; text: string; html: string }
  attachments?: NewEmail['attachments']
}

/**
 * Lets a message be sent with this transaction. Addresses were checked where they came in: one that is none for all that is left out,
 * and without a recipient nothing is sent, since the change that the message tells of matters more.
 */
export async function queueEmail(tx: Tx, ctx: Context, queued: Queued): Promise<void> {
  const email = emailOf(ctx, queued)
  if (email !== null) await insertEmail(tx, email)
}

function emailOf(ctx: Context, queued: Queued): NewEmail | null {
  const { organizationId, kind, recipient, cc = [], replyTo = null, content, attachments = [] } = queued
  if (!isEmailAddress(recipient)) {
    ctx.log.warn({ organizationId, kind }, 'a message has no recipient and is not sent')
    return null
  }
  const now = ctx.clock.now()
  const { id = uuidv7(now, ctx.random(10)) } = queued
  return {
    ...{ organizationId, id, createdAt: now, kind, recipient },
    cc: [...new Set(cc)].filter(address => isEmailAddress(address) && address !== recipient),
    replyTo: replyTo !== null && isEmailAddress(replyTo) ? replyTo : null,
    ...content,
    subject: headerText(content.subject),
    attachments,
  }
}
