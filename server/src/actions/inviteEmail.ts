import type { Context } from '../context.ts'
import type { Invite } from '../domain/invite.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { insertEmail } from '../store/emails.ts'

/** Writes the message that asks somebody to join `organizationName`, in the transaction of the invite. */
export async function sendInviteEmail(
  tx: Tx,
  ctx: Context,
  invite: Invite,
  { organizationName, inviteUrl }: { organizationName: string; inviteUrl: string },
): Promise<void> {
  const createdAt = ctx.clock.now()
  const subject = `You are invited to ${organizationName}`
  const lines = [
    `${organizationName} invites you to join as ${invite.role}.`,
    `Accept within 7 days: ${inviteUrl}`,
    'If you did not expect this, ignore it: nothing happens.',
  ]
  await insertEmail(tx, {
    organizationId: invite.organizationId,
    id: uuidv7(createdAt, ctx.random(10)),
    createdAt,
    kind: 'invite',
    recipient: invite.email,
    cc: [],
    replyTo: null,
    subject,
    text: lines.join('\n\n'),
    html: lines.map(line => `<p>${escapeHtml(line)}</p>`).join('\n'),
    attachments: [],
  })
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
