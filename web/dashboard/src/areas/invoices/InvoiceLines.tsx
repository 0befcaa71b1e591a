import type { Invoice } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'

/** The lines of an invoice and how they add up, all sums as the API has them. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const { lineItems, currency, subTotal, total } = invoice
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
        {lineItems.data.map(({ price, quantity, amountSubtotal, taxRates }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no ids, and two may be the same.
          <li key={index} className="flex justify-between gap-4">
            <div className="min-w-0 break-words">
              <p className="font-medium">{price.product.name}</p>
              <p className="text-muted">
                {[
                  price.unitAmount !== null && `${quantity} × ${amountText(price.unitAmount, currency)}`,
                  ...taxRates.map(({ name, percentage }) => `${name} ${percentage} %`),
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

/** Each tax with what the lines have of it together. */
function taxesOf({ lineItems }: Invoice): (readonly [name: string, amount: string])[] {
  const sums = new Map<string, bigint>()
  for (const { name, percentage, type, amount } of lineItems.data.flatMap(({ taxRates }) => taxRates)) {
    const text = `${name} ${percentage} %${type === 'inclusive' ? ', included' : ''}`
    sums.set(text, (sums.get(text) ?? 0n) + BigInt(amount))
  }
  return [...sums].map(([name, sum]) => [name, sum.toString()])
}
