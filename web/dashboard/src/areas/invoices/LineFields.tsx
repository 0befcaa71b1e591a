import type { CreateCheckoutSessionLineItem, Invoice } from '@bitstream/sdk'
import { type Bind, requiredNumber, type Typed } from '../../layout/FormPage.tsx'
import { AmountField, requiredDigits } from '../../ui/AmountField.tsx'
import { amountText } from '../../ui/amount.ts'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormRows } from '../../ui/FormRows.tsx'
import type { SellablePrice } from './InvoiceForm.tsx'

const NEW = 'new'
const MOST = 100
const nameAt = (index: number) => `lineItems.data[${index}]`

type Line = CreateCheckoutSessionLineItem
type Props = { typed: Typed; bind: Bind; prices: readonly SellablePrice[]; invoice: Invoice | null }

/** The lines of a draft: each has a price of the catalogue, or one of its own. */
export function LineFields({ typed, bind, prices, invoice }: Props) {
  const before = invoice === null ? [] : linesOf(invoice)
  const choices = [
    ...prices.map(
      ({ id, product, unitAmount, currency }) =>
        [id, `${product.name}, ${amountText(unitAmount ?? '0', currency)}`] as const,
    ),
    [NEW, 'Something new'] as const,
  ]
  return (
    <FormRows
      noun="Line"
      count={Math.max(1, before.length)}
      least={1}
      most={MOST}
      row={(index, at) => {
        const name = nameAt(index)
        const line = before[at]
        const chosen = typed[`${name}.priceId`] ?? line?.priceId ?? choices[0]?.[0] ?? NEW
        const currency = typed[`${name}.priceData.currency`] ?? prices[0]?.currency ?? 'usdc'
        return (
          <div className="flex flex-col gap-3">
            <input type="hidden" name={`${name}.kept`} value={JSON.stringify(keptOf(line))} />
            <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_7rem]">
              <SelectField
                label="Item"
                choices={choices}
                {...bind(`${name}.priceId`, line?.priceId ?? choices[0]?.[0])}
              />
              <TextField
                label="Quantity"
                inputMode="numeric"
                autoComplete="off"
                {...bind(`${name}.quantity`, `${line?.quantity ?? 1}`)}
              />
            </div>
            {chosen === NEW && (
              <>
                <TextField label="Name" autoComplete="off" {...bind(`${name}.priceData.productData.name`)} />
                <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
                  <AmountField label="Price of one" currency={currency} {...bind(`${name}.priceData.unitAmount`)} />
                  <CurrencyField {...bind(`${name}.priceData.currency`, currency)} />
                </div>
              </>
            )}
          </div>
        )
      }}
    />
  )
}

/** The lines that were typed, null where they are those that the invoice has: then its prices stay as they were agreed. */
export function linesChanged(typed: Typed, invoice: Invoice | null): Line[] | null {
  const lines = typedLines(typed).map(name => lineOf(typed, name))
  const isSame = invoice !== null && JSON.stringify(lines) === JSON.stringify(linesOf(invoice))
  return isSame ? null : lines
}

/** Where the lines are that are typed just now, such as `lineItems.data[0]`. */
export function typedLines(typed: Typed): string[] {
  return Array.from({ length: MOST }, (_, index) => nameAt(index)).filter(
    name => typed[`${name}.quantity`] !== undefined,
  )
}

function lineOf(typed: Typed, name: string): Line {
  const quantity = requiredNumber(typed[`${name}.quantity`], `${name}.quantity`)
  const priceId = typed[`${name}.priceId`]
  const kept = JSON.parse(typed[`${name}.kept`] ?? '{}')
  if (priceId !== undefined && priceId !== NEW) return { priceId, quantity, ...kept }
  return {
    priceData: {
      currency: typed[`${name}.priceData.currency`] as Currency,
      unitAmount: requiredDigits(typed[`${name}.priceData.unitAmount`], `${name}.priceData.unitAmount`),
      productData: { name: typed[`${name}.priceData.productData.name`] ?? '' },
    },
    quantity,
  }
}

/** The lines of an invoice as they are asked for; a line that has not the taxes of the whole names its own. */
function linesOf({ lineItems, taxRateIds }: Invoice): Line[] {
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

/** What of a line is no field of the form. */
function keptOf(line: Line | undefined): Partial<Line> {
  const { priceId: _, quantity: __, ...kept } = line ?? {}
  return kept
}
