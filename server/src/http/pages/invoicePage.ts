import { html } from 'hono/html'
import type { Invoice } from '../../domain/invoice.ts'
import { lineTable, taxSums } from '../invoicePaper.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, embeddedScript, type PageAssets, type PageFrame } from './layout.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { PaymentStateKind } from './paymentState.ts'
import type { Html, MessageKey, Words } from './words.ts'

/** What the page of an invoice shows beside it; paths are of our own origin. */
export type InvoicePageOptions = PageAssets & {
  now: { getTime(): number }
  brand: PaymentPage['brand']
  /** Where a form begins the payment, and where the documents are; null where there is none. */
  payPath: string
  pdfPath: string
  receiptPath: string | null
  /** Whether a payment could not be begun just now. */
  isTroubled: boolean
}

/** The page where a customer sees an invoice and pays it; a draft shows nothing but that it is one. */
export function renderInvoicePage(frame: PageFrame, invoice: Invoice, options: InvoicePageOptions): string {
  const { words } = frame
  const { brand } = options
  const kind = KINDS[invoice.status]
  const title =
    invoice.invoiceNumber === null
      ? words.text('invoiceDraft')
      : words.text('invoiceTitle', { number: invoice.invoiceNumber, merchant: brand.name })
  return documentOf(frame, {
    title,
    icon: tabIcon(kind),
    brand,
    head: embeddedScript(frame, options),
    body: html`<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
${brandMark(brand)}
${invoice.status === 'draft' ? statusOf(words, 'unready', 'invoiceDraft', 'invoiceDraftLead', brand.name) : content(frame, invoice, options)}
</section>
</main>`,
  })
}

const KINDS: Readonly<Record<Invoice['status'], PaymentStateKind>> = {
  draft: 'unready',
  open: 'open',
  paid: 'complete',
  void: 'unready',
  uncollectible: 'open',
}

function content(frame: PageFrame, invoice: Invoice, options: InvoicePageOptions): Html {
  const { words } = frame
  // Documents are shown in no frame.
  const beside = frame.embedder === null ? null : html` target="_blank" rel="noopener"`
  const { currency, status } = invoice
  const total = words.price(`${invoice.amountTotal}`, currency ?? '')
  const isOwed = status === 'open' || status === 'uncollectible'
  return html`${status === 'paid' ? statusOf(words, 'complete', 'invoicePaid', null, options.brand.name) : null}
${status === 'void' ? statusOf(words, 'unready', 'invoiceVoid', 'invoiceVoidLead', options.brand.name) : null}
${
  isOwed
    ? html`<h1 id="heading" class="heading"><span class="heading-label">${words.say('invoiceFrom', { merchant: options.brand.name })}</span>
<span class="heading-total">${total}</span></h1>`
    : null
}
${isOwed && options.isTroubled ? html`<p class="lead lead-strong" role="alert">${words.say('invoiceTrouble')}</p><p class="lead">${words.say('invoiceTroubleNext')}</p>` : null}
${facts(words, invoice, options)}
${lines(words, invoice)}
<div class="actions">${
    isOwed
      ? html`<form method="post" action="${options.payPath}"><button class="button button-first" type="submit">${words.text('invoicePay', { amount: total })}</button></form>`
      : null
  }<a class="button" href="${options.pdfPath}"${beside}>${words.say('invoiceDownload')}</a>${
    options.receiptPath === null
      ? null
      : html`<a class="button" href="${options.receiptPath}"${beside}>${words.say('invoiceReceipt')}</a>`
  }</div>`
}

function statusOf(
  words: Words,
  kind: PaymentStateKind,
  text: MessageKey,
  lead: MessageKey | null,
  merchant: string,
): Html {
  return html`<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${words.say(text)}</h1></div>
${lead === null ? null : html`<p class="lead">${words.say(lead, { merchant })}</p>`}`
}

function facts(
  words: Words,
  { invoiceNumber, customer, dueDate, paidAt, customFields, description, status }: Invoice,
  { now }: InvoicePageOptions,
): Html {
  const isOverdue = dueDate !== null && dueDate.getTime() < now.getTime() && status !== 'paid'
  const due =
    dueDate &&
    html`<time datetime="${dueDate.toISOString()}">${words.date(dueDate)}</time>${isOverdue && status === 'open' ? html` (${words.say('invoiceOverdue')})` : null}`
  return html`<dl class="receipt-rows">
${row(words.say('invoiceNumber'), html`${invoiceNumber}`)}
${row(words.say('invoiceBillTo'), html`<bdi>${customer.organizationName ?? customer.name ?? customer.email}</bdi>`)}
${row(words.say('invoiceDueDate'), due)}
${row(words.say('invoicePaidDate'), paidAt && html`<time datetime="${paidAt.toISOString()}">${words.date(paidAt)}</time>`)}
${(customFields ?? []).map(({ name, value }) => row(html`<bdi>${name}</bdi>`, html`<bdi>${value}</bdi>`))}
</dl>
${description === null || description === '' ? null : html`<p class="lead"><bdi>${description}</bdi></p>`}`
}

function lines(words: Words, { items, currency, amountSubtotal, amountTotal }: Invoice): Html | null {
  if (currency === null) return null
  const { rows } = lineTable(words, items, currency)
  const sums = [
    { label: words.text('subtotal'), value: words.price(`${amountSubtotal}`, currency) },
    ...taxSums(words, items, currency),
  ]
  return html`<ul class="lines" aria-label="${words.text('items')}">${rows.map(
    ([what, quantity, each, , amount], index) => {
      const count = items[index]?.quantity ?? 1
      const detail =
        count > 1
          ? html`<p class="line-detail">${words.say('quantityEach', { quantity: quantity?.text ?? '', amount: each?.text ?? '' })}</p>`
          : null
      return html`<li class="line"><div class="line-text"><p class="line-name"><bdi>${what?.text}</bdi></p>${what?.details.map(
        text => html`<p class="line-detail"><bdi>${text}</bdi></p>`,
      )}${detail}</div><p class="line-amount">${amount?.text}</p></li>`
    },
  )}</ul>
<dl class="totals">
${sums.map(({ label, value }) => html`<div class="totals-row"><dt><bdi>${label}</bdi></dt><dd>${value}</dd></div>`)}
<div class="totals-row totals-sum"><dt>${words.say('total')}</dt><dd>${words.price(`${amountTotal}`, currency)}</dd></div>
</dl>`
}

function row(label: Html, value: Html | null): Html | null {
  return value === null ? null : html`<div class="receipt-row"><dt>${label}</dt><dd>${value}</dd></div>`
}
