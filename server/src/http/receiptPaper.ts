import type { Paper } from '../documents/paper.ts'
import type { Chain } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Issuer } from '../domain/invoice.ts'
import type { CheckoutSession, SessionTransfer } from '../domain/session.ts'
import { addressLines, issuerBlock, type Look, lineTable, pageText, present, taxSums } from './invoicePaper.ts'
import { coinText, priceText } from './pages/amountText.ts'
import { sayText } from './pages/messages.ts'
import { dateText, timeText } from './pages/timeText.ts'

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
  const { currency, intent, lineItems, amountSubtotal, amountDiscount, amountFee, amountTotal, options } = session
  const { receipt } = intent
  invariant(receipt, 'a payment that succeeded has a receipt')
  const { organizationName, name, email, address } = options.customerDetails
  const price = (amount: bigint) => priceText(`${amount}`, currency)
  const amount = price(amountTotal)
  const paidOn = dateText(receipt.createdAt)
  const sum = (label: string, value: bigint, sign = '') =>
    value === 0n ? [] : [{ label, value: `${sign}${price(value)}`, isTotal: false }]
  const payments = session.transfers.filter(({ orphanedAt, unmatchedReason }) => !orphanedAt && !unmatchedReason)
  return {
    ...{ language: sayText('language'), title: sayText('receipt'), number: receipt.receiptNumber },
    issuedAt: receipt.createdAt,
    issuer: issuerBlock(issuer, look),
    stamp: { text: sayText('paperStampPaid'), tone: 'good' },
    party: {
      label: sayText('receiptPaidBy'),
      lines: present([organizationName, name, ...addressLines(address), email]),
    },
    facts: [
      { label: sayText('receiptNumber'), value: receipt.receiptNumber },
      { label: sayText('invoicePaidDate'), value: paidOn },
      ...(invoiceNumber === null ? [] : [{ label: sayText('invoiceNumber'), value: invoiceNumber }]),
      { label: sayText('receiptReference'), value: session.id },
    ],
    headline: { text: sayText('paperPaidOn', { amount, date: paidOn }), link: null },
    ...lineTable(lineItems, currency),
    sums: [
      { label: sayText('subtotal'), value: price(amountSubtotal), isTotal: false },
      ...sum(sayText('discount'), amountDiscount, '−'),
      ...taxSums(lineItems, currency),
      ...sum(sayText('fee'), amountFee),
      { label: sayText('total'), value: amount, isTotal: true },
    ],
    notes: payments.map((payment, index) => ({
      label: index === 0 ? sayText('receiptPayments') : null,
      text: paymentText(payment, chains),
    })),
    pageText,
  }
}

function paymentText({ asset, amountRaw, txHash, blockTime }: SessionTransfer, chains: ReceiptTerms['chains']): string {
  const network = chains.get(asset.chainId)?.name ?? `${asset.chainId}`
  const amount = coinText(amountRaw, asset)
  const what = sayText('receiptPayment', { amount, network, time: timeText(blockTime.toISOString()) })
  return present([what, txHash === null ? null : `${sayText('receiptTransaction')} ${txHash}`]).join('\n')
}
