import type { Context } from '../context.ts'
import { type Issuer, issuerOf } from '../domain/invoice.ts'
import type { Brand, CheckoutSession } from '../domain/session.ts'
import { loadSessions } from '../store/checkoutSessions.ts'
import { readInOrganization } from '../store/database.ts'
import { loadInvoices } from '../store/invoices.ts'
import { loadLogo } from '../store/issuers.ts'
import { findOrganization } from '../store/organizations.ts'
import { organizationOfReceipt, sessionOfReceipt } from '../store/receipts.ts'
import { loadStorefront } from '../store/sellers.ts'

/** A receipt with what it is printed from: the session that was paid, who was paid, and for which invoice. */
export type PayersReceipt = {
  session: CheckoutSession
  issuer: Issuer
  invoiceNumber: string | null
  look: { brand: Brand; logo: Uint8Array | null }
}

/** The receipt behind a payer's URL; null where there is none, and while a reorg has taken its payment back. */
export async function getPayersReceipt(ctx: Context, id: string): Promise<PayersReceipt | null> {
  const organizationId = await organizationOfReceipt(ctx.db, id)
  if (organizationId === null) return null
  return await readInOrganization(ctx.db, organizationId, async tx => {
    const sessionId = await sessionOfReceipt(tx, id)
    const [session] = sessionId === null ? [] : await loadSessions(tx, [sessionId], ctx.known)
    if (session?.intent.status !== 'succeeded') return null
    const [invoice] = await loadInvoices(tx, session.invoiceId === null ? [] : [session.invoiceId])
    const look = { brand: (await loadStorefront(tx)).brand, logo: await loadLogo(tx, organizationId) }
    const issuer = invoice?.issuer ?? issuerOf(await findOrganization(tx, organizationId))
    return { session, issuer, invoiceNumber: invoice?.invoiceNumber ?? null, look }
  })
}
