import type { ComponentProps } from 'react'
import { STATE_CURRENCIES } from './amount.ts'
import { SelectField } from './Field.tsx'

const COINS = ['usdc', 'usdt', 'dai', 'eurc', 'pyusd', 'eth', 'btc', 'pol', 'bnb'] as const

/** What a price may be named in. */
export type Currency = (typeof COINS)[number] | (typeof STATE_CURRENCIES)[number] | 'matic'

const OFFERED: readonly string[] = [...COINS, ...STATE_CURRENCIES]

/** The currency of an amount; of a state currency, payers send coins of the same worth. One that is there already stays a choice. */
export function CurrencyField(props: Omit<ComponentProps<typeof SelectField>, 'choices' | 'label'>) {
  const { defaultValue } = props
  const old = typeof defaultValue === 'string' && defaultValue !== '' && !OFFERED.includes(defaultValue)
  const choices = (old ? [...OFFERED, defaultValue] : OFFERED).map(code => [code, code.toUpperCase()] as const)
  return <SelectField label="Currency" autoComplete="off" {...props} choices={choices} />
}
