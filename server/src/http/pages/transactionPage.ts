import { html } from 'hono/html'
import type { TestTransaction } from '../../context.ts'
import { type Asset, NATIVE } from '../../domain/asset.ts'
import type { Hex } from '../../domain/hex.ts'
import { coinText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { documentOf, type PageFrame } from './layout.ts'
import type { PaymentStateKind } from './paymentState.ts'
import type { Html, MessageKey, Words } from './words.ts'

const STATUS: Record<TestTransaction['status'], { kind: PaymentStateKind; text: MessageKey }> = {
  waiting: { kind: 'processing', text: 'transactionWaiting' },
  succeeded: { kind: 'complete', text: 'transactionSucceeded' },
  failed: { kind: 'unready', text: 'transactionFailed' },
}

/** The test explorer's page of one transaction; `assets` are those of its chain, and name its amounts. */
export function renderTransactionPage(
  frame: PageFrame,
  transaction: TestTransaction,
  options: { network: string; assets: readonly Asset[] },
): string {
  const { words } = frame
  const { kind, text } = STATUS[transaction.status]
  return pageOf(frame, kind, words.say(text), {
    title: words.text('titleTransaction', { hash: transaction.hash.slice(0, 10) }),
    content: html`<dl class="receipt-rows">
${amounts(words, transaction, options.assets)}
${row(words, 'transactionFrom', code(transaction.from))}
${transaction.to === null ? null : row(words, transaction.tokenTransfers.length > 0 ? 'transactionContract' : 'transactionTo', code(transaction.to))}
${row(words, 'receiptNetwork', html`<bdi>${options.network}</bdi>`)}
${blockRows(words, transaction)}
${row(words, 'receiptTransaction', code(transaction.hash))}
</dl>`,
  })
}

/** The test explorer's page for a transaction that its chain does not know, to be answered with 404. */
export function renderTransactionNotFound(frame: PageFrame): string {
  const { words } = frame
  return pageOf(frame, 'unready', words.say('transactionUnknown'), {
    title: words.text('transactionUnknown'),
    content: html`<p class="lead">${words.say('transactionUnknownLead')}</p>`,
  })
}

function pageOf(frame: PageFrame, kind: PaymentStateKind, heading: Html, parts: { title: string; content: Html }) {
  return documentOf(frame, {
    title: parts.title,
    icon: tabIcon(kind),
    brand: null,
    body: html`<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${heading}</h1></div>
${parts.content}
</section>
</main>`,
  })
}

/** What moved: the coin itself where there is any, and every token transfer with its receiver. */
function amounts(words: Words, { value, tokenTransfers }: TestTransaction, assets: readonly Asset[]): Html {
  const native = assets.find(asset => asset.address === NATIVE)
  return html`${value > 0n && native !== undefined ? row(words, 'transactionAmount', html`${coinText(value, native)}`) : null}
${tokenTransfers.map(
  transfer => html`${row(words, 'transactionAmount', tokenAmount(words, transfer, assets))}
${row(words, 'transactionReceiver', code(transfer.to))}`,
)}`
}

function tokenAmount(
  words: Words,
  { token, amountRaw }: { token: Hex; amountRaw: bigint },
  assets: readonly Asset[],
): Html {
  const asset = assets.find(each => each.address === token)
  if (asset !== undefined) return html`${coinText(amountRaw, asset)}`
  return html`${words.say('transactionUnits', { units: amountRaw.toString() })} ${code(token)}`
}

function blockRows(words: Words, { block }: TestTransaction): Html | null {
  if (block === null) return null
  const time = block.time.toISOString()
  return html`${row(words, 'transactionBlock', html`${block.number.toString()}`)}
${row(words, 'transactionConfirmations', html`${block.confirmations.toString()}`)}
${row(words, 'transactionTime', html`<time datetime="${time}">${words.time(time)}</time>`)}`
}

function row(words: Words, label: MessageKey, value: Html): Html {
  return html`<div class="receipt-row"><dt>${words.say(label)}</dt><dd>${value}</dd></div>`
}

function code(hex: Hex): Html {
  return html`<code class="copyable contract" dir="ltr">${hex}</code>`
}
