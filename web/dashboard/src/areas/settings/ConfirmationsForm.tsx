import { BitstreamError, type Chain, type PaymentSetting } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { usePayableChains } from '../../data/chains.ts'
import { type Network, networksQuery } from '../../data/networks.ts'
import { countText } from '../../ui/countText.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { SettingsForm } from './SettingsForm.tsx'

type Asked = NonNullable<PaymentSetting['confirmations']>

const PARAM = /^confirmations\[(\d+)\]/

/** How long each network is waited for where that is longer than what the server does. */
export function ConfirmationsForm({ setting: { confirmations = [] } }: { setting: PaymentSetting }) {
  const { data: networks } = useSuspenseQuery(networksQuery)
  const payable = usePayableChains()
  const save = async (fields: Record<string, string>) => {
    const asked = payable.flatMap(({ id }) => waitOf(fields, id))
    // What is set of networks without a wallet stays.
    const others = confirmations.filter(({ chainId }) => payable.every(({ id }) => id !== chainId))
    try {
      await bitstream.organization.paymentSetting.update({ confirmations: [...asked, ...others] })
    } catch (error) {
      throw besideField(error, asked)
    }
  }
  return (
    <SettingsForm
      title="When a payment is final"
      intro="A block can still be taken back while few others follow it. The server says how long to wait; here you can ask for more, never for less. Longer is safer, and payers wait longer."
      save={save}
      changes="organization"
    >
      {errorOf =>
        payable.length === 0 ? (
          <p className="text-muted">Save a withdrawal address first: then its network stands here.</p>
        ) : (
          payable.map(chain => (
            <Wait
              key={chain.id}
              chain={chain}
              network={networks.find(({ chainId }) => chainId === chain.id)}
              asked={confirmations.find(({ chainId }) => chainId === chain.id)?.wait ?? null}
              errorOf={errorOf}
            />
          ))
        )
      }
    </SettingsForm>
  )
}

function Wait(props: {
  chain: Chain
  network: Network | undefined
  asked: Asked[number]['wait'] | null
  errorOf: (name: string) => string | null
}) {
  const { chain, network, asked, errorOf } = props
  const isNumber = typeof asked === 'number'
  const [kind, setKind] = useState(asked === null ? '' : isNumber ? 'number' : 'finalized')
  const [count, setCount] = useState(isNumber ? String(asked) : '')
  const least = network?.wait ?? 1
  return (
    <fieldset className="grid min-w-0 items-start gap-4 sm:grid-cols-2">
      <SelectField
        label={`Payments on ${chain.name} are final`}
        name={`kind-${chain.id}`}
        value={kind}
        onChange={({ target }) => setKind(target.value)}
        choices={[
          ['', 'When the server says so'],
          ...(typeof least === 'number' || isNumber ? [['number', 'After more confirmations'] as const] : []),
          ...(network?.mayBeFinalized ? [['finalized', 'When the network can no longer take them back'] as const] : []),
        ]}
        hint={kind === '' && network !== undefined ? leastText(network) : undefined}
        error={kind === 'number' ? null : errorOf(`wait-${chain.id}`)}
      />
      {kind === 'number' && (
        <TextField
          label="Confirmations"
          name={`wait-${chain.id}`}
          inputMode="numeric"
          value={count}
          onChange={({ target }) => setCount(target.value)}
          placeholder={String(least)}
          hint={countHint(count, least, network?.blockTimeMs ?? null)}
          error={errorOf(`wait-${chain.id}`)}
        />
      )}
    </fieldset>
  )
}

function leastText({ wait, isByWorth, blockTimeMs }: Network): string {
  if (wait === 'finalized') return 'The server waits until the network can no longer take a block back.'
  const more = isByWorth ? ', and longer with larger payments' : ''
  if (wait === 'safe') return `The server waits until the network calls a block safe${more}.`
  const blocks = wait === 1 ? '1 confirmation' : `${countText(wait)} confirmations`
  return `The server waits for ${blocks}${durationText(wait, blockTimeMs)}${more}.`
}

function countHint(typed: string, least: Network['wait'], blockTimeMs: number | null): string {
  const count = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : null
  if (count === null || count === 0)
    return `A whole number from ${least} to 10,000. The payment’s own block is the first.`
  return `${countText(count)} ${count === 1 ? 'block' : 'blocks'}${durationText(count, blockTimeMs)}. The payment’s own block is the first.`
}

function durationText(blocks: number, blockTimeMs: number | null): string {
  if (blockTimeMs === null) return ''
  const seconds = Math.round((blocks * blockTimeMs) / 1_000)
  if (seconds < 90) return `, about ${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `, about ${minutes} minutes` : `, about ${Math.round(minutes / 60)} hours`
}

function waitOf(fields: Record<string, string>, chainId: number): Asked {
  const kind = fields[`kind-${chainId}`] ?? ''
  if (kind === '') return []
  if (kind === 'finalized') return [{ chainId, wait: 'finalized' }]
  const typed = (fields[`wait-${chainId}`] ?? '').trim()
  if (/^[1-9]\d{0,4}$/.test(typed)) return [{ chainId, wait: Number(typed) }]
  const message = 'Type a whole number of confirmations, such as 30.'
  throw new BitstreamError({ code: 'parameter_invalid', message, param: `wait-${chainId}` })
}

/** The API names a network by its place in the list, the form by its field. */
function besideField(error: unknown, asked: Asked): unknown {
  if (!(error instanceof BitstreamError)) return error
  const index = PARAM.exec(error.param ?? '')?.[1]
  const chainId = index === undefined ? undefined : asked[Number(index)]?.chainId
  if (chainId === undefined) return error
  return new BitstreamError({ code: error.code, message: error.message, param: `wait-${chainId}` })
}
