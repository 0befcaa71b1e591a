import type { Context } from '../context.ts'
import type { EmailBrand, RenderedEmail } from '../documents/emails/renderEmail.ts'
import type { Tx } from '../store/database.ts'
import { findOrganization } from '../store/organizations.ts'
import { findUserEmail, listMembers } from '../store/users.ts'
import type { Caller } from './caller.ts'
import { queueEmail } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** The e-mail address of whoever calls, for those who are told of it. */
export async function askedBy(tx: Tx, { person }: Caller): Promise<string> {
  return (person && (await findUserEmail(tx, person.userId))) ?? 'somebody who has left'
}

/** Lets every owner of the organization, and whoever else is named in `also`, get a message with this transaction; in live mode only. */
export async function mailOwners(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  kind: string,
  render: (brand: EmailBrand) => RenderedEmail,
  also: readonly string[] = [],
): Promise<void> {
  if (ctx.config.mode === 'test') return
  const owners = (await listMembers(tx, organizationId)).filter(({ role }) => role === 'owner')
  const content = render(emailBrandOf(ctx, await findOrganization(tx, organizationId)))
  for (const recipient of new Set([...owners.map(({ email }) => email), ...also])) {
    await queueEmail(tx, ctx, { organizationId, kind, recipient, content })
  }
}
