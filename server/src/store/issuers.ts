import type { Tx } from './database.ts'

/** The organization's logo as PNG or JPEG; null where it has none, or another kind. */
export async function loadLogo(tx: Tx, organizationId: string): Promise<Uint8Array | null> {
  const row = await tx
    .selectFrom('organizations as o')
    .innerJoin('files as f', join => join.onRef('f.organization_id', '=', 'o.id').onRef('f.id', '=', 'o.brand_logo'))
    .select('f.bytes')
    .where('o.id', '=', organizationId)
    .where('f.content_type', 'in', ['image/png', 'image/jpeg'])
    .executeTakeFirst()
  return row?.bytes ?? null
}

/** The organization's next number, taken: nobody gets it again, unless this transaction is undone. Others wait for its end. */
export async function takeMerchantSequence(
  tx: Tx,
  organizationId: string,
): Promise<{ prefix: string; sequence: number }> {
  const row = await tx
    .updateTable('organizations')
    .set(eb => ({ next_invoice_sequence: eb('next_invoice_sequence', '+', 1) }))
    .where('id', '=', organizationId)
    .returning(['invoice_prefix', 'next_invoice_sequence'])
    .executeTakeFirstOrThrow()
  return { prefix: row.invoice_prefix, sequence: row.next_invoice_sequence - 1 }
}

/** The customer's next number, taken as `takeMerchantSequence` does. */
export async function takeCustomerSequence(tx: Tx, customerId: string): Promise<{ prefix: string; sequence: number }> {
  const row = await tx
    .updateTable('customers')
    .set(eb => ({ next_invoice_sequence: eb('next_invoice_sequence', '+', 1) }))
    .where('id', '=', customerId)
    .returning(['customer_number', 'next_invoice_sequence'])
    .executeTakeFirstOrThrow()
  return { prefix: row.customer_number, sequence: row.next_invoice_sequence - 1 }
}

/** Whether an invoice of the caller has this number. */
export async function isNumberTaken(tx: Tx, invoiceNumber: string): Promise<boolean> {
  const row = await tx
    .selectFrom('invoices')
    .select('id')
    .where('invoice_number', '=', invoiceNumber)
    .executeTakeFirst()
  return row !== undefined
}
