import { BitstreamError, type CreatePrice } from '@bitstream/sdk'
import { digitsOf, requiredDigits, type Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { SuggestionFields, suggestionNames } from '../../layout/SuggestionFields.tsx'
import { AmountField } from '../../ui/AmountField.tsx'
import { type Currency, CurrencyField } from '../../ui/CurrencyField.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { IntervalFields, typedInterval } from './IntervalFields.tsx'

const BOUNDS = [
  ['customUnitMin', 'At least (optional)'],
  ['customUnitMax', 'At most (optional)'],
  ['customPreset', 'Filled in (optional)'],
] as const
const SUGGESTIONS = suggestionNames('customUnitAmountSuggestions')

/** What a price asks for: an amount, or one that payers choose within bounds; once, or at each interval. */
export function PriceTerms({ bind, typed }: { bind: Bind; typed: Typed }) {
  const { currency = 'usdc', terms = 'amount' } = typed
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-3">
        <SelectField
          label="Price"
          choices={[
            ['amount', 'An amount'],
            ['open', 'Payers choose'],
          ]}
          {...bind('terms', 'amount')}
        />
        <CurrencyField {...bind('currency', 'usdc')} />
      </div>
      {terms === 'amount' ? (
        <AmountField label="Amount" currency={currency} {...bind('unitAmount')} />
      ) : (
        <div className="grid items-start gap-3 sm:grid-cols-3">
          {BOUNDS.map(([name, label]) => (
            <AmountField key={name} label={label} currency={currency} {...bind(name)} />
          ))}
          <SuggestionFields {...{ typed, bind, currency }} names={SUGGESTIONS} />
        </div>
      )}
      <IntervalFields bind={bind} typed={typed} />
    </>
  )
}

/** The terms that were typed; throws the problem of a field. */
export function typedTerms(typed: Typed) {
  const asked = { currency: typed.currency as Currency, ...typedInterval(typed) } satisfies Partial<CreatePrice>
  if (typed.terms === 'amount') return { ...asked, unitAmount: requiredDigits(typed.unitAmount, 'unitAmount') }
  const [min, max] = [digitsOf(typed.customUnitMin, 'customUnitMin'), digitsOf(typed.customUnitMax, 'customUnitMax')]
  if (min !== null && max !== null && BigInt(min) > BigInt(max))
    throw wrong('customUnitMax', 'Type no less than the least.')
  const within = (name: string) => {
    const digits = digitsOf(typed[name], name)
    if (digits !== null && (BigInt(digits) < BigInt(min ?? 0) || BigInt(digits) > BigInt(max ?? digits))) {
      throw wrong(name, 'Type an amount from the least to the most.')
    }
    return digits
  }
  const suggestions = SUGGESTIONS.flatMap(name => within(name) ?? [])
  return {
    ...{ ...asked, customUnitMin: min, customUnitMax: max, customPreset: within('customPreset') },
    customUnitAmountSuggestions: suggestions.length === 0 ? null : suggestions,
  }
}

function wrong(param: string, message: string): BitstreamError {
  return new BitstreamError({ code: 'parameter_invalid', message, param })
}
