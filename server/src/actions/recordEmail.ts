import type { Context } from '../context.ts'
import { inOrganization } from '../store/database.ts'
import { type Email, findEmail, saveEmail } from '../store/emails.ts'

/** The organization's message `id`, or null when it has none of that id, or it was sent. */
export async function findUnsentEmail(ctx: Context, organizationId: string, id: string): Promise<Email | null> {
  const email = await inOrganization(ctx.db, organizationId, tx => findEmail(tx, id))
  return email === null || email.sentAt !== null ? null : email
}

/** Records that a message was sent, or why it was not. */
export async function recordEmail(
  ctx: Context,
  organizationId: string,
  id: string,
  error: string | null,
): Promise<void> {
  const sentAt = error === null ? ctx.clock.now() : null
  await inOrganization(ctx.db, organizationId, tx => saveEmail(tx, id, { sentAt, error }))
}
