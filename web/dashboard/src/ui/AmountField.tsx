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
  error?: string | null
}

/** An amount as people type it; what is meant by it stands below, exact and with its currency, before anything is sent. */
export function AmountField({ label, name, currency, defaultValue, error }: Props) {
  const [typed, setTyped] = useState(() => (defaultValue ? typedAmount(defaultValue) : ''))
  const digits = amountDigits(typed)
  return (
    <Field
      label={label}
      error={error}
      hint={digits === null ? undefined : `Exactly ${amountText(digits, currency)}`}
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
