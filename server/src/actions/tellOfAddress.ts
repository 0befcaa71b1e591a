import type { Context } from '../context.ts'
import { addressChangeEmail, type ToldAddressChange } from '../documents/emails/addressChangeEmail.ts'
import { checksumAddress } from '../domain/address.ts'
import type { ShownAddress } from '../domain/addressChange.ts'
import type { Tx } from '../store/database.ts'
import { chainName } from './chainOf.ts'
import { mailOwners } from './mailOwners.ts'

/** Lets every owner of the organization be told as by `mailOwners` what becomes of where its money goes: both addresses in full. */
export async function tellOfAddress(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  told: Pick<ToldAddressChange, 'heading' | 'askedBy' | 'dueAt'> & {
    before: ShownAddress | null
    after: ShownAddress | null
  },
): Promise<void> {
  const { heading, askedBy, dueAt, before, after } = told
  const chainId = (after ?? before)?.chainId ?? 0
  const network = chainName(ctx, chainId)
  const url = `${ctx.config.publicUrl ?? ''}/settings/addresses`
  const facts = { heading, network, askedBy, dueAt, url, before: fullOf(before), after: fullOf(after) }
  await mailOwners(tx, ctx, organizationId, 'address_change', brand => addressChangeEmail(facts, brand))
}

function fullOf(shown: ShownAddress | null): string | null {
  return shown === null ? null : `${checksumAddress(shown.address)} (${shown.name})`
}
