import type { CheckoutSession } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'
import { countText } from '../../ui/countText.ts'

/** What the payment is for: its lines, and what is taken off and added until the total. */
export function LinesCard({ session }: { session: CheckoutSession }) {
  const { lineItems, currency, amountTotal, amountSubtotal, amountDetails } = session
  const { amountDiscount, amountTax, amountFee } = amountDetails
  const steps = [
    ['Discount', `-${amountDiscount}`, amountDiscount],
    ['Tax', amountTax, amountTax],
    ['Fee', amountFee, amountFee],
  ].flatMap(([name = '', shown = '0', amount]) => (amount === '0' ? [] : [[name, shown] as const]))
  return (
    <Card title="What it is for">
      <ul className="flex flex-col gap-2">
        {lineItems.data.map(({ quantity, price, amountSubtotal }, position) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are told by their places, and two may be of one price.
            key={`${position} ${price.id}`}
            name={`${countText(quantity)} × ${price.product.name}`}
            amount={amountText(amountSubtotal, currency)}
          />
        ))}
      </ul>
      <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3 text-muted">
        {steps.length > 0 && <Line name="Subtotal" amount={amountText(amountSubtotal, currency)} />}
        {steps.map(([name, amount]) => (
          <Line key={name} name={name} amount={amountText(amount, currency)} />
        ))}
        <Line name="Total" amount={amountText(amountTotal, currency)} className="font-semibold text-ink" />
      </ul>
    </Card>
  )
}

function Line({ name, amount, className = '' }: { name: string; amount: string; className?: string }) {
  return (
    <li className={`flex justify-between gap-4 ${className}`}>
      <span className="min-w-0 break-words">{name}</span>
      <span className="text-end tabular-nums">{amount}</span>
    </li>
  )
}
