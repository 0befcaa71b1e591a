import type { Context } from '../context.ts'
import { AppError } from '../domain/errors.ts'
import type { EventType } from '../domain/event.ts'
import type { Invoice } from '../domain/invoice.ts'
import type { InvoiceView } from '../domain/invoiceView.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import type { Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { loadInvoices, lockInvoices, saveInvoice, sessionOfInvoice } from '../store/invoices.ts'
import { expireCheckoutSession } from './expireCheckoutSession.ts'
import { viewInvoices } from './getInvoice.ts'

export type InvoiceEvent = Extract<EventType, `invoice.${string}`>

/** The invoice `id`, locked until the transaction ends with the session that pays it; null where `tx` sees no such invoice. */
export async function lockInvoice(tx: Tx, id: string): Promise<Invoice | null> {
  // Sessions come first: whoever settles one locks its invoice afterwards.
  const sessionId = await sessionOfInvoice(tx, id)
  await lockSessions(tx, sessionId === null ? [] : [sessionId])
  await lockInvoices(tx, [id])
  const [invoice] = await loadInvoices(tx, [id])
  if (invoice === undefined) return null
  // A payer may have begun another one just before.
  if (invoice.checkoutSessionId !== null && invoice.checkoutSessionId !== sessionId)
    await lockSessions(tx, [invoice.checkoutSessionId])
  return invoice
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

/**
 * Ends the session that could still pay the invoice: nobody is asked for it any more. Throws `payment_in_progress` when the full
 * amount is on its way.
 */
export async function endInvoiceSession(tx: Tx, ctx: Context, sessionId: string | null): Promise<void> {
  if (sessionId === null) return
  try {
    await expireCheckoutSession(tx, ctx, sessionId)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'session_not_open') throw error
  }
}
