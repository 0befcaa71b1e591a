import type { Currency } from '../../domain/currency.ts'
import { amountText, timeText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** What a receipt says; amounts at 8 decimals, those that are 0 are left out but for the total. */
export type ReceiptFacts = {
  receiptNumber: string
  paidAt: Date
  currency: Currency
  lines: readonly { name: string; quantity: number; amount: bigint }[]
  discount: bigint
  tax: bigint
  fee: bigint
  total: bigint
  /** What was sent, on which network, in words. */
  payments: readonly string[]
  url: string
  pdfUrl: string
  isTest: boolean
}

/** What a payer gets for a payment. */
export function receiptEmail(facts: ReceiptFacts, brand: EmailBrand): RenderedEmail {
  const { receiptNumber, paidAt, currency, lines, discount, tax, fee, total, payments, url, pdfUrl, isTest } = facts
  const text = amountText(total, currency)
  const extra = [
    { label: 'Discount', value: `−${amountText(discount, currency)}`, amount: discount },
    { label: 'Tax', value: amountText(tax, currency), amount: tax },
    { label: 'Fee', value: amountText(fee, currency), amount: fee },
  ]
  return renderEmail(
    {
      subject: `Receipt from ${brand.name}: ${text}`,
      preview: `Receipt ${receiptNumber} of ${timeText(paidAt)}.`,
      heading: `You paid ${text}`,
      paragraphs: [
        `${brand.name} has your payment. Thank you.`,
        ...(isTest ? ['This was a test: no real money was used.'] : []),
      ],
      rows: [
        { label: 'Receipt', value: receiptNumber },
        { label: 'Paid', value: timeText(paidAt) },
        ...lines.map(({ name, quantity, amount }) => ({
          label: quantity === 1 ? name : `${quantity} × ${name}`,
          value: amountText(amount, currency),
        })),
        ...extra.filter(({ amount }) => amount > 0n),
        { label: 'Total', value: text, isTotal: true },
        ...payments.map(value => ({ label: 'Paid with', value })),
      ],
      action: { label: 'View the payment', url },
      links: [{ label: 'Download the receipt as PDF', url: pdfUrl }],
      reason: `You get this because this address was given for a payment to ${brand.name}.`,
    },
    brand,
  )
}
