import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import { type AccountLink, insertAccountLink, lockAccountLink } from '../store/accountLinks.ts'
import type { Tx } from '../store/database.ts'

/** How long each kind of link counts. */
export const LINK_LAST_MS: Readonly<Record<AccountLink['kind'], number>> = {
  setup: 24 * 3_600_000,
  reset: 3_600_000,
  rescue: 3_600_000,
}

/** Makes a link that counts once, within a day for `setup`, else an hour; only its SHA-256 is stored. Returns its URL. */
export async function makeAccountLink(
  tx: Tx,
  ctx: Context,
  { kind, userId }: Pick<AccountLink, 'kind' | 'userId'>,
): Promise<string> {
  const token = Buffer.from(ctx.random(32)).toString('base64url')
  const expiresAt = new Date(ctx.clock.now().getTime() + LINK_LAST_MS[kind])
  await insertAccountLink(tx, hashLink(token), { kind, userId, expiresAt })
  return `${ctx.config.publicUrl ?? ''}/${kind === 'setup' ? 'setup' : 'reset'}?token=${token}`
}

/** The link with `token`, locked until the transaction ends. Throws `link_invalid`, the same for every reason. */
export async function openAccountLink(tx: Tx, ctx: Context, token: string): Promise<AccountLink> {
  const link = await lockAccountLink(tx, hashLink(token), ctx.clock.now())
  if (link === null) throw linkInvalid()
  return link
}

/** For a link that never was one, was used, or is too old. */
export function linkInvalid(): AppError {
  return new AppError('link_invalid', 'This link has been used, or is too old: ask for a new one.', { param: 'token' })
}

function hashLink(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
