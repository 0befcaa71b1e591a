import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import { backIcon } from './icons.ts'
import { brandMark, hrefOf, type PageFrame } from './layout.ts'
import { orderTotals } from './orderTotals.ts'
import type { RefusedForm } from './pageForm.ts'
import type { PaymentPage, PaymentPageLineItem } from './paymentPageView.ts'
import { isUnchosen, openLine, type PaymentState, type PaymentStateKind } from './paymentState.ts'
import { promotionForm } from './promotionForm.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import type { Html, MessageKey, Words } from './words.ts'

const LINES_SHOWN = 4

/** What is being paid for: the merchant, the total as the page's heading, the lines and how they add up. */
export function orderSummary(
  frame: PageFrame,
  view: PaymentPage,
  { state, apiPath, form }: { state: PaymentState; apiPath: string; form: RefusedForm | null },
): Html {
  const { words } = frame
  const { kind } = state
  const label = words.say(headingOf(view, kind), { merchant: view.brand.name })
  return html`<section class="order" aria-labelledby="heading">
${kind === 'complete' ? null : cancelForm(frame, view, `${apiPath}/cancel`)}
${brandMark(view.brand)}
<h1 id="heading" class="heading"><span class="heading-label">${label}</span>
${
  isUnchosen(view) ? null : html`<span class="heading-total">${words.price(view.amountTotal, view.currency)}</span>`
}</h1>
${amountToSend(words, state)}
${changeAmount(frame, view, kind)}
${lineList(words, view.lineItems.data)}
${isUnchosen(view) ? null : orderTotals(frame, view)}
${promotionForm(frame, view, form)}
</section>`
}

const ASKING: ReadonlySet<PaymentStateKind> = new Set(['amount', 'details', 'zero', 'open', 'partial'])
const ASKS = { pay: 'payMerchant', book: 'bookMerchant', donate: 'donateMerchant' } as const

function headingOf(view: PaymentPage, kind: PaymentStateKind): MessageKey {
  if (kind === 'complete') return 'paidMerchant'
  return ASKING.has(kind) ? ASKS[view.submitType] : 'paymentTo'
}

/** What leaves the wallet, where the price is in another currency than the coin in view. */
function amountToSend(words: Words, { address, payable, remaining }: PaymentState): Html | null {
  if (!payable || address === null || address.quote === null) return null
  return html`<p class="heading-coin">${words.say('amountToSend', { amount: coinText(remaining, address.asset) })}</p>`
}

function changeAmount(frame: PageFrame, view: PaymentPage, kind: PaymentStateKind): Html | null {
  if (!view.isChangeable || kind === 'amount' || openLine(view) === null) return null
  const href = hrefOf(frame, { edit: 'amount' })
  return html`<p class="change-amount"><a class="link-button" id="change-amount" href="${href}" data-inline>${frame.words.say('changeAmount')}</a></p>`
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
  return html`<details class="fold" id="items"><summary>${words.say('itemCount', { count: `${lines.length}` })}</summary>${list}</details>`
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
  const isChosen = unitAmount !== null || item.amountSubtotal !== '0'
  return html`<li class="line"><div class="line-text"><p class="line-name"><bdi>${product.name}</bdi></p>${
    description === null || description === '' ? null : html`<p class="line-detail"><bdi>${description}</bdi></p>`
  }${each}</div>${isChosen ? html`<p class="line-amount">${words.price(item.amountSubtotal, item.currency)}</p>` : null}</li>`
}
