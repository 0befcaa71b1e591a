import { html } from 'hono/html'
import type { TestTransaction } from '../../context.ts'
import { type Asset, NATIVE } from '../../domain/asset.ts'
import type { Hex } from '../../domain/hex.ts'
import { coinText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, pageFooter, testBanner } from './layout.ts'
import { type Html, type MessageKey, say, sayText } from './messages.ts'
import type { PaymentStateKind } from './paymentState.ts'
import { timeText } from './timeText.ts'

const STATUS: Record<TestTransaction['status'], { kind: PaymentStateKind; text: MessageKey }> = {
  waiting: { kind: 'processing', text: 'transactionWaiting' },
  succeeded: { kind: 'complete', text: 'transactionSucceeded' },
  failed: { kind: 'unready', text: 'transactionFailed' },
}

/** The test explorer's page of one transaction; `assets` are those of its chain, and name its amounts. */
export function renderTransactionPage(
  transaction: TestTransaction,
  options: { styleUrl: string; network: string; assets: readonly Asset[] },
): string {
  const { kind, text } = STATUS[transaction.status]
  return pageOf(kind, say(text), {
    styleUrl: options.styleUrl,
    title: sayText('titleTransaction', { hash: transaction.hash.slice(0, 10) }),
    content: html`<dl class="receipt-rows">
${amounts(transaction, options.assets)}
${row('transactionFrom', code(transaction.from))}
${transaction.to === null ? null : row(transaction.tokenTransfers.length > 0 ? 'transactionContract' : 'transactionTo', code(transaction.to))}
${row('receiptNetwork', html`<bdi>${options.network}</bdi>`)}
${blockRows(transaction)}
${row('receiptTransaction', code(transaction.hash))}
</dl>`,
  })
}

/** The test explorer's page for a transaction that its chain does not know, to be answered with 404. */
export function renderTransactionNotFound(options: { styleUrl: string }): string {
  return pageOf('unready', say('transactionUnknown'), {
    styleUrl: options.styleUrl,
    title: sayText('transactionUnknown'),
    content: html`<p class="lead">${say('transactionUnknownLead')}</p>`,
  })
}

function pageOf(kind: PaymentStateKind, heading: Html, parts: { styleUrl: string; title: string; content: Html }) {
  return documentOf({
    title: parts.title,
    styleUrl: parts.styleUrl,
    icon: tabIcon(kind),
    body: html`${testBanner(true)}
<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${heading}</h1></div>
${parts.content}
</section>
</main>
${pageFooter(null)}`,
  })
}

/** What moved: the coin itself where there is any, and every token transfer with its receiver. */
function amounts({ value, tokenTransfers }: TestTransaction, assets: readonly Asset[]): Html {
  const native = assets.find(asset => asset.address === NATIVE)
  return html`${value > 0n && native !== undefined ? row('transactionAmount', html`${coinText(value, native)}`) : null}
${tokenTransfers.map(
  transfer => html`${row('transactionAmount', tokenAmount(transfer, assets))}
${row('transactionReceiver', code(transfer.to))}`,
)}`
}

function tokenAmount({ token, amountRaw }: { token: Hex; amountRaw: bigint }, assets: readonly Asset[]): Html {
  const asset = assets.find(each => each.address === token)
  if (asset !== undefined) return html`${coinText(amountRaw, asset)}`
  return html`${say('transactionUnits', { units: amountRaw.toString() })} ${code(token)}`
}

function blockRows({ block }: TestTransaction): Html | null {
  if (block === null) return null
  const time = block.time.toISOString()
  return html`${row('transactionBlock', html`${block.number.toString()}`)}
${row('transactionConfirmations', html`${block.confirmations.toString()}`)}
${row('transactionTime', html`<time datetime="${time}">${timeText(time)}</time>`)}`
}

function row(label: MessageKey, value: Html): Html {
  return html`<div class="receipt-row"><dt>${say(label)}</dt><dd>${value}</dd></div>`
}

function code(hex: Hex): Html {
  return html`<code class="copyable contract" dir="ltr">${hex}</code>`
}
