import type { Tx } from './database.ts'

/** How an organization looks to its customers; the logo as PNG or JPEG, null where there is none of these. */
export type IssuerBrand = {
  name: string
  logoId: string | null
  logo: Uint8Array | null
  color: string
  supportUrl: string | null
  termsUrl: string | null
  privacyUrl: string | null
}

/** How the organization looks, with the bytes of its logo. */
export async function loadIssuerBrand(tx: Tx, organizationId: string): Promise<IssuerBrand> {
  const row = await tx
    .selectFrom('organizations as o')
    .leftJoin('files as f', join =>
      join
        .onRef('f.organization_id', '=', 'o.id')
        .onRef('f.id', '=', 'o.brand_logo')
        .on('f.content_type', 'in', ['image/png', 'image/jpeg']),
    )
    .select(['o.name', 'o.brand_logo', 'o.brand_color', 'o.support_url', 'o.terms_url', 'o.privacy_url', 'f.bytes'])
    .where('o.id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return {
    name: row.name,
    logoId: row.brand_logo,
    logo: row.bytes,
    color: row.brand_color,
    supportUrl: row.support_url,
    termsUrl: row.terms_url,
    privacyUrl: row.privacy_url,
  }
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
