import type { Context } from '../context.ts'
import { type FactorChange, factorChangeEmail } from '../documents/emails/accountEmail.ts'
import type { EmailBrand, RenderedEmail } from '../documents/emails/renderEmail.ts'
import type { Tx } from '../store/database.ts'
import { findWorkplace } from '../store/memberships.ts'
import { findOrganization } from '../store/organizations.ts'
import { findUserEmail } from '../store/users.ts'
import { queueEmail } from './queueEmail.ts'
import { emailBrandOf } from './tellMerchant.ts'

/** Lets a person be told, in the name of the organization that they work for; nobody is told who works for none. */
export async function tellPerson(
  tx: Tx,
  ctx: Context,
  userId: string,
  kind: string,
  render: (brand: EmailBrand) => RenderedEmail,
): Promise<void> {
  const organizationId = await findWorkplace(tx, userId)
  const recipient = await findUserEmail(tx, userId)
  if (organizationId === null || recipient === null) return
  const content = render(emailBrandOf(ctx, await findOrganization(tx, organizationId)))
  await queueEmail(tx, ctx, { organizationId, kind, recipient, content })
}

/** Lets a person be told of a change of what they prove who they are with, done from the network address `address`. */
export async function tellFactorChange(
  tx: Tx,
  ctx: Context,
  { userId, address }: { userId: string; address: string },
  change: FactorChange,
): Promise<void> {
  const url = `${ctx.config.publicUrl ?? ''}/settings/security`
  const facts = { change, at: ctx.clock.now(), address, url }
  await tellPerson(tx, ctx, userId, 'security', brand => factorChangeEmail(facts, brand))
}
