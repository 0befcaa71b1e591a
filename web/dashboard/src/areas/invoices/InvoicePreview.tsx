import type { Typed } from '../../layout/FormPage.tsx'
import { amountDigits, priceText } from '../../ui/amount.ts'
import { PayerPreview } from '../../ui/PayerPreview.tsx'
import type { SellablePrice } from './InvoiceForm.tsx'
import { typedLines } from './LineFields.tsx'

type Line = { key: string; name: string; quantity: string; currency: string; sum: bigint }
type Props = { typed: Typed; prices: readonly SellablePrice[]; rates: readonly { id: string }[] }

/** The page of an invoice as it is being typed. Sums of lines are exact; taxes are worked out by the API, which rounds them. */
export function InvoicePreview({ typed, prices, rates }: Props) {
  const lines = typedLines(typed).map(name => lineOf(typed, name, prices))
  const currencies = new Set(lines.map(({ currency }) => currency))
  const hasTax = rates.some(({ id }) => typed[`tax.${id}`] !== undefined)
  const sum = lines.reduce((total, line) => total + line.sum, 0n)
  const [currency = 'usdc'] = currencies
  const total = currencies.size === 1 && sum > 0n ? priceText(sum.toString(), currency) : null
  return (
    <PayerPreview
      title="Invoice"
      total={hasTax ? null : total}
      description={typed.description ?? null}
      button={hasTax || total === null ? 'Pay …' : `Pay ${total}`}
    >
      <ul className="flex flex-col gap-2">
        {lines.map(line => (
          <li key={line.key} className="flex justify-between gap-4">
            <span className="min-w-0 break-words">
              {line.name === '' ? 'Its name' : line.name}
              {line.quantity !== '1' && <span className="text-muted"> × {line.quantity}</span>}
            </span>
            <span className="whitespace-nowrap tabular-nums">{priceText(line.sum.toString(), line.currency)}</span>
          </li>
        ))}
      </ul>
      {hasTax && total !== null && (
        <p className="flex justify-between gap-4 border-t border-line pt-3 text-muted">
          <span>Before tax, which is worked out when you save</span>
          <span className="whitespace-nowrap tabular-nums">{total}</span>
        </p>
      )}
      {currencies.size > 1 && <p className="text-bad">All lines must be in one currency.</p>}
    </PayerPreview>
  )
}

function lineOf(typed: Typed, key: string, prices: readonly SellablePrice[]): Line {
  const price = prices.find(({ id }) => id === typed[`${key}.priceId`])
  const quantity = typed[`${key}.quantity`]?.trim() ?? ''
  const unit = price?.unitAmount ?? amountDigits(typed[`${key}.priceData.unitAmount`] ?? '') ?? '0'
  return {
    key,
    name: price?.product.name ?? typed[`${key}.priceData.productData.name`] ?? '',
    quantity,
    currency: price?.currency ?? typed[`${key}.priceData.currency`] ?? 'usdc',
    sum: /^\d{1,7}$/.test(quantity) ? BigInt(unit) * BigInt(quantity) : 0n,
  }
}
