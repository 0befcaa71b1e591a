import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { From } from '../domain/signIn.ts'
import { asWorker } from '../store/database.ts'
import { findPerson, lockFactors, saveFactors } from '../store/factors.ts'
import { findWorkplace } from '../store/memberships.ts'
import { wasSignedInFrom } from '../store/signIns.ts'
import { addSignIn, type Entering } from './authenticatePerson.ts'
import { countGuess, ofNetwork, ofOne } from './countGuesses.ts'
import { checkPassword, hashPassword } from './hashPassword.ts'
import { noteOwnAudit } from './noteAudit.ts'
import { queueFailedSignIn } from './noteFailedSignIn.ts'
import { hasSecondFactor } from './signInStrength.ts'

/**
 * Signs in with a password; returns the cookie's token. The sign-in waits where there is a second factor. Throws `sign_in_invalid`, the
 * same and after the same time whether the person is known or not, and `rate_limited`.
 */
export async function signInWithPassword(
  ctx: Context,
  { email, password }: { email: string; password: string },
  from: From,
): Promise<string> {
  const token = await countGuess(ctx, [await ofAccount(ctx, email, from), ofNetwork(from)], async () => {
    const person = await asWorker(ctx.db, tx => findPerson(tx, email))
    const { isRight, isOutdated } = await checkPassword(person?.factors.password ?? null, password)
    if (person === null || !isRight || person.status === 'suspended') return null
    const renewed = isOutdated ? await hashPassword(password) : null
    return await asWorker(ctx.db, async tx => {
      const factors = await lockFactors(tx, person.id)
      // Whoever changes a password ends all sign-ins: none may begin after that with the old one.
      if (factors.password !== person.factors.password) return null
      if (renewed !== null) await saveFactors(tx, person.id, { ...factors, password: renewed })
      const organizationId = await findWorkplace(tx, person.id)
      if (organizationId === null) return null
      const stage: Entering['stage'] = hasSecondFactor(factors) ? 'waiting' : 'whole'
      const entering = { userId: person.id, organizationId, stage, isStrong: false }
      const cookie = await addSignIn(tx, ctx, entering, from)
      if (stage === 'whole') {
        await noteOwnAudit(tx, ctx, { userId: person.id, address: from.address }, { action: 'sign_in.started' })
      }
      return cookie
    })
  })
  if (token !== null) return token
  await queueFailedSignIn(ctx, { email, address: from.address })
  throw new AppError('sign_in_invalid', 'The e-mail address or the password is not right.')
}

/**
 * What counts as a guess at somebody's password. From where the person has signed in before it counts apart, so that a stranger who guesses
 * all day keeps nobody out.
 */
async function ofAccount(ctx: Context, email: string, { address }: From) {
  const isKnown = await asWorker(ctx.db, tx => wasSignedInFrom(tx, email, address))
  return ofOne(isKnown ? `password of ${email} from ${address}` : `password of ${email}`)
}
