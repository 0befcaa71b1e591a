import type { Context } from '../context.ts'
import { inviteEmail } from '../documents/emails/inviteEmail.ts'
import type { Invite } from '../domain/invite.ts'
import type { Organization } from '../domain/organization.ts'
import type { Tx } from '../store/database.ts'
import { queueEmail } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** Lets somebody be asked to join `organization`, in the transaction of the invite. */
export async function sendInviteEmail(
  tx: Tx,
  ctx: Context,
  invite: Invite,
  { organization, inviteUrl }: { organization: Organization; inviteUrl: string },
): Promise<void> {
  const { organizationId, email: recipient, role, expireAt } = invite
  const content = inviteEmail({ role, url: inviteUrl, expireAt }, emailBrandOf(ctx, organization))
  await queueEmail(tx, ctx, { organizationId, kind: 'invite', recipient, content })
}
