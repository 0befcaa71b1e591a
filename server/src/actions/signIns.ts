import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { IDLE_MS, isSignedIn } from '../domain/signIn.ts'
import { asWorker } from '../store/database.ts'
import { listMemberships } from '../store/memberships.ts'
import { endSignIns, listSignIns as listStored, type PlacedSignIn, saveSignIn } from '../store/signIns.ts'
import { forgetSignIns, hashCookie, newCookie, type Person } from './authenticatePerson.ts'
import { noteOwnAudit } from './noteAudit.ts'

/** Where the person is signed in now, newest first. */
export async function listSignIns(ctx: Context, { signIn: { userId } }: Person): Promise<PlacedSignIn[]> {
  const now = ctx.clock.now()
  const since = new Date(now.getTime() - IDLE_MS)
  const found = await asWorker(ctx.db, tx => listStored(tx, userId, since))
  return found.filter(each => isSignedIn(each, now))
}

/** Ends the person's sign-in `id`; false if there is none. */
export async function revokeSignIn(ctx: Context, person: Person, id: string, address: string): Promise<boolean> {
  const signIn = (await listSignIns(ctx, person)).find(each => each.id === id)
  if (signIn === undefined) return false
  const { userId } = person.signIn
  await asWorker(ctx.db, async tx => {
    await saveSignIn(tx, { ...signIn, endedAt: ctx.clock.now() })
    await noteOwnAudit(tx, ctx, { userId, address }, { action: 'sign_in.ended', objectId: id })
  })
  forgetSignIns(ctx)
  return true
}

/** Ends all sign-ins of the person but the one that asks. */
export async function revokeOtherSignIns(ctx: Context, { signIn }: Person, address: string): Promise<void> {
  const { userId, id } = signIn
  await asWorker(ctx.db, async tx => {
    await endSignIns(tx, userId, ctx.clock.now(), id)
    await noteOwnAudit(tx, ctx, { userId, address }, { action: 'sign_in.ended' })
  })
  forgetSignIns(ctx)
}

/**
 * Lets the sign-in work for another organization of the person's; returns the token of a new cookie, so that a page which still shows the
 * one before changes nothing in this one. Throws `resource_missing`.
 */
export async function switchOrganization(ctx: Context, { signIn }: Person, organizationId: string): Promise<string> {
  const token = newCookie(ctx)
  await asWorker(ctx.db, async tx => {
    const { memberships } = await listMemberships(tx, signIn.userId)
    if (memberships.every(({ id }) => id !== organizationId)) {
      throw new AppError('resource_missing', 'You do not belong to this organization.', { param: 'organizationId' })
    }
    await saveSignIn(tx, { ...signIn, organizationId }, hashCookie(token))
  })
  forgetSignIns(ctx)
  return token
}
