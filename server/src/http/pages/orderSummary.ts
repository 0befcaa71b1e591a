import { html } from 'hono/html'
import { priceText } from './amountText.ts'
import { backIcon } from './icons.ts'
import { brandMark } from './layout.ts'
import { type Html, type MessageKey, say, sayText } from './messages.ts'
import type { PaymentPage, PaymentPageLineItem } from './paymentPageView.ts'
import type { PaymentStateKind } from './paymentState.ts'
import { hostOf, returnUrl } from './returnUrl.ts'

const LINES_SHOWN = 4

/** What is being paid for: the merchant, the total as the page's heading, the lines and how they add up. */
export function orderSummary(view: PaymentPage, kind: PaymentStateKind, apiPath: string): Html {
  return html`<section class="order" aria-labelledby="heading">
${kind === 'complete' ? null : cancelForm(view, apiPath)}
${brandMark(view.brand)}
<h1 id="heading" class="heading"><span class="heading-label">${say(headingOf(kind), { merchant: view.brand.name })}</span>
<span class="heading-total">${priceText(view.amountTotal, view.currency)}</span></h1>
${lineList(view.lineItems.data)}
${totals(view)}
</section>`
}

function headingOf(kind: PaymentStateKind): MessageKey {
  if (kind === 'complete') return 'paidMerchant'
  return kind === 'open' || kind === 'partial' ? 'payMerchant' : 'paymentTo'
}

function cancelForm(view: PaymentPage, apiPath: string): Html | null {
  const url = returnUrl(view.cancelUrl, view.id)
  if (url === null) return null
  const host = hostOf(url)
  return html`<form class="cancel" method="post" action="${apiPath}/cancel"><button class="link-button" type="submit" title="${sayText(
    'cancelLabel',
    { host },
  )}">${backIcon()}<span>${say('backTo', { host })}</span></button></form>`
}

function lineList(lines: readonly PaymentPageLineItem[]): Html {
  const list = html`<ul class="lines" aria-label="${sayText('items')}">${lines.map(line)}</ul>`
  if (lines.length <= LINES_SHOWN) return list
  return html`<details class="fold"><summary>${say('itemCount', { count: `${lines.length}` })}</summary>${list}</details>`
}

function line(item: PaymentPageLineItem): Html {
  const { product, unitAmount } = item.price
  const description = item.description ?? product.description
  const each =
    item.quantity > 1 && unitAmount !== null
      ? html`<p class="line-detail">${say('quantityEach', {
          quantity: `${item.quantity}`,
          amount: priceText(unitAmount, item.currency),
        })}</p>`
      : null
  return html`<li class="line"><div class="line-text"><p class="line-name"><bdi>${product.name}</bdi></p>${
    description === null || description === '' ? null : html`<p class="line-detail"><bdi>${description}</bdi></p>`
  }${each}</div><p class="line-amount">${priceText(item.amountSubtotal ?? item.amountTotal, item.currency)}</p></li>`
}

function totals(view: PaymentPage): Html | null {
  const details = view.amountDetails
  const tax = details === null ? 0n : BigInt(details.amountTax)
  const discount = details === null ? 0n : BigInt(details.amountDiscount)
  if (tax === 0n && discount === 0n && view.lineItems.data.length === 1) return null
  const code = view.discounts[0]?.coupon.code
  return html`<dl class="totals">
${amountRow(say('subtotal'), priceText(view.amountSubtotal, view.currency))}
${
  discount === 0n
    ? null
    : amountRow(
        code === undefined ? say('discount') : say('discountCode', { code }),
        `−${priceText(discount.toString(), view.currency)}`,
      )
}
${tax === 0n ? null : amountRow(say('tax'), priceText(tax.toString(), view.currency))}
<div class="totals-row totals-sum"><dt>${say('total')}</dt><dd>${priceText(view.amountTotal, view.currency)}</dd></div>
</dl>`
}

function amountRow(label: Html, amount: string): Html {
  return html`<div class="totals-row"><dt>${label}</dt><dd>${amount}</dd></div>`
}
