import { BitstreamError } from '@bitstream/sdk'
import { useState } from 'react'
import { amountDigits, amountText, typedAmount } from './amount.ts'
import { classes } from './classes.ts'
import { Field, INPUT } from './Field.tsx'

type Props = {
  label: string
  name: string
  currency: string
  /** In digits at 8 decimals. */
  defaultValue?: string | null | undefined
  hint?: string
  error?: string | null
  className?: string
}

/** An amount as people type it; what is meant by it stands below, exact and with its currency, before anything is sent. */
export function AmountField({ label, name, currency, defaultValue, hint, error, className }: Props) {
  const [typed, setTyped] = useState(() => (defaultValue ? typedAmount(defaultValue) : ''))
  const digits = amountDigits(typed)
  const meant = digits === null ? hint : `Exactly ${amountText(digits, currency)}`
  return (
    <Field
      label={label}
      error={error}
      {...(meant !== undefined && { hint: meant })}
      {...(className !== undefined && { className })}
      render={tied => (
        <input
          {...tied}
          name={name}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          inputMode="decimal"
          autoComplete="off"
          placeholder="12.50"
          className={classes(INPUT, 'tabular-nums')}
        />
      )}
    />
  )
}

/** As `digitsOf`, of a field that must be filled. */
export function requiredDigits(typed: string | undefined, param: string): string {
  const digits = digitsOf(typed, param)
  if (digits === null) throw new BitstreamError({ code: 'parameter_missing', message: 'Type an amount.', param })
  return digits
}

/** The digits at 8 decimals of what was typed in the field `param`, null where it was left empty; throws the field's problem. */
export function digitsOf(typed: string | undefined, param: string): string | null {
  if (typed === undefined || typed.trim() === '') return null
  const digits = amountDigits(typed)
  if (digits !== null) return digits
  const message = 'Type an amount such as 12.50, with at most 8 decimals and nothing between the thousands.'
  throw new BitstreamError({ code: 'amount_invalid', message, param })
}
