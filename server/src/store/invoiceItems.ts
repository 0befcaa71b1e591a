import type { InvoiceItem } from '../domain/invoice.ts'
import type { LineTax } from '../domain/taxRate.ts'
import type { Tx } from './database.ts'
import { priceFromRow, selectPrices } from './prices.ts'

/** The lines of these invoices in their order, by the invoice. */
export async function itemsOfInvoices(tx: Tx, ids: readonly string[]): Promise<Map<string, InvoiceItem[]>> {
  const rows = await selectPrices(tx)
    .innerJoin('invoice_items as l', join =>
      join.onRef('l.organization_id', '=', 'p.organization_id').onRef('l.price_id', '=', 'p.id'),
    )
    // Through the invoice, whose id finds the tenant's rows by their primary key for the worker's role too.
    .innerJoin('invoices as v', join =>
      join.onRef('v.organization_id', '=', 'l.organization_id').onRef('v.id', '=', 'l.invoice_id'),
    )
    .select(['l.invoice_id', 'l.quantity', 'l.description as l_description', 'l.period_start', 'l.period_end'])
    .select(['l.amount_subtotal', 'l.amount_tax', 'l.amount_total', 'l.taxes', 'l.tax_rate_ids'])
    .where('v.id', 'in', ids)
    .orderBy('l.invoice_id')
    .orderBy('l.position')
    .execute()
  return new Map(
    [...Map.groupBy(rows, row => row.invoice_id)].map(([id, lines]) => [
      id,
      lines.map(row => ({
        quantity: row.quantity,
        description: row.l_description,
        periodStart: row.period_start,
        periodEnd: row.period_end,
        price: priceFromRow(row),
        unitAmount: null,
        amountSubtotal: row.amount_subtotal,
        amountDiscount: 0n,
        amountTax: row.amount_tax,
        amountTotal: row.amount_total,
        taxes: row.taxes as LineTax[],
        taxRateIds: row.tax_rate_ids,
      })),
    ]),
  )
}

/** Replaces the lines of an invoice; the caller holds its lock. Their prices are there. */
export async function replaceItems(
  tx: Tx,
  { organizationId, id }: { organizationId: string; id: string },
  items: readonly InvoiceItem[],
): Promise<void> {
  await tx.deleteFrom('invoice_items').where('invoice_id', '=', id).execute()
  if (items.length === 0) return
  const rows = items.map((item, position) => ({
    organization_id: organizationId,
    invoice_id: id,
    position,
    price_id: item.price.id,
    quantity: item.quantity,
    description: item.description,
    period_start: item.periodStart,
    period_end: item.periodEnd,
    tax_rate_ids: item.taxRateIds,
    amount_subtotal: item.amountSubtotal,
    amount_tax: item.amountTax,
    amount_total: item.amountTotal,
    taxes: JSON.stringify(item.taxes),
  }))
  await tx.insertInto('invoice_items').values(rows).execute()
}
