import { type Typed, textOf } from '../data/typed.ts'
import type { Bind } from '../data/useForm.ts'
import { AmountField } from '../ui/AmountField.tsx'

/** As many as the API takes. */
const MOST = 20
const SHOWN_MIN = 3

type Props = { typed: Typed; bind: Bind; names: readonly string[]; currency: string; first?: readonly string[] | null }

/** Amounts that payers are offered, always one more than are filled; `first` are those that there are, in digits at 8 decimals. */
export function SuggestionFields({ typed, bind, names, currency, first }: Props) {
  const filled = names.findLastIndex(name => textOf(typed[name]) !== null)
  const last = filled === -1 ? (first?.length ?? 0) - 1 : filled
  return names
    .slice(0, Math.max(SHOWN_MIN, last + 2))
    .map((name, index) => (
      <AmountField key={name} label={`Suggestion ${index + 1}`} currency={currency} {...bind(name, first?.[index])} />
    ))
}

/** The names of the fields of suggested amounts, as the API calls them in `param`. */
export function suggestionNames(param: string): readonly string[] {
  return Array.from({ length: MOST }, (_, index) => `${param}[${index}]`)
}
