import type { CreateCheckoutSessionLineItem, Invoice } from '@bitstream/sdk'
import { allOf } from '../../data/allOf.ts'
import { checkedOf, requiredDigits, requiredNumber, requiredText, type Typed, textOf } from '../../data/typed.ts'
import type { Currency } from '../../ui/CurrencyField.tsx'
import { keptMoment, startOfDay } from '../../ui/day.ts'

/** A line as the API is asked for it. */
export type Line = CreateCheckoutSessionLineItem & { periodStart?: string; periodEnd?: string }

/** As many as the API takes. */
export const LINES_MAX = 100

/** What stands for a price that is made with the line. */
export const NEW_ITEM = 'new'

/** The name of the fields of a line. */
export function lineName(index: number): string {
  return `lineItems.data[${index}]`
}

/** The lines that were typed, null where they are those that the invoice has: then its prices stay as they were agreed. Throws a field's problem. */
export function linesChanged(typed: Typed, invoice: Invoice | null): Line[] | null {
  const lines = Object.values(
    allOf(Object.fromEntries(typedNames(typed).map(name => [name, () => lineOf(typed, name, invoice)]))),
  )
  const isSame = invoice !== null && JSON.stringify(lines) === JSON.stringify(linesOf(invoice))
  return isSame ? null : lines
}

/** As `linesChanged`, without the lines that are not whole yet; null for none as well. */
export function wholeLines(typed: Typed, invoice: Invoice | null): Line[] | null {
  const names = typedNames(typed)
  const lines = names.flatMap(name => {
    try {
      return [lineOf(typed, name, invoice)]
    } catch {
      return []
    }
  })
  const isSame = invoice !== null && JSON.stringify(lines) === JSON.stringify(linesOf(invoice))
  return isSame || lines.length === 0 ? null : lines
}

/** The lines of an invoice as they are asked for; a line that has not the taxes of the whole names its own. */
export function linesOf({ lineItems, taxRateIds }: Invoice): Line[] {
  const whole = [...taxRateIds].sort().join()
  return lineItems.data.map(({ price, quantity, periodStart, periodEnd, taxRates }) => {
    const own = taxRates.map(({ id }) => id)
    return {
      ...{ priceId: price.id, quantity },
      ...(periodStart !== null && { periodStart }),
      ...(periodEnd !== null && { periodEnd }),
      ...(own.toSorted().join() !== whole && { taxRateIds: own }),
    }
  })
}

function typedNames(typed: Typed): string[] {
  return Array.from({ length: LINES_MAX }, (_, index) => lineName(index)).filter(
    name => typed[`${name}.quantity`] !== undefined,
  )
}

function lineOf(typed: Typed, name: string, invoice: Invoice | null): Line {
  const before = invoice === null ? undefined : linesOf(invoice)[Number(typed[`${name}.was`])]
  const priceId = typed[`${name}.priceId`]
  const start = keptMoment(typed[`${name}.periodStart`], before?.periodStart, startOfDay)
  const end = keptMoment(typed[`${name}.periodEnd`], before?.periodEnd)
  const { price, quantity } = allOf({
    price: () =>
      priceId === NEW_ITEM || priceId === undefined
        ? { priceData: newPrice(typed, name) }
        : { priceId: requiredText(priceId, `${name}.priceId`, 'Choose what is paid for.') },
    quantity: () => requiredNumber(typed[`${name}.quantity`], `${name}.quantity`),
  })
  return {
    ...price,
    quantity,
    ...(start !== null && { periodStart: start }),
    ...(end !== null && { periodEnd: end }),
    ...(typed[`${name}.taxes`] === 'own' && { taxRateIds: ownTaxes(typed, name, before) }),
  }
}

function newPrice(typed: Typed, name: string): NonNullable<Line['priceData']> {
  const field = `${name}.priceData`
  const description = textOf(typed[`${field}.productData.description`])
  const called = `${field}.productData.name`
  const { name: title, unitAmount } = allOf({
    name: () => requiredText(typed[called], called, 'Say what is paid for.'),
    unitAmount: () => requiredDigits(typed[`${field}.unitAmount`], `${field}.unitAmount`),
  })
  return {
    currency: typed[`${field}.currency`] as Currency,
    unitAmount,
    productData: { name: title, ...(description !== null && { description }) },
  }
}

/** In the order that they had, so that nothing has changed where nothing was. */
function ownTaxes(typed: Typed, name: string, before: Line | undefined): string[] {
  const checked = checkedOf(typed, `${name}.tax.`)
  const had = before?.taxRateIds ?? []
  return [...had.filter(id => checked.includes(id)), ...checked.filter(id => !had.includes(id))]
}
