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
