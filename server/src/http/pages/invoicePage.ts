import { html } from 'hono/html'
import type { Invoice } from '../../domain/invoice.ts'
import { lineTable, taxSums } from '../invoicePaper.ts'
import { priceText } from './amountText.ts'
import { stateIcon, tabIcon } from './icons.ts'
import { brandMark, documentOf, pageFooter, testBanner } from './layout.ts'
import { type Html, type MessageKey, say, sayText } from './messages.ts'
import type { PaymentPage } from './paymentPageView.ts'
import type { PaymentStateKind } from './paymentState.ts'
import { dateText } from './timeText.ts'

/** What the page of an invoice shows beside it; paths are of our own origin. */
export type InvoicePageOptions = {
  styleUrl: string
  isTest: boolean
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
export function renderInvoicePage(invoice: Invoice, options: InvoicePageOptions): string {
  const { brand, styleUrl, isTest } = options
  const kind = KINDS[invoice.status]
  const title =
    invoice.invoiceNumber === null
      ? sayText('invoiceDraft')
      : sayText('invoiceTitle', { number: invoice.invoiceNumber, merchant: brand.name })
  return documentOf({
    title,
    styleUrl,
    icon: tabIcon(kind),
    body: html`${testBanner(isTest)}
<main class="page page-single">
<section class="card card-${kind}" aria-labelledby="heading">
${brandMark(brand)}
${invoice.status === 'draft' ? statusOf('unready', 'invoiceDraft', 'invoiceDraftLead', brand.name) : content(invoice, options)}
</section>
</main>
${pageFooter(brand)}`,
  })
}

const KINDS: Readonly<Record<Invoice['status'], PaymentStateKind>> = {
  draft: 'unready',
  open: 'open',
  paid: 'complete',
  void: 'unready',
  uncollectible: 'open',
}

function content(invoice: Invoice, options: InvoicePageOptions): Html {
  const { currency, status } = invoice
  const total = priceText(`${invoice.amountTotal}`, currency ?? '')
  const isOwed = status === 'open' || status === 'uncollectible'
  return html`${status === 'paid' ? statusOf('complete', 'invoicePaid', null, options.brand.name) : null}
${status === 'void' ? statusOf('unready', 'invoiceVoid', 'invoiceVoidLead', options.brand.name) : null}
${
  isOwed
    ? html`<h1 id="heading" class="heading"><span class="heading-label">${say('invoiceFrom', { merchant: options.brand.name })}</span>
<span class="heading-total">${total}</span></h1>`
    : null
}
${isOwed && options.isTroubled ? html`<p class="lead lead-strong" role="alert">${say('invoiceTrouble')}</p><p class="lead">${say('invoiceTroubleNext')}</p>` : null}
${facts(invoice, options)}
${lines(invoice)}
<div class="actions">${
    isOwed
      ? html`<form method="post" action="${options.payPath}"><button class="button button-first" type="submit">${sayText('invoicePay', { amount: total })}</button></form>`
      : null
  }<a class="button" href="${options.pdfPath}">${say('invoiceDownload')}</a>${
    options.receiptPath === null
      ? null
      : html`<a class="button" href="${options.receiptPath}">${say('invoiceReceipt')}</a>`
  }</div>`
}

function statusOf(kind: PaymentStateKind, text: MessageKey, lead: MessageKey | null, merchant: string): Html {
  return html`<div class="status">${stateIcon(kind)}<h1 id="heading" class="status-text">${say(text)}</h1></div>
${lead === null ? null : html`<p class="lead">${say(lead, { merchant })}</p>`}`
}

function facts(
  { invoiceNumber, customer, dueDate, paidAt, customFields, description, status }: Invoice,
  { now }: InvoicePageOptions,
): Html {
  const isOverdue = dueDate !== null && dueDate.getTime() < now.getTime() && status !== 'paid'
  const due =
    dueDate &&
    html`<time datetime="${dueDate.toISOString()}">${dateText(dueDate)}</time>${isOverdue && status === 'open' ? html` (${say('invoiceOverdue')})` : null}`
  return html`<dl class="receipt-rows">
${row(say('invoiceNumber'), html`${invoiceNumber}`)}
${row(say('invoiceBillTo'), html`<bdi>${customer.organizationName ?? customer.name ?? customer.email}</bdi>`)}
${row(say('invoiceDueDate'), due)}
${row(say('invoicePaidDate'), paidAt && html`<time datetime="${paidAt.toISOString()}">${dateText(paidAt)}</time>`)}
${(customFields ?? []).map(({ name, value }) => row(html`<bdi>${name}</bdi>`, html`<bdi>${value}</bdi>`))}
</dl>
${description === null || description === '' ? null : html`<p class="lead"><bdi>${description}</bdi></p>`}`
}

function lines({ items, currency, amountSubtotal, amountTotal }: Invoice): Html | null {
  if (currency === null) return null
  const { rows } = lineTable(items, currency)
  const sums = [
    { label: sayText('subtotal'), value: priceText(`${amountSubtotal}`, currency) },
    ...taxSums(items, currency),
  ]
  return html`<ul class="lines" aria-label="${sayText('items')}">${rows.map(
    ([what, quantity, each, , amount], index) => {
      const count = items[index]?.quantity ?? 1
      const detail =
        count > 1
          ? html`<p class="line-detail">${say('quantityEach', { quantity: quantity?.text ?? '', amount: each?.text ?? '' })}</p>`
          : null
      return html`<li class="line"><div class="line-text"><p class="line-name"><bdi>${what?.text}</bdi></p>${what?.details.map(
        text => html`<p class="line-detail"><bdi>${text}</bdi></p>`,
      )}${detail}</div><p class="line-amount">${amount?.text}</p></li>`
    },
  )}</ul>
<dl class="totals">
${sums.map(({ label, value }) => html`<div class="totals-row"><dt><bdi>${label}</bdi></dt><dd>${value}</dd></div>`)}
<div class="totals-row totals-sum"><dt>${say('total')}</dt><dd>${priceText(`${amountTotal}`, currency)}</dd></div>
</dl>`
}

function row(label: Html, value: Html | null): Html | null {
  return value === null ? null : html`<div class="receipt-row"><dt>${label}</dt><dd>${value}</dd></div>`
}
