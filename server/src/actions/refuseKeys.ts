import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'

/** Throws `dashboard_only` in live mode: whoever steals a key must not be able to do this. `what` is a clause such as "owners are named". */
export function refuseKeys(ctx: Context, what: string): void {
  if (ctx.config.mode === 'test') return
  throw new AppError('dashboard_only', `In live mode ${what} in the dashboard only, never with an API key.`)
}
