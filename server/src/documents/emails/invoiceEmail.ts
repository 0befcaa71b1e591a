import type { Currency } from '../../domain/currency.ts'
import { amountText, dayText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** An invoice that is sent; the amount at 8 decimals. */
export type InvoiceFacts = {
  invoiceNumber: string
  amount: bigint
  currency: Currency
  dueDate: Date | null
  /** What the merchant wrote on it. */
  description: string | null
  url: string
  pdfUrl: string
}

/** What a customer gets with an invoice. */
export function invoiceEmail(facts: InvoiceFacts, brand: EmailBrand): RenderedEmail {
  const { invoiceNumber, amount, currency, dueDate, description, url, pdfUrl } = facts
  const text = amountText(amount, currency)
  const due = dueDate === null ? null : dayText(dueDate)
  return renderEmail(
    {
      subject: `Invoice ${invoiceNumber} from ${brand.name}`,
      preview: due === null ? `${text} to pay.` : `${text} to pay by ${due}.`,
      heading: `${brand.name} sent you an invoice`,
      paragraphs: description === null || description === '' ? [] : [description],
      rows: [
        { label: 'Invoice', value: invoiceNumber },
        ...(due === null ? [] : [{ label: 'Due', value: due }]),
        { label: 'Amount due', value: text, isTotal: true },
      ],
      action: { label: 'View and pay', url },
      links: [{ label: 'Download as PDF', url: pdfUrl }],
      reason: `You get this because ${brand.name} sent an invoice to this address. If you do not know them, do not pay.`,
    },
    brand,
  )
}
