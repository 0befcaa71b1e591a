import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type From, scopesOf } from '../domain/signIn.ts'
import type { Role } from '../domain/user.ts'
import { asWorker } from '../store/database.ts'
import { findFactors } from '../store/factors.ts'
import { findFirstOwner, listMemberships } from '../store/memberships.ts'
import { type Person, startSignIn } from './authenticatePerson.ts'

/** An organization that a person works for. */
export type Membership = { id: string; name: string; role: Role }

/** The same, and what the person may do there: the scopes of a restricted key, or `*`. */
export type Workplace = Membership & { scopes: readonly string[] }

/** Who is at the dashboard, and for whom they work. */
export type AccountState = {
  user: { id: string; email: string; firstName: string; lastName: string }
  organization: Workplace
  organizations: Membership[]
  /** What the person has to prove who they are with. */
  factors: { password: boolean; totp: boolean; passkeys: number }
}

/** The person with all the organizations that they belong to, the oldest membership first. */
export async function getAccountState(ctx: Context, { signIn, caller }: Person): Promise<AccountState> {
  const { user, memberships, factors } = await asWorker(ctx.db, async tx => {
    return { ...(await listMemberships(tx, signIn.userId)), factors: await findFactors(tx, signIn.userId) }
  })
  const organization = memberships.find(({ id }) => id === caller.organizationId)
  // Between the reading of the cookie and this, somebody may have ended the membership.
  if (organization === undefined) throw new AppError('signed_out', 'You are signed out: sign in again.')
  const { password, totpSince, passkeys } = factors
  const has = { password: password !== null, totp: totpSince !== null, passkeys }
  const workplace = { ...organization, scopes: scopesOf(organization.role) }
  return { user, organization: workplace, organizations: memberships, factors: has }
}

/** Signs the visitor of a test world in as the owner of its first organization; returns the cookie's token, or null where that must not be. */
export async function startDemoSignIn(ctx: Context, from: From): Promise<string | null> {
  if (ctx.config.mode !== 'test' || ctx.testWallet === null) return null
  const owner = await asWorker(ctx.db, findFirstOwner)
  return owner === null ? null : await startSignIn(ctx, { ...owner, stage: 'whole', isStrong: true }, from)
}
