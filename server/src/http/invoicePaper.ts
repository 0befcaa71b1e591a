import type { Paper, Sum } from '../documents/paper.ts'
import type { Currency } from '../domain/currency.ts'
import { invariant } from '../domain/errors.ts'
import { type Invoice, type Issuer, issuerOf } from '../domain/invoice.ts'
import { invoiceUrl } from '../domain/invoiceView.ts'
import { percentOf } from '../domain/priceView.ts'
import type { Address, Brand, LineItem } from '../domain/session.ts'
import { priceText } from './pages/amountText.ts'
import { sayText } from './pages/messages.ts'
import { dateText } from './pages/timeText.ts'

/** How an issuer's papers look. */
export type Look = { brand: Pick<Brand, 'color'>; logo: Uint8Array | null }

/** A finalized invoice as it is printed; `payUrl` is where customers pay. */
export function invoicePaper(invoice: Invoice, look: Look, payUrl: string): Paper {
  const { invoiceNumber, finalizedAt, currency, customer, customFields, description, footer, items } = invoice
  invariant(invoiceNumber !== null && finalizedAt !== null && currency !== null, 'a finalized invoice is numbered')
  const fields = (customFields ?? []).map(({ name, value }) => ({ label: name, value }))
  const taxNumbers = customer.taxIds.map(({ name, value, country }) => [name, value, country].filter(Boolean).join(' '))
  return {
    ...{ language: sayText('language'), title: sayText('invoice'), number: invoiceNumber, issuedAt: finalizedAt },
    issuer: issuerBlock(invoice.issuer ?? issuerOf(invoice.organization), look),
    stamp: stampOf(invoice),
    party: {
      label: sayText('invoiceBillTo'),
      lines: present([
        ...[customer.organizationName, customer.name, ...addressLines(customer.address), customer.email],
        ...taxNumbers,
      ]),
    },
    facts: [...datesOf(invoice, invoiceNumber), ...fields],
    headline: { text: headlineOf(invoice, currency), link: linkOf(invoice, payUrl) },
    ...lineTable(items, currency),
    sums: sumsOf(invoice, currency),
    notes: present([description, footer]).map(text => ({ label: null, text })),
    pageText,
  }
}

/** Who issues a paper, line by line. */
export function issuerBlock(issuer: Issuer, { brand, logo }: Look): Paper['issuer'] {
  const { name, address, email, phone, taxIdentificationNumber: tax, companyIdentificationNumber: company } = issuer
  const lines = present([
    ...[...addressLines(address), email, phone],
    company === null ? null : sayText('paperCompanyId', { number: company }),
    tax === null ? null : sayText('paperTaxId', { number: tax }),
  ])
  return { name, lines, logo, color: brand.color ?? DEFAULT_COLOR }
}

const DEFAULT_COLOR = '#1f6feb'

/** `Page 1 of 2`. */
export function pageText(page: number, pages: number): string {
  return sayText('paperPage', { page: `${page}`, pages: `${pages}` })
}

/** A postal address as it stands on a letter. */
export function addressLines(address: Address | null): string[] {
  const { line1, line2, city, state, postalCode, country } = address ?? {}
  return present([line1, line2, present([city, state, postalCode]).join(' '), country])
}

/** Those of the texts that say something. */
export function present(texts: readonly (string | null | undefined)[]): string[] {
  return texts.filter((text): text is string => text !== null && text !== undefined && text.trim() !== '')
}

