import { html } from 'hono/html'
import { coinText } from './amountText.ts'
import type { PaymentPage, PaymentPageTransaction } from './paymentPageView.ts'
import { webUrl } from './returnUrl.ts'
import type { Html, Words } from './words.ts'

/** The payments seen on chain, each with its amount, network, time and its transaction, linked where an explorer is known. */
export function paymentList(words: Words, transactions: readonly PaymentPageTransaction[]): Html | null {
  if (transactions.length === 0) return null
  return html`<ul class="payments" aria-label="${words.text('payments')}">${transactions.map(
    transaction => html`<li class="payment"><p class="payment-amount">${amountOf(transaction)} <span class="payment-network"><bdi>${transaction.asset.chain.name}</bdi></span></p>
<p class="payment-hash">${hashOf(words, transaction)}</p></li>`,
  )}</ul>`
}

/** The receipt of a paid session: to whom, how much, when, and the proof on chain. */
export function receipt(words: Words, view: PaymentPage): Html {
  const transactions = view.paymentIntent.transactions
  return html`<section class="receipt" aria-labelledby="receipt-title"><h2 id="receipt-title" class="receipt-title">${words.say('receipt')}</h2>
<dl class="receipt-rows">
${row(words.say('receiptPaidTo'), html`<bdi>${view.brand.name}</bdi>`)}
${row(words.say('receiptAmount'), html`${words.price(view.amountTotal, view.currency)}`)}
${transactions.map(
  transaction => html`${row(words.say('receiptPaid'), amountOf(transaction))}
${row(words.say('receiptNetwork'), html`<bdi>${transaction.asset.chain.name}</bdi>`)}
${row(words.say('receiptTime'), html`<time datetime="${transaction.createdAt}">${words.time(transaction.createdAt)}</time>`)}
${row(words.say('receiptTransaction'), hashOf(words, transaction))}`,
)}
${row(words.say('receiptReference'), html`<code class="copyable" dir="ltr">${view.id}</code>`)}
</dl></section>`
}

function row(label: Html, value: Html | null): Html | null {
  return value === null ? null : html`<div class="receipt-row"><dt>${label}</dt><dd>${value}</dd></div>`
}

function amountOf(transaction: PaymentPageTransaction): Html {
  return html`<bdi>${coinText(BigInt(transaction.amountRaw), transaction.asset)}</bdi>`
}

/** The whole hash is in the text; the style sheet shows its two ends on screen, and paper gets all of it. */
function hashOf(words: Words, transaction: PaymentPageTransaction): Html | null {
  const hash = transaction.transactionHash
  if (hash === null) return null
  const text = html`<code class="hash" dir="ltr">${hash.slice(0, 10)}<span class="hash-middle">${hash.slice(10, -8)}</span>${hash.slice(-8)}</code>`
  const url = webUrl(transaction.transactionUrl)
  if (url === null) return text
  return html`<a class="hash-link" href="${url}" target="_blank" rel="noopener noreferrer" title="${words.text('opensNewTab')}">${text}</a>`
}
