import { html } from 'hono/html'
import { type PageFrame, wayOut } from './layout.ts'
import { notices } from './notices.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { PaymentState } from './paymentState.ts'
import { receipt } from './receipt.ts'
import { hostOf, returnUrl } from './returnUrl.ts'
import type { Html, Words } from './words.ts'

/** Seconds that a payer sees the receipt before the page goes back to the shop. */
export const RETURN_AFTER_S = 3

/** What is said when all is paid: the merchant's thanks or ours, what else there is to know, the receipt, and the way back. */
export function completeBody(frame: PageFrame, view: PaymentPage, state: PaymentState): Html {
  const { words } = frame
  const message = view.afterCompletion === 'hosted_confirmation' ? view.afterCompletionConfirmMsg : null
  return html`<p class="lead">${
    message === null
      ? words.say(view.amountTotal === '0' ? 'completeZeroLead' : 'completeLead', { merchant: view.brand.name })
      : html`<bdi class="merchant-message">${message}</bdi>`
  }</p>
${notices(words, view, state)}
${receipt(words, view)}
${completeActions(frame, view)}`
}

function completeActions(frame: PageFrame, view: PaymentPage): Html {
  const { words } = frame
  const url = returnUrl(view.successUrl, view.id)
  const print = html`<button class="link-button" id="print" type="button">${words.say('print')}</button>`
  const pdf = receiptLink(words, view)
  if (url === null) return html`<div class="actions actions-last"><p class="links">${print}</p>${pdf}</div>`
  const values = { host: hostOf(url) }
  const isAutomatic = automaticReturn(view) !== null
  return html`<div class="actions actions-last">
<a class="button button-first" id="return" href="${url}" rel="noreferrer"${wayOut(frame)}${
    isAutomatic ? html` data-return-after="${RETURN_AFTER_S}"` : null
  }><span>${words.say('returnNow', values)}</span></a>
${
  isAutomatic
    ? html`<p class="returning" id="returning" data-template="${words.text('returningIn', values)}">${words.say('returningSoon', values)}</p>`
    : null
}
<p class="links">${isAutomatic ? html`<button class="link-button" id="stay" type="button">${words.say('stay')}</button>` : null}${print}</p>
${pdf}
</div>`
}

function receiptLink(words: Words, { paymentIntent: { paymentReceipt } }: PaymentPage): Html | null {
  if (paymentReceipt === null) return null
  const href = `/payment/receipt/${paymentReceipt.id}/pdf`
  return html`<p class="receipt-link"><a href="${href}" target="_blank" rel="noopener noreferrer">${words.say('invoiceReceipt')}</a></p>`
}

/** Where the page goes by itself when all is paid, or null where it stays. */
export function automaticReturn(view: PaymentPage): string | null {
  return view.afterCompletion === 'hosted_confirmation' ? null : returnUrl(view.successUrl, view.id)
}
