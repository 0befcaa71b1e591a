import type { Context } from '../context.ts'
import { ADDRESS_DELAY_MS, type AddressChange, type AddressChangeKind, countsAtOnce } from '../domain/addressChange.ts'
import type { AuditAction } from '../domain/auditEntry.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { type Changes, withChanges } from '../domain/withChanges.ts'
import {
  assertServed,
  assertWallet,
  minimalAddressView,
  type SavedAddress,
  withdrawalAddressView,
} from '../domain/withdrawalAddress.ts'
import { insertAddressChange } from '../store/addressChanges.ts'
import { asWorker, inOrganization, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { lockOrganization } from '../store/organizations.ts'
import { listAddresses } from '../store/withdrawalAddresses.ts'
import { assertOwner, assertOwnerRole, assertStrong } from './assertOwner.ts'
import { forgetCallers } from './authenticate.ts'
import { forgetSignIns } from './authenticatePerson.ts'
import type { Caller } from './caller.ts'
import { askedBy } from './mailOwners.ts'
import { noteAudit } from './noteAudit.ts'
import { type AddressMove, assertNew, saveWithdrawalAddress } from './saveWithdrawalAddress.ts'
import { screenWallet, type Wallet, type WalletWarning } from './screenWallet.ts'
import { tellOfAddress } from './tellOfAddress.ts'
import { type Answered, type OnceKey, writeOnce } from './writeOnce.ts'

/** A withdrawal address as asked for. */
export type NewAddress = Pick<SavedAddress, 'name' | 'address' | 'chainId'>

/** The organization's withdrawal addresses, newest first. */
export async function listWithdrawalAddresses(ctx: Context, organizationId: string): Promise<SavedAddress[]> {
  return await inOrganization(ctx.db, organizationId, tx => listAddresses(tx, organizationId))
}

/**
 * Saves a withdrawal address; in live mode one that is not the first of its chain waits. Throws `network_unsupported`,
 * `address_forbidden`, `address_exists`, and as all changes here what `assertOwner` and `assertStrong` throw.
 */
export async function createWithdrawalAddress(
  ctx: Context,
  caller: Caller,
  asked: NewAddress,
  once: OnceKey | null,
): Promise<Answered> {
  assertMayRedirect(ctx, caller)
  await assertReceiver(ctx, asked, '')
  const answer = await writeOnce(ctx, caller, once, async tx => {
    await lockOrganization(tx, caller.organizationId)
    const move = await planNew(tx, ctx, caller.organizationId, asked)
    await redirect(tx, ctx, caller, 'create', move)
    return { body: JSON.stringify(withdrawalAddressView(move.after)) }
  })
  forgetWallets(ctx, caller)
  return answer
}

/** Adds `asked` to an organization that is just opened, whose lock the caller holds; throws `address_exists` below `path`. */
export async function addAddress(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  asked: NewAddress,
  path: string,
): Promise<void> {
  await saveWithdrawalAddress(tx, ctx, organizationId, await planNew(tx, ctx, organizationId, asked), path)
}

/** Throws as `createWithdrawalAddress` for what nobody could get the money back from, naming the field below `path`. */
export async function assertReceiver(ctx: Context, { address, chainId }: NewAddress, path: string): Promise<void> {
  assertServed(chainId, ctx.chains, `${path}chainId`)
  await assertHeld(ctx, { address, chainId }, `${path}address`)
}

/**
 * Changes the caller's withdrawal address `id`, and answers it as it is then: a new name counts at once, in live mode another address
 * waits. Null if there is none. Throws as `createWithdrawalAddress`.
 */
export async function updateWithdrawalAddress(
  ctx: Context,
  caller: Caller,
  id: string,
  { name, address }: Changes<{ name: string; address: Hex }>,
): Promise<SavedAddress | null> {
  assertMayRedirect(ctx, caller)
  if (address !== undefined) await assertNewReceiver(ctx, caller, id, address)
  const changed = await inOrganization(ctx.db, caller.organizationId, async tx => {
    const { found, others } = await lockAddress(tx, caller.organizationId, id)
    if (found === null) return null
    const now = ctx.clock.now()
    const asked = withChanges<SavedAddress>(found, { name, address }, now)
    if (asked === found) return found
    if (countsAtOnce(ctx.config.mode, found, asked, others)) {
      return await redirect(tx, ctx, caller, 'update', { before: found, after: asked, others })
    }
    const named = withChanges<SavedAddress>(found, { name }, now)
    if (named !== found) await redirect(tx, ctx, caller, 'update', { before: found, after: named, others })
    return await redirect(tx, ctx, caller, 'update', { before: named, after: asked, others })
  })
  forgetWallets(ctx, caller)
  return changed
}

/** What became of what was asked for: it counts, or it waits until `dueAt`. */
export type Redirected = { dueAt: Date | null }

/** Makes the caller's withdrawal address `id` the default of its chain, in live mode later; null if there is none. */
export async function markDefaultAddress(tx: Tx, ctx: Context, caller: Caller, id: string): Promise<Redirected | null> {
  assertMayRedirect(ctx, caller)
  const { found, others } = await lockAddress(tx, caller.organizationId, id)
  if (found === null) return null
  if (found.isDefault) return { dueAt: null }
  const move = { before: found, after: { ...found, isDefault: true }, others }
  await redirect(tx, ctx, caller, 'make_default', move)
  return { dueAt: dueOf(ctx, move) }
}

/**
 * Deletes the caller's withdrawal address `id`, in live mode later; null if there is none. After a default the oldest that is left becomes
 * it; after the last of a chain no new session offers that chain. Open sessions keep their addresses.
 */
export async function deleteWithdrawalAddress(ctx: Context, caller: Caller, id: string): Promise<Redirected | null> {
  assertMayRedirect(ctx, caller)
  const redirected = await inOrganization(ctx.db, caller.organizationId, async tx => {
    const { found, others } = await lockAddress(tx, caller.organizationId, id)
    if (found === null) return null
    const move = { before: found, after: null, others }
    await redirect(tx, ctx, caller, 'delete', move)
    return { dueAt: dueOf(ctx, move) }
  })
  forgetWallets(ctx, caller)
  return redirected
}

/** The address with the others of its chain, newest first, which nobody else changes until the transaction ends. */
export async function lockAddress(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<{ found: SavedAddress | null; others: SavedAddress[] }> {
  await lockOrganization(tx, organizationId)
  const all = await listAddresses(tx, organizationId)
  const found = all.find(saved => saved.id === id) ?? null
  return { found, others: all.filter(saved => saved.id !== id && saved.chainId === found?.chainId) }
}

function assertMayRedirect(ctx: Context, caller: Caller): void {
  assertOwner(ctx, caller, 'withdrawal addresses are changed')
  assertStrong(ctx, caller)
}

/**
 * What an owner should know of a wallet before they save it; writes nothing. Throws `insufficient_permissions` for others, and as
 * `createWithdrawalAddress` for what it would refuse.
 */
export async function checkWallet(ctx: Context, caller: Caller, wallet: Wallet): Promise<WalletWarning[]> {
  assertOwnerRole(caller, 'Withdrawal addresses are changed by owners only.')
  assertServed(wallet.chainId, ctx.chains, 'chainId')
  return await assertHeld(ctx, wallet, 'address')
}

/**
 * Throws `address_forbidden`, naming `param`, for an address that nobody holds the key to, or that no money may go to; deposit addresses
 * of all organizations count. Answers what else is odd about it.
 */
async function assertHeld(ctx: Context, wallet: Wallet, param: string): Promise<WalletWarning[]> {
  const { address } = wallet
  const owners = await asWorker(ctx.db, tx => findDepositOwners(tx, [address]))
  assertWallet(address, ctx.chains, owners.size > 0, param)
  return await screenWallet(ctx, wallet, param)
}

async function assertNewReceiver(ctx: Context, { organizationId }: Caller, id: string, address: Hex): Promise<void> {
  const before = (await listWithdrawalAddresses(ctx, organizationId)).find(saved => saved.id === id)
  if (before !== undefined) await assertHeld(ctx, { address, chainId: before.chainId }, 'address')
}

async function planNew(tx: Tx, ctx: Context, organizationId: string, asked: NewAddress) {
  const others = (await listAddresses(tx, organizationId)).filter(({ chainId }) => chainId === asked.chainId)
  const now = ctx.clock.now()
  const id = uuidv7(now, ctx.random(10))
  return {
    before: null,
    after: { id, createdAt: now, updatedAt: now, ...asked, isDefault: others.length === 0, provedAt: null },
    others,
  }
}

function dueOf({ config, clock }: Context, { before, after, others }: AddressMove): Date | null {
  return countsAtOnce(config.mode, before, after, others) ? null : new Date(clock.now().getTime() + ADDRESS_DELAY_MS)
}

const NOTED: Readonly<Record<AddressChangeKind, AuditAction>> = {
  create: 'withdrawal_address.created',
  update: 'withdrawal_address.updated',
  delete: 'withdrawal_address.deleted',
  make_default: 'withdrawal_address.made_default',
}

/** Writes the change, or lets it wait; answers the address as it is now. In live mode all owners are told. */
async function redirect(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  kind: AddressChangeKind,
  move: AddressMove,
): Promise<SavedAddress | null> {
  const { organizationId } = caller
  const dueAt = dueOf(ctx, move)
  const before = move.before === null ? null : minimalAddressView(move.before)
  const after = move.after === null ? null : minimalAddressView(move.after)
  const objectId = (after ?? before)?.id ?? null
  const saved = dueAt === null ? await saveWithdrawalAddress(tx, ctx, organizationId, move) : move.before
  if (dueAt !== null) await letWait(tx, ctx, caller, { kind, dueAt, before, after }, move)
  const told = { heading: HEADINGS[kind], askedBy: await askedBy(tx, caller), dueAt, before, after }
  await tellOfAddress(tx, ctx, organizationId, told)
  await noteAudit(tx, ctx, caller, {
    action: dueAt === null ? NOTED[kind] : 'address_change.requested',
    objectId,
    detail: { kind, before, after, ...(dueAt !== null && { dueAt }) },
  })
  return saved
}

async function letWait(
  tx: Tx,
  ctx: Context,
  { organizationId, person }: Caller,
  asked: Pick<AddressChange, 'kind' | 'dueAt' | 'before' | 'after'>,
  { after, others }: AddressMove,
): Promise<void> {
  invariant(person !== null, 'in live mode no key changes an address')
  if (after !== null) assertNew(after, others, 'address')
  const createdAt = ctx.clock.now()
  const id = uuidv7(createdAt, ctx.random(10))
  const change = { id, organizationId, createdAt, ...asked, requestedBy: person.userId }
  await insertAddressChange(tx, { ...change, status: 'waiting', endedAt: null })
}

const HEADINGS: Readonly<Record<AddressChangeKind, string>> = {
  create: 'A withdrawal address is added',
  update: 'A withdrawal address is changed',
  delete: 'A withdrawal address is deleted',
  make_default: 'Another wallet is to receive your money',
}

function forgetWallets(ctx: Context, { organizationId }: Caller): void {
  forgetCallers(ctx, organizationId)
  forgetSignIns(ctx)
}
