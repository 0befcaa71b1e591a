import type { Context } from '../context.ts'
import type { Invoice } from '../domain/invoice.ts'
import { invoiceUrl } from '../domain/invoiceView.ts'
import { AMOUNT_DECIMALS, formatDecimal } from '../domain/money.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { insertEmail } from '../store/emails.ts'

/** Lets a finalized invoice be sent to its customer, and to `invoice.cc`, with this transaction. */
export async function sendInvoiceEmail(tx: Tx, ctx: Context, invoice: Invoice): Promise<void> {
  const { organizationId, invoiceNumber, customer, issuer, currency, dueDate, amountTotal, cc } = invoice
  const now = ctx.clock.now()
  const from = issuer?.name ?? ''
  const url = invoiceUrl(invoice, { payUrl: ctx.config.publicUrl ?? '' })
  const lines = [
    `${from} sent you the invoice ${invoiceNumber}.`,
    `Amount: ${formatDecimal(amountTotal, AMOUNT_DECIMALS)} ${currency?.toUpperCase()}`,
    ...(dueDate === null ? [] : [`Due: ${dueDate.toISOString().slice(0, 10)}`]),
  ]
  await insertEmail(tx, {
    id: uuidv7(now, ctx.random(10)),
    organizationId,
    createdAt: now,
    kind: 'invoice',
    recipient: customer.email,
    cc,
    replyTo: issuer?.email ?? null,
    subject: `Invoice ${invoiceNumber} from ${from}`,
    ...bodies(lines, [
      { text: 'See and pay it', url },
      { text: 'Download it', url: `${url}/pdf` },
    ]),
    attachments: [],
  })
}

/** A message of a few lines and links, as plain text and as HTML. */
export function bodies(
  lines: readonly string[],
  links: readonly { text: string; url: string }[],
): { text: string; html: string } {
  const anchors = links.map(({ text, url }) => `<p><a href="${escaped(url)}">${escaped(text)}</a></p>`)
  return {
    text: [...lines, ...links.map(({ text, url }) => `${text}: ${url}`)].join('\n\n'),
    html: [...lines.map(line => `<p>${escaped(line)}</p>`), ...anchors].join('\n'),
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
