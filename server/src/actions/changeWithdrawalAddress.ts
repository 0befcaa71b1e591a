import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { EventType } from '../domain/event.ts'
import type { Hex } from '../domain/hex.ts'
import type { PaymentTerms } from '../domain/organization.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import { assertServed, assertWallet, type SavedAddress, withdrawalAddressView } from '../domain/withdrawalAddress.ts'
import { asWorker, inOrganization, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { appendEvents } from '../store/events.ts'
import { lockOrganization, saveOrganization } from '../store/organizations.ts'
import { insertAddress, listAddresses, removeAddress, saveAddress } from '../store/withdrawalAddresses.ts'
import { forgetCallers } from './authenticate.ts'
import type { Caller } from './caller.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A withdrawal address as asked for. */
export type NewAddress = Pick<SavedAddress, 'name' | 'address' | 'chainId'>

/** The organization's withdrawal addresses, newest first. */
export async function listWithdrawalAddresses(ctx: Context, organizationId: string): Promise<SavedAddress[]> {
  return await inOrganization(ctx.db, organizationId, tx => listAddresses(tx, organizationId))
}

/**
 * Saves a withdrawal address. The first of a chain is its default, and makes payments on that chain possible. Throws
 * `network_unsupported`, `address_forbidden` or `address_exists`.
 */
export async function createWithdrawalAddress(
  ctx: Context,
  caller: Caller,
  asked: NewAddress,
  once: OnceKey | null,
): Promise<Answered> {
  const { organizationId } = caller
  await assertReceiver(ctx, asked, '')
  const answer = await writeOnce(ctx, caller, once, async tx => {
    await lockOrganization(tx, organizationId)
    const saved = await addAddress(tx, ctx, organizationId, asked)
    return { body: JSON.stringify(withdrawalAddressView(saved)) }
  })
  forgetCallers(ctx, organizationId)
  return answer
}

/** Throws as `createWithdrawalAddress` for what nobody could get the money back from, naming the field below `path`. */
export async function assertReceiver(ctx: Context, { address, chainId }: NewAddress, path: string): Promise<void> {
  assertServed(chainId, ctx.chains, `${path}chainId`)
  await assertHeld(ctx, address, `${path}address`)
}

/** Throws `address_forbidden`, naming `param`, for an address that nobody holds the key to; deposit addresses of all organizations count. */
async function assertHeld(ctx: Context, address: Hex, param: string): Promise<void> {
  const owners = await asWorker(ctx.db, tx => findDepositOwners(tx, [address]))
  assertWallet(address, ctx.chains, owners.size > 0, param)
}

async function change<T>(ctx: Context, organizationId: string, run: (tx: Tx) => Promise<T>): Promise<T> {
  const result = await inOrganization(ctx.db, organizationId, run)
  forgetCallers(ctx, organizationId)
  return result
}

/** Adds `asked` to the organization, whose lock the caller holds; throws `address_exists`, naming the field below `path`. */
export async function addAddress(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  asked: NewAddress,
  path = '',
): Promise<SavedAddress> {
  const ofChain = (await listAddresses(tx, organizationId)).filter(({ chainId }) => chainId === asked.chainId)
  assertNew(asked.address, ofChain, `${path}address`)
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  const saved = { id, createdAt: now, updatedAt: now, ...asked, isDefault: ofChain.length === 0 }
  await insertAddress(tx, organizationId, saved)
  if (saved.isDefault) await offerChain(tx, ctx, organizationId, saved.chainId)
  await tell(tx, ctx, organizationId, 'withdrawal_address.created', saved)
  return saved
}

/** Changes the organization's withdrawal address `id`; null if there is none. Throws as `createWithdrawalAddress`. */
export async function updateWithdrawalAddress(
  ctx: Context,
  organizationId: string,
  id: string,
  changes: Changes<{ name: string; address: Hex }>,
): Promise<SavedAddress | null> {
  if (changes.address !== undefined) await assertHeld(ctx, changes.address, 'address')
  return await change(ctx, organizationId, async tx => {
    const { found, others } = await lockAddress(tx, organizationId, id)
    if (found === null) return null
    const after = withChanges<SavedAddress>(found, changes, ctx.clock.now())
    if (after === found) return found
    assertNew(after.address, others, 'address')
    await saveAddress(tx, after)
    await tell(tx, ctx, organizationId, 'withdrawal_address.updated', after)
    return after
  })
}

/** Makes the organization's withdrawal address `id` the default of its chain; false if there is none. */
export async function markDefaultAddress(tx: Tx, ctx: Context, organizationId: string, id: string): Promise<boolean> {
  const { found, others } = await lockAddress(tx, organizationId, id)
  if (found === null) return false
  if (found.isDefault) return true
  const updatedAt = ctx.clock.now()
  const before = others.find(({ isDefault }) => isDefault)
  // One at a time: the database knows no moment with two defaults.
  for (const after of [
    ...(before === undefined ? [] : [{ ...before, isDefault: false }]),
    { ...found, isDefault: true },
  ]) {
    await saveAddress(tx, { ...after, updatedAt })
    await tell(tx, ctx, organizationId, 'withdrawal_address.updated', { ...after, updatedAt })
  }
  return true
}

/**
 * Deletes the organization's withdrawal address `id`; false if there is none. After a default the oldest that is left becomes it;
 * after the last of a chain no new session offers that chain. Open sessions keep their addresses.
 */
export async function deleteWithdrawalAddress(ctx: Context, organizationId: string, id: string): Promise<boolean> {
  return await change(ctx, organizationId, async tx => {
    const { found, others } = await lockAddress(tx, organizationId, id)
    if (found === null) return false
    await removeAddress(tx, id)
    await tell(tx, ctx, organizationId, 'withdrawal_address.deleted', found)
    const oldest = others.at(-1)
    if (oldest === undefined) await withdrawChain(tx, ctx, organizationId, found.chainId)
    else if (found.isDefault) await markDefaultAddress(tx, ctx, organizationId, oldest.id)
    return true
  })
}

/** The address with the others of its chain, newest first, which nobody else changes until the transaction ends. */
async function lockAddress(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<{ found: SavedAddress | null; others: SavedAddress[] }> {
  await lockOrganization(tx, organizationId)
  const all = await listAddresses(tx, organizationId)
  const found = all.find(saved => saved.id === id) ?? null
  return { found, others: all.filter(saved => saved.id !== id && saved.chainId === found?.chainId) }
}

function assertNew(address: Hex, others: readonly SavedAddress[], param: string): void {
  if (others.every(other => other.address !== address)) return
  throw new AppError('address_exists', `${address} is saved for this chain already.`, { param })
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
