import type { Context } from '../context.ts'
import { ownerChangeEmail, type ToldOwnerChange } from '../documents/emails/ownerChangeEmail.ts'
import type { Tx } from '../store/database.ts'
import { mailOwners } from './mailOwners.ts'

/** Lets every owner of the organization be told as by `mailOwners` who is made or unmade one; also whoever is none any more. */
export async function tellOfOwner(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  told: Omit<ToldOwnerChange, 'url'>,
): Promise<void> {
  const facts = { ...told, url: `${ctx.config.publicUrl ?? ''}/settings/team` }
  await mailOwners(tx, ctx, organizationId, 'owner_change', brand => ownerChangeEmail(facts, brand), [told.email])
}
