import type { Faucet } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery } from '../../data/chains.ts'
import { useForm } from '../../data/useForm.ts'
import { amountText } from '../../ui/amount.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TransactionLink } from './TransactionLink.tsx'

/** Gives coins to an address: a thousand of a token, ten of the coin of a network. */
export function GiveCoins() {
  const { data: chains } = useSuspenseQuery(chainsQuery)
  const [chainId, setChainId] = useState(`${chains[0]?.id ?? ''}`)
  const [given, setGiven] = useState<Faucet | null>(null)
  const chain = chains.find(({ id }) => `${id}` === chainId)
  const { form, isBusy, errorOf, error } = useForm(async ({ address = '', currency = '' }) => {
    setGiven(null)
    const body = { address: address.trim(), currency, chainId: Number(chainId) }
    setGiven(await bitstream.test.faucet(body as Parameters<typeof bitstream.test.faucet>[0]))
  })
  const decimals = chain?.assets.find(({ currency }) => currency === given?.currency)?.decimals
  return (
    <Card title="Get test coins">
      <form {...form} className="flex flex-col gap-4">
        <SelectField
          label="Network"
          value={chainId}
          onChange={({ target }) => setChainId(target.value)}
          choices={chains.map(({ id, name }) => [`${id}`, name] as const)}
          error={errorOf('chainId')}
        />
        <SelectField
          label="Coin"
          name="currency"
          choices={chain?.assets.map(({ currency, symbol }) => [currency, symbol] as const) ?? []}
          error={errorOf('currency')}
        />
        <TextField
          label="Address"
          name="address"
          placeholder="0x…"
          autoComplete="off"
          spellCheck={false}
          hint="Of your wallet, or the one that a payment page shows."
          error={errorOf('address') ?? error}
        />
        <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
          Send coins
        </Button>
      </form>
      {given !== null && (
        <div role="status">
          <Notice tone="good" title={`${amountText(given.amountRaw, given.currency, decimals)} sent`} className="mt-4">
            <TransactionLink hash={given.transactionHash} />
          </Notice>
        </div>
      )}
    </Card>
  )
}
