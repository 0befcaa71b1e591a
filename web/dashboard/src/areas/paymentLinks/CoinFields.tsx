import { BitstreamError, type CreatePaymentLink, type PaymentLink } from '@bitstream/sdk'
import { usePayableChains } from '../../data/chains.ts'
import { checkedOf, type Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField } from '../../ui/Field.tsx'

type Crypto = NonNullable<PaymentLink['currencies']>[number]
type Props = { typed: Typed; bind: Bind; link: PaymentLink | null }

const NONE = ['', 'As in your settings'] as const

/** In which coins and on which networks a link may be paid, where that differs from the settings, and which come first. */
export function CoinFields({ typed, bind, link }: Props) {
  const payable = usePayableChains()
  const listed = payable.flatMap(({ assets }) => assets.map(({ currency }) => currency))
  const coins = [...new Set([...listed, ...(link?.currencies ?? [])])].toSorted()
  const chosen = link?.allowedChains ?? null
  return (
    <>
      <SelectField
        label="Coins"
        choices={[
          ['all', 'All that you are paid in'],
          ['some', 'Only some of them'],
        ]}
        {...bind('currencies', link?.currencies ? 'some' : 'all')}
      />
      {typed.currencies === 'some' && (
        <Choices
          of={coins.map(coin => [`coin.${coin}`, coin.toUpperCase(), link?.currencies?.some(each => each === coin)])}
        />
      )}
      <SelectField
        label="Coin that payers see first"
        choices={[NONE, ...coins.map(coin => [coin, coin.toUpperCase()] as const)]}
        {...bind('preferredCurrency', link?.preferredCurrency)}
      />
      <SelectField
        label="Networks"
        choices={[
          ['all', 'All that you are paid on'],
          ['some', 'Only some of them'],
        ]}
        {...bind('allowedChains', chosen === null ? 'all' : 'some')}
      />
      {typed.allowedChains === 'some' && (
        <>
          <Choices
            of={payable.map(({ id, name }) => [`chain.${id}`, name, chosen?.some(({ chainId }) => chainId === id)])}
          />
          <SelectField
            label="Network that payers see first"
            choices={[NONE, ...payable.map(({ id, name }) => [String(id), name] as const)]}
            {...bind('preferredChain', chosen?.find(({ isPreferred }) => isPreferred)?.chainId.toString())}
          />
        </>
      )}
    </>
  )
}

function Choices({ of }: { of: readonly (readonly [name: string, label: string, isOn: boolean | undefined])[] }) {
  return (
    <div className="flex flex-wrap gap-x-6">
      {of.map(([name, label, isOn]) => (
        <CheckField key={name} name={name} label={label} defaultChecked={isOn ?? false} />
      ))}
    </div>
  )
}

/** The coins and networks that were typed, null for all; throws the field's problem. */
export function coinsOf(typed: Typed) {
  const { currencies, allowedChains, preferredCurrency, preferredChain = '' } = typed
  const chains = chosen(typed, 'chain.', allowedChains, 'allowedChains')?.map(id => ({
    chainId: Number(id),
    isPreferred: id === preferredChain,
  }))
  if (chains !== undefined && preferredChain !== '' && !chains.some(({ isPreferred }) => isPreferred)) {
    const message = 'Choose one of the networks above.'
    throw new BitstreamError({ code: 'parameter_invalid', message, param: 'preferredChain' })
  }
  return {
    currencies: (chosen(typed, 'coin.', currencies, 'currencies') as Crypto[] | undefined) ?? null,
    preferredCurrency: (preferredCurrency || null) as Crypto | null,
    allowedChains: chains ?? null,
  } satisfies Partial<CreatePaymentLink>
}

function chosen(typed: Typed, prefix: string, which: string | undefined, param: string): string[] | undefined {
  if (which !== 'some') return undefined
  const names = checkedOf(typed, prefix)
  if (names.length > 0) return names
  throw new BitstreamError({ code: 'parameter_missing', message: 'Choose one at least.', param })
}
