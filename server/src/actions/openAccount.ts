import type { Context } from '../context.ts'
import { AppError, invariant } from '../domain/errors.ts'
import { newOrganization, type PaymentTerms } from '../domain/organization.ts'
import type { Address } from '../domain/session.ts'
import { newUser } from '../domain/user.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Changes } from '../domain/withChanges.ts'
import { findFirstKey } from '../store/apiKeys.ts'
import { asWorker, inOrganization, type Tx, violatedConstraint } from '../store/database.ts'
import {
  type AccountFilter,
  actFor,
  findAccounts,
  findOrganization,
  insertOrganization,
} from '../store/organizations.ts'
import { findUserId, insertMember, insertUser, listMembers } from '../store/users.ts'
import { listEndpoints } from '../store/webhookEndpoints.ts'
import { listAddresses } from '../store/withdrawalAddresses.ts'
import { type Account, accountView } from './accountView.ts'
import type { Caller } from './caller.ts'
import { issueKey, type NewKey } from './changeKeys.ts'
import { addAddress, assertReceiver, type NewAddress } from './changeWithdrawalAddress.ts'
import { checkCursor } from './checkCursor.ts'
import { addEndpoint, ENDPOINTS_MAX, type NewWebhookEndpoint, refusingKnownUrl } from './createWebhookEndpoint.ts'
import { noteAudit } from './noteAudit.ts'
import { checkPayment, given } from './updateOrganization.ts'
import { type Answered, findReplay, type OnceKey, writeOnce } from './writeOnce.ts'

/** An account that a partner asks for. */
export type NewAccount = {
  /** Of the owner, in lower case. */
  email: string
  name: string
  website: string | null
  phone: string | null
  brandColor: string | undefined
  addressDetails: Address | null
  payment: Changes<PaymentTerms>
  addresses: NewAddress[]
  endpoints: NewWebhookEndpoint[]
}

/**
 * Opens an account for somebody else: an organization with its owner, settings, wallets, webhook endpoints and a secret key, which only
 * this answer shows. Throws `partner_only`, `email_in_use`, and what the parts are refused for.
 */
export async function openAccount(
  ctx: Context,
  caller: Caller,
  asked: NewAccount,
  once: OnceKey | null,
): Promise<Answered> {
  await assertPartner(ctx, caller)
  try {
    for (const [index, wallet] of asked.addresses.entries()) {
      await assertReceiver(ctx, wallet, `withdrawalAddresses[${index}].`)
    }
    for (const [index, { url }] of asked.endpoints.entries()) {
      await ctx.sender.resolveHost(url, `webhookEndpoints[${index}].url`)
    }
  } catch (error) {
    // The key may have been answered when the host could still be found: that answer stands.
    const earlier = error instanceof AppError ? await findReplay(ctx, caller, once) : null
    if (earlier !== null) return earlier
    throw error
  }
  return await refusingKnownEmail(() =>
    refusingKnownUrl(() => writeOnce(ctx, caller, once, tx => write(tx, ctx, caller, asked))),
  )
}

