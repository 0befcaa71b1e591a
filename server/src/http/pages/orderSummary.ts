import { html } from 'hono/html'
import { backIcon } from './icons.ts'
import { brandMark, hrefOf, type PageFrame } from './layout.ts'
import type { PaymentPage, PaymentPageLineItem } from './paymentPageView.ts'
import type { PaymentStateKind } from './paymentState.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import type { Html, MessageKey, Words } from './words.ts'

const LINES_SHOWN = 4

/** What is being paid for: the merchant, the total as the page's heading, the lines and how they add up. */
export function orderSummary(frame: PageFrame, view: PaymentPage, kind: PaymentStateKind, apiPath: string): Html {
  const { words } = frame
  return html`<section class="order" aria-labelledby="heading">
${kind === 'complete' ? null : cancelForm(frame, view, `${apiPath}/cancel`)}
${brandMark(view.brand)}
<h1 id="heading" class="heading"><span class="heading-label">${words.say(headingOf(kind), { merchant: view.brand.name })}</span>
<span class="heading-total">${words.price(view.amountTotal, view.currency)}</span></h1>
${lineList(words, view.lineItems.data)}
${totals(words, view)}
</section>`
}

function headingOf(kind: PaymentStateKind): MessageKey {
  if (kind === 'complete') return 'paidMerchant'
  return kind === 'open' || kind === 'partial' ? 'payMerchant' : 'paymentTo'
}

function cancelForm(frame: PageFrame, view: PaymentPage, path: string): Html | null {
  const { words } = frame
  const url = returnUrl(view.cancelUrl, view.id)
  if (url === null) return null
  const host = hostOf(url)
  return html`<form class="cancel" method="post" action="${hrefOf({ ...frame, path })}"><button class="link-button" type="submit" title="${words.text(
    'cancelLabel',
    { host },
  )}">${backIcon()}<span>${words.say('backTo', { host })}</span></button></form>`
}

function lineList(words: Words, lines: readonly PaymentPageLineItem[]): Html {
  const list = html`<ul class="lines" aria-label="${words.text('items')}">${lines.map(each => line(words, each))}</ul>`
  if (lines.length <= LINES_SHOWN) return list
  return html`<details class="fold"><summary>${words.say('itemCount', { count: `${lines.length}` })}</summary>${list}</details>`
}

function line(words: Words, item: PaymentPageLineItem): Html {
  const { product, unitAmount } = item.price
  const description = item.description ?? product.description
  const each =
    item.quantity > 1 && unitAmount !== null
      ? html`<p class="line-detail">${words.say('quantityEach', {
          quantity: `${item.quantity}`,
          amount: words.price(unitAmount, item.currency),
        })}</p>`
      : null
  return html`<li class="line"><div class="line-text"><p class="line-name"><bdi>${product.name}</bdi></p>${
    description === null || description === '' ? null : html`<p class="line-detail"><bdi>${description}</bdi></p>`
  }${each}</div><p class="line-amount">${words.price(item.amountSubtotal ?? item.amountTotal, item.currency)}</p></li>`
}

function totals(words: Words, view: PaymentPage): Html | null {
  const details = view.amountDetails
  const tax = details === null ? 0n : BigInt(details.amountTax)
  const discount = details === null ? 0n : BigInt(details.amountDiscount)
  if (tax === 0n && discount === 0n && view.lineItems.data.length === 1) return null
  const code = view.discounts[0]?.coupon.code
  return html`<dl class="totals">
${amountRow(words.say('subtotal'), words.price(view.amountSubtotal, view.currency))}
${
  discount === 0n
    ? null
    : amountRow(
        code === undefined ? words.say('discount') : words.say('discountCode', { code }),
        `−${words.price(discount.toString(), view.currency)}`,
      )
}
${tax === 0n ? null : amountRow(words.say('tax'), words.price(tax.toString(), view.currency))}
<div class="totals-row totals-sum"><dt>${words.say('total')}</dt><dd>${words.price(view.amountTotal, view.currency)}</dd></div>
</dl>`
}

function amountRow(label: Html, amount: string): Html {
  return html`<div class="totals-row"><dt>${label}</dt><dd>${amount}</dd></div>`
}
