import { html } from 'hono/html'
import { coinText, priceText } from './amountText.ts'
import { type Html, say, sayText } from './messages.ts'
import type { PaymentPage, PaymentPageTransaction } from './paymentPageView.ts'
import { webUrl } from './returnUrl.ts'
import { timeText } from './timeText.ts'

/** The payments seen on chain, each with its amount, network, time and its transaction, linked where an explorer is known. */
export function paymentList(transactions: readonly PaymentPageTransaction[]): Html | null {
  if (transactions.length === 0) return null
  return html`<ul class="payments" aria-label="${sayText('payments')}">${transactions.map(
    transaction => html`<li class="payment"><p class="payment-amount">${amountOf(transaction)} <span class="payment-network"><bdi>${transaction.asset.chain.name}</bdi></span></p>
<p class="payment-hash">${hashOf(transaction)}</p></li>`,
  )}</ul>`
}

/** The receipt of a paid session: to whom, how much, when, and the proof on chain. */
export function receipt(view: PaymentPage): Html {
  const transactions = view.paymentIntent.transactions
  return html`<section class="receipt" aria-labelledby="receipt-title"><h2 id="receipt-title" class="receipt-title">${say('receipt')}</h2>
<dl class="receipt-rows">
${row(say('receiptPaidTo'), html`<bdi>${view.brand.name}</bdi>`)}
${row(say('receiptAmount'), html`${priceText(view.amountTotal, view.currency)}`)}
${transactions.map(
  transaction => html`${row(say('receiptPaid'), html`${amountOf(transaction)}`)}
${row(say('receiptNetwork'), html`<bdi>${transaction.asset.chain.name}</bdi>`)}
${row(say('receiptTime'), html`<time datetime="${transaction.createdAt}">${timeText(transaction.createdAt)}</time>`)}
${row(say('receiptTransaction'), hashOf(transaction))}`,
)}
${row(say('receiptReference'), html`<code class="copyable" dir="ltr">${view.id}</code>`)}
</dl></section>`
}

function row(label: Html, value: Html | null): Html | null {
  return value === null ? null : html`<div class="receipt-row"><dt>${label}</dt><dd>${value}</dd></div>`
}

function amountOf(transaction: PaymentPageTransaction): string {
  return coinText(BigInt(transaction.amountRaw), transaction.asset)
}

/** The whole hash is in the text; the style sheet shows its two ends on screen, and paper gets all of it. */
function hashOf(transaction: PaymentPageTransaction): Html | null {
  const hash = transaction.transactionHash
  if (hash === null) return null
  const text = html`<code class="hash" dir="ltr">${hash.slice(0, 10)}<span class="hash-middle">${hash.slice(10, -8)}</span>${hash.slice(-8)}</code>`
  const url = webUrl(transaction.transactionUrl)
  if (url === null) return text
  return html`<a class="hash-link" href="${url}" target="_blank" rel="noopener noreferrer" title="${sayText('opensNewTab')}">${text}</a>`
}
