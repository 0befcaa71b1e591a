import type { Context } from '../context.ts'
import type { EmailBrand, RenderedEmail } from '../documents/emails/renderEmail.ts'
import type { Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { listMembers } from '../store/users.ts'
import { queueEmail } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** Lets every owner of the organization, and whoever else is named in `also`, get a message with this transaction. */
export async function mailOwners(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  kind: string,
  render: (brand: EmailBrand) => RenderedEmail,
  also: readonly string[] = [],
): Promise<void> {
  const owners = (await listMembers(tx, organizationId)).filter(({ role }) => role === 'owner')
  const content = render(emailBrandOf(ctx, await findOrganization(tx, organizationId)))
  for (const recipient of new Set([...owners.map(({ email }) => email), ...also])) {
    await queueEmail(tx, ctx, { organizationId, kind, recipient, content })
  }
}