async function write(tx: Tx, ctx: Context, caller: Caller, asked: NewAccount): Promise<{ body: string; kept: string }> {
  if ((await findUserId(tx, asked.email)) !== null) throw emailInUse()
  const now = ctx.clock.now()
  const newId = () => uuidv7(now, ctx.random(10))
  const [organizationId, userId] = [newId(), newId()]
  await actFor(tx, organizationId)
  const fresh = newOrganization(organizationId, asked.name, now)
  const organization = {
    ...fresh,
    ownerId: userId,
    referrerId: caller.organizationId,
    brandColor: asked.brandColor ?? fresh.brandColor,
    payment: { ...fresh.payment, ...given(asked.payment) },
    profile: {
      ...fresh.profile,
      email: asked.email,
      phone: asked.phone,
      websiteUrl: asked.website,
      addressDetails: asked.addressDetails,
    },
  }
  await insertOrganization(tx, organization)
  await insertUser(tx, newUser(userId, { email: asked.email, firstName: asked.name, lastName: '' }, now))
  await insertMember(tx, organizationId, { userId, role: 'owner' }, now)
  for (const [index, wallet] of asked.addresses.entries()) {
    await addAddress(tx, ctx, organizationId, wallet, `withdrawalAddresses[${index}].`)
  }
  checkPayment(ctx, organization.payment, asked.addresses)
  const secrets = new Map<string, string>()
  for (const wanted of asked.endpoints) {
    const { endpoint, secret } = await addEndpoint(tx, ctx, organizationId, wanted)
    secrets.set(endpoint.id, secret)
  }
  const key: NewKey = { name: 'First key', type: 'secret', scopes: [], expiresAt: null }
  const { token } = await issueKey(tx, ctx, organizationId, { ...key, userId })
  const account = await readAccount(tx, organizationId)
  const detail = { name: asked.name, email: asked.email }
  const by = { organizationId, userId: null, keyId: null, address: caller.address ?? null }
  const openedBy = { openedBy: caller.organizationId }
  await noteAudit(tx, ctx, by, { action: 'organization.created', objectId: organizationId, detail: openedBy })
  await actFor(tx, caller.organizationId)
  await noteAudit(tx, ctx, caller, { action: 'organization.created', objectId: organizationId, detail })
  return {
    body: JSON.stringify(accountView(ctx, account, { token, endpoints: secrets })),
    kept: JSON.stringify(accountView(ctx, account, null)),
  }
}

/** A page of the accounts that the caller opened, newest first. Throws `partner_only` or `cursor_invalid`. */
export async function listAccounts(
  ctx: Context,
  caller: Caller,
  filter: AccountFilter,
  page: { limit: number; offset: number; after: string | null },
): Promise<Account[]> {
  await assertPartner(ctx, caller)
  const all = { limit: 1, offset: 0, after: null }
  const ids = await asWorker(ctx.db, async tx => {
    await checkCursor(page.after, 'account', async id => {
      const [found] = await findAccounts(tx, caller.organizationId, { ids: [id] }, all)
      return found ?? null
    })
    return await findAccounts(tx, caller.organizationId, filter, page)
  })
  return await inOrganization(ctx.db, caller.organizationId, async tx => {
    const accounts: Account[] = []
    for (const id of ids) {
      await actFor(tx, id)
      accounts.push(await readAccount(tx, id))
    }
    return accounts
  })
}

/** The organization that the transaction acts for, whole. */
async function readAccount(tx: Tx, organizationId: string): Promise<Account> {
  const organization = await findOrganization(tx, organizationId)
  const members = await listMembers(tx, organizationId)
  const user = members.find(({ id }) => id === organization.ownerId)
  const key = await findFirstKey(tx, organizationId)
  invariant(user !== undefined && key !== null, 'an account has an owner and a key')
  const addresses = await listAddresses(tx, organizationId)
  const endpoints = await listEndpoints(tx, {}, { limit: ENDPOINTS_MAX, offset: 0, after: null })
  return { organization, user, key, addresses, endpoints }
}

/** An account opens others only while the operator says so, and with all its rights. */
async function assertPartner(ctx: Context, { organizationId, key }: Caller): Promise<void> {
  const { isPartner, status } = await inOrganization(ctx.db, organizationId, tx => findOrganization(tx, organizationId))
  if (isPartner && status === 'active' && key.type === 'secret') return
  const message = 'Only partners of this deployment open accounts, with a secret key: ask its operator to make you one.'
  throw new AppError('partner_only', message)
}

/** What `run` returns; a second person with an e-mail address is `email_in_use`. */
async function refusingKnownEmail<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw violatedConstraint(error) === 'users_email' ? emailInUse() : error
  }
}

function emailInUse(): AppError {
  return new AppError('email_in_use', 'Somebody with this e-mail address has an account here already.', {
    param: 'email',
  })
}
