import type { Typed } from '../../layout/FormPage.tsx'
import { amountDigits, priceText } from '../../ui/amount.ts'
import { PayerPreview } from '../../ui/PayerPreview.tsx'
import type { SellablePrice } from './InvoiceForm.tsx'
import { typedLines } from './LineFields.tsx'

type Line = { key: string; name: string; quantity: string; currency: string; unit: string; sum: bigint }
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
      title={null}
      total={hasTax ? null : total}
      description={typed.description ?? null}
      button={hasTax || total === null ? 'Pay …' : `Pay ${total}`}
    >
      <ul className="lines">
        {lines.map(line => (
          <li key={line.key} className="line">
            <div className="line-text">
              <p className="line-name">{line.name === '' ? '…' : line.name}</p>
              {line.quantity !== '1' && (
                <p className="line-detail">{`${line.quantity} × ${priceText(line.unit, line.currency)}`}</p>
              )}
            </div>
            <p className="line-amount">{priceText(line.sum.toString(), line.currency)}</p>
          </li>
        ))}
      </ul>
      {hasTax && total !== null && (
        <dl className="totals">
          <div className="totals-row">
            <dt>Before tax, which is worked out when you save</dt>
            <dd>{total}</dd>
          </div>
        </dl>
      )}
      {currencies.size > 1 && <p className="form-hint">All lines must be in one currency.</p>}
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
    unit,
    sum: /^\d{1,7}$/.test(quantity) ? BigInt(unit) * BigInt(quantity) : 0n,
  }
}
