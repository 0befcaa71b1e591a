import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { EventType } from '../domain/event.ts'
import type { Invoice } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { loadInvoices, lockInvoiceRows, openSessionsOfInvoices, saveInvoice } from '../store/invoices.ts'
import { expireCheckoutSession } from './expireCheckoutSession.ts'
import { viewInvoices } from './getInvoice.ts'

export type InvoiceEvent = Extract<EventType, `invoice.${string}`>

/** The invoice `id`, locked as `lockInvoices` does; null where `tx` sees no such invoice. */
export async function lockInvoice(tx: Tx, id: string): Promise<Invoice | null> {
  return (await lockInvoices(tx, [id]))[0] ?? null
}

/** The invoices `ids` that `tx` sees, locked until the transaction ends with their sessions that may still be paid. */
export async function lockInvoices(tx: Tx, ids: readonly string[]): Promise<Invoice[]> {
  // Sessions come first: whoever settles one locks its invoice afterwards.
  const known = new Set(await openSessionsOfInvoices(tx, ids))
  await lockSessions(tx, [...known])
  await lockInvoiceRows(tx, ids)
  // A payer may have begun another one just before.
  const begun = (await openSessionsOfInvoices(tx, ids)).filter(id => !known.has(id))
  await lockSessions(tx, begun)
  return await loadInvoices(tx, ids)
}

/** Writes the changed invoices, whose locks the caller holds, and tells of them; returns them as they are answered. */
export async function saveInvoices(
  tx: Tx,
  ctx: Context,
  changes: readonly { invoice: Invoice; events: readonly InvoiceEvent[] }[],
  now: Date,
): Promise<InvoiceView[]> {
  for (const { invoice } of changes) await saveInvoice(tx, invoice)
  const saved = await loadInvoices(
    tx,
    changes.map(({ invoice }) => invoice.id),
  )
  const views = await viewInvoices(tx, ctx, saved, true)
  await appendEvents(
    tx,
    views.flatMap((data, index) =>
      (changes[index]?.events ?? []).map(type => ({
        id: uuidv7(now, ctx.random(10)),
        organizationId: data.organizationId,
        createdAt: now,
        type,
        object: 'invoice',
        objectId: data.id,
        data,
      })),
    ),
  )
  return views
}

/** The sessions that could still pay the invoice. */
export function payableSessions({ attempts }: Invoice): string[] {
  return attempts.flatMap(({ sessionId, sessionStatus }) =>
    sessionStatus === 'open' || sessionStatus === 'incomplete' ? sessionId : [],
  )
}

/**
 * Ends the sessions that could still pay the invoice, whose lock the caller holds: nobody is asked for it any more. Throws
 * `payment_in_progress` while the full amount is on its way to one.
 */
export async function endInvoiceSessions(tx: Tx, ctx: Context, invoice: Invoice): Promise<void> {
  for (const id of payableSessions(invoice)) {
    try {
      await expireCheckoutSession(tx, ctx, id)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'session_not_open') throw error
    }
  }
}
