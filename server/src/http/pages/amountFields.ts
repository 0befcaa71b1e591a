import { html } from 'hono/html'
import { AMOUNT_DECIMALS, formatDecimal } from '../../domain/money.ts'
import type { OpenAmount } from '../../domain/session.ts'
import { type FieldProblem, fieldSigns } from './pageForm.ts'
import type { Html, Words } from './words.ts'

/** What was wrong with a typed amount: it is none, has too many decimals, or lies outside the bounds. */
export type AmountProblem = 'amount' | 'step' | 'range'

/** A price whose amount the payer chooses. */
export type OpenPrice = { readonly currency: string; readonly open: OpenAmount | null }

/** The suggested amounts as buttons, of which one press goes on; null where none is suggested. `isTitled` where it is said already. */
export function amountSuggestions(words: Words, { currency, open }: OpenPrice, isTitled = false): Html | null {
  const { suggestions = [] } = open ?? {}
  if (suggestions.length === 0) return null
  return html`<fieldset class="form-suggestions"><legend${isTitled ? html` class="visually-hidden"` : null}>${words.say('linkChoose')}</legend>
<div class="form-choices">${suggestions.map(
    amount =>
      html`<button class="button form-choice" type="submit" name="suggestion" value="${amount.toString()}">${words.price(`${amount}`, currency)}</button>`,
  )}</div></fieldset>`
}

/** The field for an amount with its bounds, filled with `typed`, else with `amount` (amt8) if there is one. */
export function amountField(
  words: Words,
  price: OpenPrice,
  { typed, amount, problem }: { typed: string | null; amount: bigint | null; problem: FieldProblem | null },
): Html {
  const bounds = boundsOf(words, price)
  const label = (price.open?.suggestions ?? []).length === 0 ? 'linkAmount' : 'linkOtherAmount'
  const hint = bounds === null || bounds.key === problem?.key ? null : words.say(bounds.key, bounds.values)
  const signs = fieldSigns(words, { id: 'amount', problem, hint, isFirst: true })
  const value = typed ?? (amount === null ? '' : formatDecimal(amount, AMOUNT_DECIMALS))
  return html`<div class="form-field"><label for="amount">${words.say(label, { currency: price.currency.toUpperCase() })}</label>
<input id="amount" class="input input-amount" name="amount" type="text" inputmode="decimal" autocomplete="off" maxlength="24" required value="${value}"${signs.attributes}>
${signs.below}</div>`
}

/** What is wrong with a typed amount, as a sentence with what may be typed instead. */
export function amountSentence(words: Words, price: OpenPrice, wrong: AmountProblem): FieldProblem {
  if (wrong === 'step') return { key: 'linkWrongStep' }
  return (wrong === 'range' ? boundsOf(words, price) : null) ?? { key: 'linkWrongAmount' }
}

function boundsOf(words: Words, { open, currency }: OpenPrice): FieldProblem | null {
  const text = (amount: bigint) => words.price(`${amount}`, currency)
  const { min = null, max = null } = open ?? {}
  if (min !== null && max !== null) return { key: 'linkBetween', values: { min: text(min), max: text(max) } }
  if (min !== null) return { key: 'linkAtLeast', values: { min: text(min) } }
  return max === null ? null : { key: 'linkAtMost', values: { max: text(max) } }
}
