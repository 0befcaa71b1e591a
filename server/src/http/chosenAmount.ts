import { AppError } from '../domain/errors.ts'
import { parseTypedAmount } from '../domain/money.ts'
import type { AmountProblem } from './pages/amountFields.ts'

/**
 * The amount at 8 decimals that a form with an amount asks for: what the pressed suggestion stands for, else what was typed; null
 * where the form has no such field.
 */
export function chosenAmount(form: URLSearchParams): bigint | null | 'wrong' {
  const suggestion = form.get('suggestion')
  if (suggestion !== null) return /^[1-9]\d{0,17}$/.test(suggestion) ? BigInt(suggestion) : 'wrong'
  const typed = form.get('amount')
  return typed === null ? null : (parseTypedAmount(typed) ?? 'wrong')
}

/** What was wrong with a chosen amount, or null where the error is about something else. */
export function amountProblem(error: unknown): AmountProblem | null {
  return error instanceof AppError ? (PROBLEMS.get(error.code) ?? null) : null
}

const PROBLEMS = new Map<AppError['code'], AmountProblem>([
  ['amount_scale', 'step'],
  ['amount_out_of_range', 'range'],
  ['amount_too_large', 'amount'],
])