/** The table of what is paid for; amounts are before taxes that are added. */
export function lineTable(items: readonly LineItem[], currency: Currency): Pick<Paper, 'columns' | 'rows'> {
  const price = (amount: bigint) => priceText(`${amount}`, currency)
  const plain = (text: string) => ({ text, details: [] })
  return {
    columns: [
      { label: sayText('paperDescription'), share: 42, isAmount: false },
      { label: sayText('paperQuantity'), share: 9, isAmount: true },
      { label: sayText('paperUnitPrice'), share: 19, isAmount: true },
      { label: sayText('paperTax'), share: 11, isAmount: true },
      { label: sayText('paperAmount'), share: 19, isAmount: true },
    ],
    rows: items.map(item => [
      { text: item.price.product.name, details: detailsOf(item) },
      plain(`${item.quantity}`),
      plain(price(item.price.unitAmount ?? item.unitAmount ?? 0n)),
      plain(item.taxes.map(rateText).join(', ')),
      plain(price(item.amountSubtotal)),
    ]),
  }
}

function detailsOf({ periodStart, periodEnd, description, price }: LineItem): string[] {
  const period = present([periodStart, periodEnd].map(time => time && dateText(time))).join(' – ')
  return present([period, (description ?? price.product.description)?.replaceAll(/\s+/g, ' ')])
}

function rateText({ ratePpm, type }: LineItem['taxes'][number]): string {
  const percentage = `${percentOf(ratePpm)}`
  return type === 'inclusive' ? sayText('paperTaxIncluded', { percentage }) : `${percentage}%`
}

/** What each tax is of all lines together, those that prices include told apart. */
export function taxSums(items: readonly LineItem[], currency: Currency): Sum[] {
  const taxes = Map.groupBy(
    items.flatMap(item => item.taxes),
    ({ id }) => id,
  )
  return [...taxes.values()].flatMap(same => {
    const [tax] = same
    if (tax === undefined) return []
    const values = { name: tax.name, percentage: `${percentOf(tax.ratePpm)}` }
    const label = sayText(tax.type === 'inclusive' ? 'invoiceTaxIncluded' : 'invoiceTaxOf', values)
    const amount = same.reduce((sum, each) => sum + BigInt(each.amount), 0n)
    return { label, value: priceText(`${amount}`, currency), isTotal: false }
  })
}

function sumsOf({ items, amountSubtotal, amountTotal, status }: Invoice, currency: Currency): Sum[] {
  const price = (amount: bigint) => priceText(`${amount}`, currency)
  const isOwed = status === 'open' || status === 'uncollectible'
  return [
    { label: sayText('subtotal'), value: price(amountSubtotal), isTotal: false },
    ...taxSums(items, currency),
    { label: sayText('total'), value: price(amountTotal), isTotal: true },
    { label: sayText('paperAmountDue'), value: price(isOwed ? amountTotal : 0n), isTotal: true },
  ]
}

function datesOf({ finalizedAt, dueDate, paidAt }: Invoice, number: string): Paper['facts'] {
  const dates = [
    { label: sayText('invoiceIssued'), date: finalizedAt },
    { label: sayText('invoiceDueDate'), date: dueDate },
    { label: sayText('invoicePaidDate'), date: paidAt },
  ]
  return [
    { label: sayText('invoiceNumber'), value: number },
    ...dates.flatMap(({ label, date }) => (date === null ? [] : { label, value: dateText(date) })),
  ]
}

function headlineOf({ status, amountTotal, dueDate, paidAt }: Invoice, currency: Currency): string {
  const amount = priceText(`${amountTotal}`, currency)
  if (status === 'void') return sayText('paperVoid')
  if (paidAt !== null) return sayText('paperPaidOn', { amount, date: dateText(paidAt) })
  return dueDate === null ? sayText('paperDue', { amount }) : sayText('paperDueOn', { amount, date: dateText(dueDate) })
}

function linkOf(invoice: Invoice, payUrl: string): Paper['headline']['link'] {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return null
  return { text: sayText('paperPayOnline'), url: invoiceUrl(invoice, { payUrl }) }
}

function stampOf({ status }: Invoice): Paper['stamp'] {
  if (status === 'paid') return { text: sayText('paperStampPaid'), tone: 'good' }
  return status === 'void' ? { text: sayText('paperStampVoid'), tone: 'bad' } : null
}
