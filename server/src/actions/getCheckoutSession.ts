import type { Context } from '../context.ts'
import type { ViewWorld } from '../domain/checkoutSessionView.ts'
import { AppError } from '../domain/errors.ts'
import type { CheckoutSession, Metadata, Storefront } from '../domain/session.ts'
import { type Heads, loadHeads } from '../store/chains.ts'
import { loadSessions, setMetadata } from '../store/checkoutSessions.ts'
import { inOrganization, readAsOwnerOfSession, readInOrganization, type Tx } from '../store/database.ts'
import { listSessionIds, type SessionFilter, sessionExists } from '../store/listCheckoutSessions.ts'
import { loadStorefront } from '../store/sellers.ts'

/** Sessions with the world that a view of them needs, read at one moment. */
export type Seen<T> = { found: T; world: ViewWorld }

/** The world of views, with the heads as this transaction sees them. */
export async function viewWorld(tx: Tx, ctx: Context): Promise<ViewWorld> {
  return worldAt(ctx, await loadHeads(tx))
}

/** The world of views at these heads. */
export function worldAt(ctx: Context, heads: Heads): ViewWorld {
  return {
    payUrl: ctx.config.publicUrl ?? '',
    isTest: ctx.config.mode === 'test',
    chains: ctx.known.chains,
    heads: new Map([...heads].map(([chainId, head]) => [chainId, head.number])),
  }
}

/** The organization's session `id`, or null for one that is absent or another's. */
export async function getCheckoutSession(
  ctx: Context,
  organizationId: string,
  id: string,
): Promise<Seen<CheckoutSession> | null> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const [found] = await loadSessions(tx, [id], ctx.known)
    return found === undefined ? null : { found, world: await viewWorld(tx, ctx) }
  })
}

/** A page of the organization's sessions, newest first. An `after` that is not its own is `cursor_invalid`. */
export async function listCheckoutSessions(
  ctx: Context,
  organizationId: string,
  filter: SessionFilter,
  page: { limit: number; offset: number; after: string | null },
): Promise<Seen<CheckoutSession[]>> {
  return await readInOrganization(ctx.db, organizationId, async tx => {
    if (page.after !== null && !(await sessionExists(tx, page.after))) {
      throw new AppError('cursor_invalid', 'startingAfter must be the id of a session of yours.', {
        param: 'startingAfter',
      })
    }
    const ids = await listSessionIds(tx, filter, page)
    return { found: await loadSessions(tx, ids, ctx.known), world: await viewWorld(tx, ctx) }
  })
}

/** Replaces the metadata of the organization's session `id`; null if there is none. */
export async function updateCheckoutSession(
  ctx: Context,
  organizationId: string,
  id: string,
  metadata: Metadata | null | undefined,
): Promise<Seen<CheckoutSession> | null> {
  return await inOrganization(ctx.db, organizationId, async tx => {
    if (metadata !== undefined) await setMetadata(tx, id, metadata)
    const [found] = await loadSessions(tx, [id], ctx.known)
    return found === undefined ? null : { found, world: await viewWorld(tx, ctx) }
  })
}

/** What the payer's pages know of the organization. */
export async function getStorefront(ctx: Context, organizationId: string): Promise<Storefront> {
  return await inOrganization(ctx.db, organizationId, loadStorefront)
}

/** A session with what the payer's pages know of its merchant. */
export type PayersSession = Seen<CheckoutSession> & Storefront

/** The session behind a payer's URL with its merchant's brand, or null; the id is all that a payer knows. */
export async function getPayersSession(ctx: Context, id: string): Promise<PayersSession | null> {
  return await readAsOwnerOfSession(ctx.db, id, async tx => {
    const [found] = await loadSessions(tx, [id], ctx.known)
    return found === undefined ? null : { found, world: await viewWorld(tx, ctx), ...(await loadStorefront(tx)) }
  })
}
