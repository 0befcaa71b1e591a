import type { Paper, Sum } from '../documents/paper.ts'
import type { Currency } from '../domain/currency.ts'
import { invariant } from '../domain/errors.ts'
import { type Invoice, type Issuer, issuerOf } from '../domain/invoice.ts'
import { invoiceUrl } from '../domain/invoiceView.ts'
import { percentOf } from '../domain/priceView.ts'
import type { Address, Brand, LineItem } from '../domain/session.ts'
import { ENGLISH_WORDS, type Words } from './pages/words.ts'

/** How an issuer's papers look. */
export type Look = { brand: Pick<Brand, 'color'>; logo: Uint8Array | null }

/** A finalized invoice as it is printed; `payUrl` is where customers pay. */
export function invoicePaper(invoice: Invoice, look: Look, payUrl: string): Paper {
  const words = ENGLISH_WORDS
  const { invoiceNumber, finalizedAt, currency, customer, customFields, description, footer, items } = invoice
  invariant(invoiceNumber !== null && finalizedAt !== null && currency !== null, 'a finalized invoice is numbered')
  const fields = (customFields ?? []).map(({ name, value }) => ({ label: name, value }))
  const taxNumbers = customer.taxIds.map(({ name, value, country }) => [name, value, country].filter(Boolean).join(' '))
  return {
    ...{ language: words.language, title: words.text('invoice'), number: invoiceNumber, issuedAt: finalizedAt },
    issuer: issuerBlock(words, invoice.issuer ?? issuerOf(invoice.organization), look),
    stamp: stampOf(words, invoice),
    party: {
      label: words.text('invoiceBillTo'),
      lines: present([
        ...[customer.organizationName, customer.name, ...addressLines(customer.address), customer.email],
        ...taxNumbers,
      ]),
    },
    facts: [...datesOf(words, invoice, invoiceNumber), ...fields],
    headline: { text: headlineOf(words, invoice, currency), link: linkOf(words, invoice, payUrl) },
    ...lineTable(words, items, currency),
    sums: sumsOf(words, invoice, currency),
    notes: present([description, footer]).map(text => ({ label: null, text })),
    pageText: (page, pages) => pageText(words, page, pages),
  }
}

/** Who issues a paper, line by line. */
export function issuerBlock(words: Words, issuer: Issuer, { brand, logo }: Look): Paper['issuer'] {
  const { name, address, email, phone, taxIdentificationNumber: tax, companyIdentificationNumber: company } = issuer
  const lines = present([
    ...[...addressLines(address), email, phone],
    company === null ? null : words.text('paperCompanyId', { number: company }),
    tax === null ? null : words.text('paperTaxId', { number: tax }),
  ])
  return { name, lines, logo, color: brand.color ?? DEFAULT_COLOR }
}

const DEFAULT_COLOR = '#1f6feb'

/** `Page 1 of 2`. */
export function pageText(words: Words, page: number, pages: number): string {
  return words.text('paperPage', { page: `${page}`, pages: `${pages}` })
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
export function lineTable(
  words: Words,
  items: readonly LineItem[],
  currency: Currency,
): Pick<Paper, 'columns' | 'rows'> {
  const price = (amount: bigint) => words.price(`${amount}`, currency)
  const plain = (text: string) => ({ text, details: [] })
  return {
    columns: [
      { label: words.text('paperDescription'), share: 42, isAmount: false },
      { label: words.text('paperQuantity'), share: 9, isAmount: true },
      { label: words.text('paperUnitPrice'), share: 19, isAmount: true },
      { label: words.text('paperTax'), share: 11, isAmount: true },
      { label: words.text('paperAmount'), share: 19, isAmount: true },
    ],
    rows: items.map(item => [
      { text: item.price.product.name, details: detailsOf(words, item) },
      plain(`${item.quantity}`),
      plain(price(item.price.unitAmount ?? item.unitAmount ?? 0n)),
      plain(item.taxes.map(each => rateText(words, each)).join(', ')),
      plain(price(item.amountSubtotal)),
    ]),
  }
}

function detailsOf(words: Words, { periodStart, periodEnd, description, price }: LineItem): string[] {
  const period = present([periodStart, periodEnd].map(time => time && words.date(time))).join(' – ')
  return present([period, (description ?? price.product.description)?.replaceAll(/\s+/g, ' ')])
}

function rateText(words: Words, { ratePpm, type }: LineItem['taxes'][number]): string {
  const percentage = `${percentOf(ratePpm)}`
  return type === 'inclusive' ? words.text('paperTaxIncluded', { percentage }) : `${percentage}%`
}

/** What each tax is of all lines together, those that prices include told apart. */
export function taxSums(words: Words, items: readonly LineItem[], currency: Currency): Sum[] {
  const taxes = Map.groupBy(
    items.flatMap(item => item.taxes),
    ({ id }) => id,
  )
  return [...taxes.values()].flatMap(same => {
    const [tax] = same
    if (tax === undefined) return []
    const values = { name: tax.name, percentage: `${percentOf(tax.ratePpm)}` }
    const label = words.text(tax.type === 'inclusive' ? 'invoiceTaxIncluded' : 'invoiceTaxOf', values)
    const amount = same.reduce((sum, each) => sum + BigInt(each.amount), 0n)
    return { label, value: words.price(`${amount}`, currency), isTotal: false }
  })
}

function sumsOf(words: Words, { items, amountSubtotal, amountTotal, status }: Invoice, currency: Currency): Sum[] {
  const price = (amount: bigint) => words.price(`${amount}`, currency)
  const isOwed = status === 'open' || status === 'uncollectible'
  return [
    { label: words.text('subtotal'), value: price(amountSubtotal), isTotal: false },
    ...taxSums(words, items, currency),
    { label: words.text('total'), value: price(amountTotal), isTotal: true },
    { label: words.text('paperAmountDue'), value: price(isOwed ? amountTotal : 0n), isTotal: true },
  ]
}

function datesOf(words: Words, { finalizedAt, dueDate, paidAt }: Invoice, number: string): Paper['facts'] {
  const dates = [
    { label: words.text('invoiceIssued'), date: finalizedAt },
    { label: words.text('invoiceDueDate'), date: dueDate },
    { label: words.text('invoicePaidDate'), date: paidAt },
  ]
  return [
    { label: words.text('invoiceNumber'), value: number },
    ...dates.flatMap(({ label, date }) => (date === null ? [] : { label, value: words.date(date) })),
  ]
}

function headlineOf(words: Words, { status, amountTotal, dueDate, paidAt }: Invoice, currency: Currency): string {
  const amount = words.price(`${amountTotal}`, currency)
  if (status === 'void') return words.text('paperVoid')
  if (paidAt !== null) return words.text('paperPaidOn', { amount, date: words.date(paidAt) })
  return dueDate === null
    ? words.text('paperDue', { amount })
    : words.text('paperDueOn', { amount, date: words.date(dueDate) })
}

function linkOf(words: Words, invoice: Invoice, payUrl: string): Paper['headline']['link'] {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return null
  return { text: words.text('paperPayOnline'), url: invoiceUrl(invoice, { payUrl }) }
}

function stampOf(words: Words, { status }: Invoice): Paper['stamp'] {
  if (status === 'paid') return { text: words.text('paperStampPaid'), tone: 'good' }
  return status === 'void' ? { text: words.text('paperStampVoid'), tone: 'bad' } : null
}
