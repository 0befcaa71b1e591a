import type { Context } from '../context.ts'
import type { EmailBrand, RenderedEmail } from '../documents/emails/renderEmail.ts'
import { fileUrl } from '../domain/file.ts'
import type { Organization } from '../domain/organization.ts'
import type { Tx } from '../store/database.ts'
import { hasEmailSince } from '../store/emails.ts'
import { findOrganization } from '../store/organizations.ts'
import { findUserEmail } from '../store/users.ts'
import { queueEmail } from './queueEmail.ts'

/** How messages in the name of an organization look. */
export function emailBrandOf(ctx: Context, { profile, brandLogo, brandColor }: Organization): EmailBrand {
  const logoUrl = brandLogo === null ? null : fileUrl(ctx.config.publicUrl, brandLogo)
  return { name: profile.name, logoUrl, color: brandColor }
}

/** Where messages for merchants lead. */
export function docsUrlOf(ctx: Context): string {
  return `${ctx.config.publicUrl ?? ''}/docs`
}

/**
 * Lets a message go to an organization's own address, else to its owner's, with this transaction; with neither, nobody is told. With
 * `atMostEveryMs` nor when the last one of its kind is not that old.
 */
export async function tellMerchant(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  kind: string,
  render: (brand: EmailBrand) => RenderedEmail,
  { atMostEveryMs = 0 }: { atMostEveryMs?: number } = {},
): Promise<void> {
  const since = new Date(ctx.clock.now().getTime() - atMostEveryMs)
  if (atMostEveryMs > 0 && (await hasEmailSince(tx, organizationId, kind, since))) return
  const organization = await findOrganization(tx, organizationId)
  const { profile, ownerId } = organization
  const recipient = profile.email ?? (ownerId === null ? null : await findUserEmail(tx, ownerId))
  if (recipient === null) return
  await queueEmail(tx, ctx, { organizationId, kind, recipient, content: render(emailBrandOf(ctx, organization)) })
}
