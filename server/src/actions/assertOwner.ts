import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { isConfirmed } from '../domain/signIn.ts'
import type { Caller } from './caller.ts'

/**
 * Throws for whoever must not do what an organization could lose everything by: in live mode `dashboard_only` for a key, since keys are
 * stolen; `insufficient_permissions` for a person who is no owner; and what `assertConfirmed` throws. `what` is a clause such as
 * "owners are named".
 */
export function assertOwner(ctx: Context, caller: Caller, what: string): void {
  const { person } = caller
  if (person === null) {
    if (ctx.config.mode === 'test') return
    throw new AppError('dashboard_only', `In live mode ${what} in the dashboard only, never with an API key.`)
  }
  if (person.role !== 'owner') {
    throw new AppError(
      'insufficient_permissions',
      `Your role here is ${person.role}: ${what} by owners only, so ask one.`,
    )
  }
  assertConfirmed(ctx, caller)
}

/** Throws `insufficient_permissions`, saying `rule`, for whoever is no owner at the dashboard; nothing else is asked of an owner. */
export function assertOwnerRole({ person }: Caller, rule: string): void {
  if (person?.role !== 'owner') throw new AppError('insufficient_permissions', rule)
}

/** Throws `confirmation_required` in live mode for a person who did not prove who they are within the last ten minutes. */
export function assertConfirmed({ config, clock }: Context, { person }: Caller): void {
  if (config.mode === 'test' || person === null || isConfirmed(person, clock.now())) return
  throw new AppError('confirmation_required', 'Confirm that it is you: give your password, a code or a passkey again.')
}

/** Throws `second_factor_missing` in live mode for a person who signed in without a second factor. */
export function assertStrong({ config }: Context, { person }: Caller): void {
  if (config.mode === 'test' || person === null || person.isStrong) return
  throw new AppError('second_factor_missing', 'This takes a second factor: set one up, and sign in with it.')
}
