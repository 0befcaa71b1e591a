import { html } from 'hono/html'
import type { PageFrame } from './layout.ts'
import type { PaymentPage } from './paymentPageView.ts'
import { removeCode } from './promotionForm.ts'
import type { Html, Words } from './words.ts'

type Row = { readonly label: Html; readonly amount: string; readonly more?: Html | null }

/** How the lines add up to the total: discount, each tax by its name, fees. Null for one line that is the total itself. */
export function orderTotals(frame: PageFrame, view: PaymentPage): Html | null {
  const { words } = frame
  const rows = [...discountRows(frame, view), ...taxRows(words, view), ...feeRows(words, view)]
  if (rows.length === 0 && view.lineItems.data.length === 1) return null
  const subtotal = { label: words.say('subtotal'), amount: words.price(view.amountSubtotal, view.currency) }
  return html`<dl class="totals">
${[subtotal, ...rows].map(rowOf)}
<div class="totals-row totals-sum"><dt>${words.say('total')}</dt><dd>${words.price(view.amountTotal, view.currency)}</dd></div>
</dl>`
}

function rowOf({ label, amount, more = null }: Row): Html {
  return html`<div class="totals-row"><dt>${label}${more}</dt><dd><bdi>${amount}</bdi></dd></div>`
}

function discountRows(frame: PageFrame, view: PaymentPage): Row[] {
  const { words } = frame
  const amount = view.amountDetails?.amountDiscount ?? '0'
  const code = view.discounts[0]?.coupon.code
  if (amount === '0' && code === undefined) return []
  const label = code === undefined ? words.say('discount') : words.say('discountCode', { code })
  return [{ label, amount: words.price(`-${amount}`, view.currency), more: removeCode(frame, view) }]
}

/** Each tax of all lines together, those that prices include told apart. */
function taxRows(words: Words, view: PaymentPage): Row[] {
  const taxes = Map.groupBy(
    view.lineItems.data.flatMap(line => line.taxRates),
    ({ id }) => id,
  )
  return [...taxes.values()].flatMap(same => {
    const [tax] = same
    if (tax === undefined) return []
    const label = tax.type === 'inclusive' ? 'invoiceTaxIncluded' : 'invoiceTaxOf'
    const amount = same.reduce((sum, each) => sum + BigInt(each.amount), 0n)
    return [
      {
        label: words.say(label, { name: tax.name, percentage: `${tax.percentage}` }),
        amount: words.price(`${amount}`, view.currency),
      },
    ]
  })
}

function feeRows(words: Words, { amountDetails, currency }: PaymentPage): Row[] {
  const fees = [
    { key: 'processingFee', amount: amountDetails?.amountFee ?? '0' },
    { key: 'networkFee', amount: amountDetails?.amountGasFee ?? '0' },
  ] as const
  return fees
    .filter(({ amount }) => amount !== '0')
    .map(({ key, amount }) => ({ label: words.say(key), amount: words.price(amount, currency) }))
}
