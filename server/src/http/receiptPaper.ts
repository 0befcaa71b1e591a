import type { Paper } from '../documents/paper.ts'
import type { Chain } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Issuer } from '../domain/invoice.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import { addressLines, issuerBlock, type Look, lineTable, pageText, present, taxSums } from './invoicePaper.ts'
import { coinText } from './pages/amountText.ts'
import { ENGLISH_WORDS, type Words } from './pages/words.ts'

/** What a receipt is printed from. */
export type ReceiptTerms = {
  session: CheckoutSession
  issuer: Issuer
  invoiceNumber: string | null
  look: Look
  chains: ReadonlyMap<number, Chain>
}

/** The receipt of a session's payment as it is printed, with the proof on chain. */
export function receiptPaper({ session, issuer, invoiceNumber, look, chains }: ReceiptTerms): Paper {
  const words = ENGLISH_WORDS
  const { currency, intent, lineItems, amountSubtotal, amountDiscount, amountFee, amountTotal, options } = session
  const { receipt } = intent
  invariant(receipt, 'a payment that succeeded has a receipt')
  const { organizationName, name, email, address } = options.customerDetails
  const price = (amount: bigint) => words.price(`${amount}`, currency)
  const amount = price(amountTotal)
  const paidOn = words.date(receipt.createdAt)
  const sum = (label: string, value: bigint, sign = '') =>
    value === 0n ? [] : [{ label, value: `${sign}${price(value)}`, isTotal: false }]
  const payments = session.transfers.filter(({ orphanedAt, unmatchedReason }) => !orphanedAt && !unmatchedReason)
  return {
    ...{ language: words.language, title: words.text('receipt'), number: receipt.receiptNumber },
    issuedAt: receipt.createdAt,
    issuer: issuerBlock(words, issuer, look),
    stamp: { text: words.text('paperStampPaid'), tone: 'good' },
    party: {
      label: words.text('receiptPaidBy'),
      lines: present([organizationName, name, ...addressLines(address), email]),
    },
    facts: [
      { label: words.text('receiptNumber'), value: receipt.receiptNumber },
      { label: words.text('invoicePaidDate'), value: paidOn },
      ...(invoiceNumber === null ? [] : [{ label: words.text('invoiceNumber'), value: invoiceNumber }]),
      { label: words.text('receiptReference'), value: session.id },
    ],
    headline: { text: words.text('paperPaidOn', { amount, date: paidOn }), link: null },
    ...lineTable(words, lineItems, currency),
    sums: [
      { label: words.text('subtotal'), value: price(amountSubtotal), isTotal: false },
      ...sum(words.text('discount'), amountDiscount, '−'),
      ...taxSums(words, lineItems, currency),
      ...sum(words.text('fee'), amountFee),
      { label: words.text('total'), value: amount, isTotal: true },
    ],
    notes: payments.map((payment, index) => ({
      label: index === 0 ? words.text('receiptPayments') : null,
      text: paymentText(words, payment, chains),
    })),
    pageText: (page, pages) => pageText(words, page, pages),
  }
}

function paymentText(
  words: Words,
  { asset, amountRaw, txHash, blockTime }: SessionTransfer,
  chains: ReceiptTerms['chains'],
): string {
  const network = chains.get(asset.chainId)?.name ?? `${asset.chainId}`
  const amount = coinText(amountRaw, asset)
  const what = words.text('receiptPayment', { amount, network, time: words.time(blockTime.toISOString()) })
  return present([what, txHash === null ? null : `${words.text('receiptTransaction')} ${txHash}`]).join('\n')
}
