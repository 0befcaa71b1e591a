import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { EventType } from '../domain/event.ts'
import type { PaymentTerms } from '../domain/organization.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { withChanges } from '../domain/withChanges.ts'
import { type SavedAddress, withdrawalAddressView } from '../domain/withdrawalAddress.ts'
import type { Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { lockOrganization, saveOrganization } from '../store/organizations.ts'
import { insertAddress, removeAddress, saveAddress, setChallenge } from '../store/withdrawalAddresses.ts'

/** A withdrawal address as it is and as it is to be, null where there is none, and the others of its chain, newest first. */
export type AddressMove = { before: SavedAddress | null; after: SavedAddress | null; others: readonly SavedAddress[] }

/**
 * Writes a change of a withdrawal address of the organization, whose lock the caller holds, with what follows from it: one of a chain's
 * addresses is the default; the first of a chain makes payments there possible, and after the last none are; what is changed is to be
 * proved anew. Answers the address as it is then. Throws `address_exists`, naming the field below `path`.
 */
export async function saveWithdrawalAddress(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  { before, after, others }: AddressMove,
  path = '',
): Promise<SavedAddress | null> {
  if (after !== null) assertNew(after, others, `${path}address`)
  if (before === null && after !== null) {
    await insertAddress(tx, organizationId, after)
    if (after.isDefault) await offerChain(tx, ctx, organizationId, after.chainId)
    await tell(tx, ctx, organizationId, 'withdrawal_address.created', after)
  } else if (before !== null && after === null) {
    await removeAddress(tx, before.id)
    await tell(tx, ctx, organizationId, 'withdrawal_address.deleted', before)
    const oldest = others.at(-1)
    if (oldest === undefined) await withdrawChain(tx, ctx, organizationId, before.chainId)
    else if (before.isDefault) await rewrite(tx, ctx, organizationId, { ...oldest, isDefault: true })
  } else if (after !== null) {
    const other = others.find(({ isDefault }) => isDefault)
    // One at a time: the database knows no moment with two defaults.
    if (after.isDefault && other !== undefined) await rewrite(tx, ctx, organizationId, { ...other, isDefault: false })
    const isSame = after.address === before?.address && after.name === before.name
    if (isSame) return await rewrite(tx, ctx, organizationId, after)
    // What was to be signed names the wallet as it was.
    await setChallenge(tx, after.id, null)
    return await rewrite(tx, ctx, organizationId, { ...after, provedAt: null })
  }
  return after
}

/** Throws `address_exists`, naming `param`, for a wallet that is saved for its chain already. */
export function assertNew(
  { address }: Pick<SavedAddress, 'address'>,
  others: readonly SavedAddress[],
  param: string,
): void {
  if (others.every(other => other.address !== address)) return
  throw new AppError('address_exists', `${address} is saved for this chain already.`, { param })
}

/** Writes what changed about a withdrawal address, whose organization's lock the caller holds, and tells it. */
export async function rewrite(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  saved: SavedAddress,
): Promise<SavedAddress> {
  const after = { ...saved, updatedAt: ctx.clock.now() }
  await saveAddress(tx, after)
  await tell(tx, ctx, organizationId, 'withdrawal_address.updated', after)
  return after
}

/** The chains that an organization names itself gain one that it now has a wallet on. */
async function offerChain(tx: Tx, ctx: Context, organizationId: string, chainId: number): Promise<void> {
  await savePayment(tx, ctx, organizationId, ({ allowedChains, ...payment }) => ({
    ...payment,
    allowedChains:
      allowedChains === null || allowedChains.some(chain => chain.chainId === chainId)
        ? allowedChains
        : [...allowedChains, { chainId }],
  }))
}

/** And lose one that it no longer has a wallet on; none at all is as if it had named none. */
async function withdrawChain(tx: Tx, ctx: Context, organizationId: string, chainId: number): Promise<void> {
  await savePayment(tx, ctx, organizationId, ({ allowedChains, preferredChainId, ...payment }) => {
    const left = allowedChains?.filter(chain => chain.chainId !== chainId) ?? []
    return {
      ...payment,
      allowedChains: left.length === 0 ? null : left,
      preferredChainId: preferredChainId === chainId ? null : preferredChainId,
    }
  })
}

async function savePayment(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  change: (payment: PaymentTerms) => PaymentTerms,
): Promise<void> {
  const before = await lockOrganization(tx, organizationId)
  const after = withChanges(before, { payment: change(before.payment) }, ctx.clock.now())
  if (after !== before) await saveOrganization(tx, after)
}

async function tell(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  type: Extract<EventType, `withdrawal_address.${string}`>,
  saved: SavedAddress,
): Promise<void> {
  const createdAt = ctx.clock.now()
  const id = uuidv7(createdAt, ctx.random(10))
  const data = withdrawalAddressView(saved)
  await appendEvents(tx, [
    { id, organizationId, createdAt, type, object: 'withdrawalAddress', objectId: saved.id, data },
  ])
}
