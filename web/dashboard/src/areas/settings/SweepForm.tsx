import type { Chain, PaymentSetting } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery } from '../../data/chains.ts'
import { type Network, networksQuery } from '../../data/networks.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { SettingsForm } from './SettingsForm.tsx'

const POLICIES = [
  ['manual', 'By hand', 'nothing moves until you press the button under Balances.'],
  ['now', 'At once', 'as soon as a payment is final; each costs its own gas.'],
  ['worth', 'When it is worth it', 'once what lies there is worth so many times the gas.'],
  ['daily', 'Once a day', 'all that is final, together.'],
] as const

type Policy = (typeof POLICIES)[number][0]

/** When money is moved from deposit addresses to the merchant's own wallets. */
export function SweepForm({ setting: { sweepPolicy = 'manual', sweepWorth = 20 } }: { setting: PaymentSetting }) {
  const { data: chains } = useSuspenseQuery(chainsQuery)
  const { data: networks } = useSuspenseQuery(networksQuery)
  const [policy, setPolicy] = useState<Policy>(sweepPolicy)
  const save = (fields: Record<string, string>) =>
    bitstream.organization.paymentSetting.update({
      sweepPolicy: policy,
      ...(policy === 'worth' && { sweepWorth: Number(fields.sweepWorth) }),
    })
  return (
    <SettingsForm
      title="Sweeping"
      intro={`Payments lie at deposit addresses, which can pay to your withdrawal addresses alone. ${payersOf(networks, chains)}`}
      save={save}
      changes="organization"
    >
      {errorOf => (
        <>
          <fieldset
            className="flex min-w-0 flex-col gap-1"
            onChange={({ target }) => {
              const chosen = POLICIES.find(([value]) => value === (target as unknown as HTMLInputElement).value)
              if (chosen !== undefined) setPolicy(chosen[0])
            }}
          >
            <legend className="mb-1 font-medium">Money is swept</legend>
            {POLICIES.map(([value, text, sentence]) => (
              <CheckField
                key={value}
                type="radio"
                name="sweepPolicy"
                value={value}
                defaultChecked={value === sweepPolicy}
                label={
                  <>
                    {text}: <span className="text-muted">{sentence}</span>
                  </>
                }
              />
            ))}
          </fieldset>
          {policy === 'worth' && (
            <TextField
              label="How many times the gas"
              name="sweepWorth"
              inputMode="numeric"
              defaultValue={sweepWorth}
              className="max-w-60"
              error={errorOf('sweepWorth')}
            />
          )}
        </>
      )}
    </SettingsForm>
  )
}

/** Who pays for moving the money: nothing goes by itself where the server cannot. */
function payersOf(networks: readonly Network[], chains: readonly Chain[]): string {
  const without = networks.filter(({ hasGasAccount }) => !hasGasAccount).map(({ chainId }) => chainId)
  if (without.length === 0) return 'The server’s gas account pays for moving them.'
  const names = chains.filter(({ id }) => without.includes(id)).map(({ name }) => name)
  return `On ${names.join(', ')} the server has no gas account: there your own wallet sends each sweep, by hand.`
}
