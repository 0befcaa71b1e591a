import type { Invoice, LineTaxRate } from '@bitstream/sdk'
import type { Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { AmountField } from '../../ui/AmountField.tsx'
import { amountText } from '../../ui/amount.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { CurrencyField } from '../../ui/CurrencyField.tsx'
import { dayOf } from '../../ui/day.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormRows } from '../../ui/FormRows.tsx'
import type { SellablePrice } from './InvoiceForm.tsx'
import { LINES_MAX, type Line, lineName, linesOf, NEW_ITEM } from './typedLines.ts'

/** A tax that lines may have. */
export type Rate = Pick<LineTaxRate, 'id' | 'name' | 'percentage' | 'type'>

type Props = {
  typed: Typed
  bind: Bind
  prices: readonly SellablePrice[]
  rates: readonly Rate[]
  invoice: Invoice | null
}

/** The lines of a draft: each has a price of the catalogue, or one of its own. */
export function LineFields({ typed, bind, prices, rates, invoice }: Props) {
  const before = invoice === null ? [] : linesOf(invoice)
  const choices = [
    ...(prices.length === 0 ? [] : [['', 'Choose an item'] as const]),
    ...prices.map(
      ({ id, product, unitAmount, currency }) =>
        [id, `${isolated(product.name)}, ${amountText(unitAmount ?? '0', currency)}`] as const,
    ),
    [NEW_ITEM, 'Something new'] as const,
  ]
  return (
    <FormRows
      noun="Line"
      count={Math.max(1, before.length)}
      least={1}
      most={LINES_MAX}
      row={(index, at) => {
        const name = lineName(index)
        const line = before[at]
        const first = line?.priceId ?? choices[0]?.[0]
        const currency = typed[`${name}.priceData.currency`] ?? prices[0]?.currency ?? 'usdc'
        return (
          <div className="flex flex-col gap-3">
            <input type="hidden" name={`${name}.was`} value={at} />
            <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_7rem]">
              <SelectField label="Item" choices={choices} {...bind(`${name}.priceId`, first)} />
              <TextField
                label="Quantity"
                inputMode="numeric"
                autoComplete="off"
                {...bind(`${name}.quantity`, `${line?.quantity ?? 1}`)}
              />
            </div>
            {(typed[`${name}.priceId`] ?? first) === NEW_ITEM && (
              <NewItem name={`${name}.priceData`} bind={bind} currency={currency} />
            )}
            <LineDetails name={name} typed={typed} bind={bind} rates={rates} line={line} />
          </div>
        )
      }}
    />
  )
}

function NewItem({ name, bind, currency }: { name: string; bind: Bind; currency: string }) {
  return (
    <>
      <TextField label="Name" autoComplete="off" {...bind(`${name}.productData.name`)} />
      <TextField label="Description (optional)" autoComplete="off" {...bind(`${name}.productData.description`)} />
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
        <AmountField label="Price of one" currency={currency} {...bind(`${name}.unitAmount`)} />
        <CurrencyField {...bind(`${name}.currency`, currency)} />
      </div>
    </>
  )
}

type DetailsProps = { name: string; typed: Typed; bind: Bind; rates: readonly Rate[]; line: Line | undefined }

/** What few lines need: the days that it is for, and taxes that differ from those of the whole. */
function LineDetails({ name, typed, bind, rates, line }: DetailsProps) {
  const own = line?.taxRateIds
  const isShown = line?.periodStart !== undefined || line?.periodEnd !== undefined || own !== undefined
  const isOwn = (typed[`${name}.taxes`] ?? (own === undefined ? 'whole' : 'own')) === 'own'
  return (
    <details open={isShown}>
      <summary className="w-fit cursor-pointer py-1 text-muted hover:text-ink">Days and taxes of this line</summary>
      <div className="mt-2 grid items-start gap-3 sm:grid-cols-2">
        <TextField
          label="First day (optional)"
          type="date"
          {...bind(`${name}.periodStart`, dayOf(line?.periodStart))}
        />
        <TextField label="Last day (optional)" type="date" {...bind(`${name}.periodEnd`, dayOf(line?.periodEnd))} />
        {rates.length > 0 && (
          <SelectField
            label="Taxes"
            choices={[
              ['whole', 'Those of the invoice'],
              ['own', 'Taxes of its own, or none'],
            ]}
            {...bind(`${name}.taxes`, own === undefined ? 'whole' : 'own')}
          />
        )}
      </div>
      {isOwn &&
        rates.map(rate => (
          <CheckField
            key={rate.id}
            name={`${name}.tax.${rate.id}`}
            label={rateText(rate)}
            defaultChecked={own?.includes(rate.id) ?? false}
          />
        ))}
    </details>
  )
}

/** Keeps what follows where it is, in whichever direction the name is written (UAX #9). */
function isolated(name: string): string {
  return `\u2068${name}\u2069`
}

/** A tax as merchants choose it. */
export function rateText({ name, percentage, type }: Rate): string {
  return `${name} ${percentage}%${type === 'inclusive' ? ', included in prices' : ''}`
}
