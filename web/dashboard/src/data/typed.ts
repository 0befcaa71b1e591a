import { BitstreamError } from '@bitstream/sdk'
import { amountDigits } from '../ui/amount.ts'

/** What is typed in a form, by the names of its fields; a checkbox is there while it is checked. */
export type Typed = Readonly<Record<string, string | undefined>>

/** All that the form holds, the texts by the names of their fields. */
export function typedIn(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}

/** The boxes that are checked among those whose names begin with `prefix`, by what comes after it. */
export function checkedOf(typed: Typed, prefix: string): string[] {
  return Object.keys(typed).flatMap(name => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
}

/** What was typed without the blanks around it; null for nothing, which takes a value away where the API allows it. */
export function textOf(typed: string | undefined): string | null {
  return typed?.trim() || null
}

/** As `textOf`, of the field `param` that must be filled; throws its problem. */
export function requiredText(typed: string | undefined, param: string, message: string): string {
  return textOf(typed) ?? missing(param, message)
}

/** The number that was typed in the field `param`, such as 3 or 7.25, null for nothing; throws the field's problem. No amount goes this way. */
export function numberOf(typed: string | undefined, param: string): number | null {
  const text = textOf(typed)
  if (text === null) return null
  if (/^\d{1,9}([.,]\d{1,4})?$/.test(text)) return Number(text.replace(',', '.'))
  throw new BitstreamError({ code: 'parameter_invalid', message: 'Type a number, such as 3.', param })
}

/** As `numberOf`, of a field that must be filled. */
export function requiredNumber(typed: string | undefined, param: string): number {
  return numberOf(typed, param) ?? missing(param, 'Type a number.')
}

/** The digits at 8 decimals of what was typed in the field `param`, null where it was left empty; throws the field's problem. */
export function digitsOf(typed: string | undefined, param: string): string | null {
  const text = textOf(typed)
  if (text === null) return null
  const digits = amountDigits(text)
  if (digits !== null) return digits
  const message = 'Type an amount such as 12.50, with at most 8 decimals and nothing between the thousands.'
  throw new BitstreamError({ code: 'amount_invalid', message, param })
}

/** As `digitsOf`, of a field that must be filled. */
export function requiredDigits(typed: string | undefined, param: string): string {
  return digitsOf(typed, param) ?? missing(param, 'Type an amount.')
}

function missing(param: string, message: string): never {
  throw new BitstreamError({ code: 'parameter_missing', message, param })
}
