import type { Currency } from '../../domain/currency.ts'
import { amountText, dayText } from './plainText.ts'
import { type EmailBrand, type RenderedEmail, renderEmail } from './renderEmail.ts'

/** An open invoice whose due date has passed; the amount at 8 decimals. */
export type OverdueFacts = {
  invoiceNumber: string
  customer: string
  amount: bigint
  currency: Currency
  dueDate: Date
  url: string
}

/** What a merchant gets when a customer has not paid in time. */
export function overdueEmail(facts: OverdueFacts, brand: EmailBrand): RenderedEmail {
  const { invoiceNumber, customer, amount, currency, dueDate, url } = facts
  const text = amountText(amount, currency)
  return renderEmail(
    {
      subject: `Invoice ${invoiceNumber} is overdue`,
      preview: `${customer} owes ${text} since ${dayText(dueDate)}.`,
      heading: `Invoice ${invoiceNumber} is overdue`,
      paragraphs: [
        'It was not paid by its due date. It can still be paid: send it again, or end it by marking it as uncollectible or void.',
      ],
      rows: [
        { label: 'Customer', value: customer },
        { label: 'Due', value: dayText(dueDate) },
        { label: 'Amount due', value: text, isTotal: true },
      ],
      action: { label: 'See what the customer sees', url },
      reason: `You get this because this is the address of ${brand.name}.`,
    },
    brand,
  )
}
