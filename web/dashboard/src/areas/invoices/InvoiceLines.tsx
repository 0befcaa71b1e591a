import type { Invoice, LineTaxRate } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** The lines of an invoice and how they add up, all sums as the API has them. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const { lineItems, currency, subTotal, total, taxRateIds } = invoice
  if (lineItems.data.length === 0) {
    return (
      <Card>
        <p className="text-muted">The draft has no lines yet: edit it to say what is to be paid.</p>
      </Card>
    )
  }
  return (
    <Card>
      <ul className="flex flex-col gap-3">
        {lineItems.data.map(({ price, quantity, amountSubtotal, taxRates, ...line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no ids, and two may be the same.
          <li key={index} className="flex justify-between gap-4">
            <div className="min-w-0 break-words">
              <p className="font-medium">
                <bdi>{price.product.name}</bdi>
              </p>
              {line.description && (
                <p className="text-muted">
                  <bdi>{line.description}</bdi>
                </p>
              )}
              <p className="text-muted">
                {[
                  quantity !== 1 &&
                    price.unitAmount !== null &&
                    `${quantity} × ${amountText(price.unitAmount, currency)}`,
                  periodText(line),
                  ownTaxes(taxRates, taxRateIds),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            <p className="whitespace-nowrap tabular-nums">{amountText(amountSubtotal, currency)}</p>
          </li>
        ))}
      </ul>
      <dl className="mt-4 grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 border-t border-line pt-4 tabular-nums">
        {[['Subtotal', subTotal] as const, ...taxesOf(invoice)].map(([name, amount]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="text-end">{amountText(amount, currency)}</dd>
          </div>
        ))}
        <dt className="font-semibold">Total</dt>
        <dd className="text-end font-semibold">{amountText(total, currency)}</dd>
      </dl>
    </Card>
  )
}

/** The taxes of a line where they are not those of the invoice. */
function ownTaxes(taxes: readonly LineTaxRate[], whole: readonly string[]): string | null {
  if (taxes.length === whole.length && taxes.every(({ id }) => whole.includes(id))) return null
  return taxes.length === 0 ? 'No tax' : taxes.map(({ name, percentage }) => `${name} ${percentage}%`).join(' · ')
}

/** The days that a line is for. */
function periodText({
  periodStart,
  periodEnd,
}: Pick<Invoice['lineItems']['data'][number], 'periodStart' | 'periodEnd'>) {
  if (periodStart !== null && periodEnd !== null) return day.formatRange(new Date(periodStart), new Date(periodEnd))
  if (periodStart !== null) return `from ${day.format(new Date(periodStart))}`
  return periodEnd === null ? null : `until ${day.format(new Date(periodEnd))}`
}

/** Each tax with what the lines have of it together. */
function taxesOf({ lineItems }: Invoice): (readonly [name: string, amount: string])[] {
  const sums = new Map<string, bigint>()
  for (const { name, percentage, type, amount } of lineItems.data.flatMap(({ taxRates }) => taxRates)) {
    const text = `${name} ${percentage}%${type === 'inclusive' ? ', included' : ''}`
    sums.set(text, (sums.get(text) ?? 0n) + BigInt(amount))
  }
  return [...sums].map(([name, sum]) => [name, sum.toString()])
}
