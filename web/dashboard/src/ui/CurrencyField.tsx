import type { ComponentProps } from 'react'
import { SelectField } from './Field.tsx'

const COINS = ['usdc', 'usdt', 'dai', 'eurc', 'pyusd', 'eth', 'btc', 'pol', 'bnb'] as const
const STATES = ['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'] as const

/** What a price may be named in. */
export type Currency = (typeof COINS)[number] | (typeof STATES)[number] | 'matic'

const CHOICES = [...COINS, ...STATES].map(code => [code, code.toUpperCase()] as const)

/** The currency of an amount; of a state currency, payers send coins of the same worth. */
export function CurrencyField(props: Omit<ComponentProps<typeof SelectField>, 'choices' | 'label'>) {
  return <SelectField label="Currency" autoComplete="off" {...props} choices={CHOICES} />
}
