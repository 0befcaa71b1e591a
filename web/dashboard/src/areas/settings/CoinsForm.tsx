import {
  type Asset,
  BitstreamError,
  type Chain,
  type PaymentSetting,
  type UpdateOrganizationPaymentSetting,
} from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery, usePayableChains } from '../../data/chains.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { SettingsForm } from './SettingsForm.tsx'

type Crypto = NonNullable<PaymentSetting['allowedCurrencies']>[number]

/** Which coins payers may choose on which networks, and which they see first. */
export function CoinsForm({ setting }: { setting: PaymentSetting }) {
  const { data: chains } = useSuspenseQuery(chainsQuery)
  const payable = usePayableChains()
  const others = chains.filter(chain => !payable.includes(chain))
  const save = (fields: Record<string, string>) =>
    bitstream.organization.paymentSetting.update(changesOf(fields, payable))
  return (
    <SettingsForm
      title="Networks and coins"
      intro="With all of them on, those that come later are on, too."
      save={save}
      changes="organization"
    >
      {errorOf => (
        <>
          {payable.map(chain => (
            <fieldset key={chain.id} className="min-w-0">
              <legend className="font-medium">{chain.name}</legend>
              <div className="flex flex-wrap gap-x-6">
                {coinsOf(chain).map(coin => (
                  <CheckField
                    key={coin.currency}
                    name={nameOf(chain, coin)}
                    label={coin.symbol}
                    defaultChecked={isOffered(setting, chain, coin)}
                  />
                ))}
              </div>
            </fieldset>
          ))}
          {others.length > 0 && (
            <p className="text-muted">
              {others.map(({ name }) => name).join(', ')}: nobody can pay there until you{' '}
              <Link to="/settings/addresses" className="text-accent underline">
                save a withdrawal address
              </Link>
              .
            </p>
          )}
          {errorOf('coins') && (
            <p role="alert" className="text-bad">
              {errorOf('coins')}
            </p>
          )}
          <input type="hidden" name="coins" />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              label="Network that payers see first"
              name="preferredChainId"
              defaultValue={String(setting.preferredChainId ?? '')}
              choices={[['', 'None in particular'], ...payable.map(({ id, name }) => [String(id), name] as const)]}
              error={errorOf('preferredChainId')}
            />
            <SelectField
              label="Coin that payers see first"
              name="preferredCurrency"
              defaultValue={setting.preferredCurrency ?? ''}
              choices={[
                ['', 'None in particular'],
                ...currencies(payable).map(code => [code, code.toUpperCase()] as const),
              ]}
              error={errorOf('preferredCurrency')}
            />
          </div>
        </>
      )}
    </SettingsForm>
  )
}

function coinsOf({ assets }: Chain): Asset[] {
  return assets.filter((coin, index) => assets.findIndex(({ currency }) => currency === coin.currency) === index)
}

function currencies(chains: readonly Chain[]): string[] {
  return [...new Set(chains.flatMap(chain => coinsOf(chain).map(({ currency }) => currency)))].toSorted()
}

function nameOf(chain: Chain, coin: Asset): string {
  return `coin-${chain.id}-${coin.currency}`
}

function isOffered({ allowedChains, allowedCurrencies }: PaymentSetting, chain: Chain, { currency }: Asset): boolean {
  const allowed = allowedChains?.find(({ chainId }) => chainId === chain.id)
  const isChain = allowedChains === null || allowed !== undefined
  const isCoin = allowedCurrencies === null || allowedCurrencies.includes(currency as Crypto)
  return isChain && isCoin && !allowed?.blacklistCurrencies?.includes(currency as Crypto)
}

/** What the API is told: nothing about chains where all is on, else each chain that has a coin, with the coins that are off. */
function changesOf(fields: Record<string, string>, payable: readonly Chain[]): UpdateOrganizationPaymentSetting {
  const rows = payable.map(chain => ({
    chainId: chain.id,
    on: coinsOf(chain).filter(coin => nameOf(chain, coin) in fields),
    off: coinsOf(chain).filter(coin => !(nameOf(chain, coin) in fields)),
  }))
  const isAll = rows.every(({ off }) => off.length === 0)
  const some = rows.filter(({ on }) => on.length > 0)
  if (payable.length > 0 && some.length === 0) {
    throw new BitstreamError({
      code: 'parameter_invalid',
      message: 'Leave one coin on: payers need one.',
      param: 'coins',
    })
  }
  const chainId = Number(fields.preferredChainId)
  const changes = {
    allowedChains: isAll
      ? null
      : some.map(({ chainId, off }) => ({
          chainId,
          blacklistCurrencies: off.map(({ currency }) => currency as Crypto),
        })),
    allowedCurrencies: null,
    preferredChainId: chainId === 0 ? null : chainId,
    preferredCurrency: fields.preferredCurrency || null,
  }
  // The API takes a preference away with null; its types name only what may be there.
  return changes as UpdateOrganizationPaymentSetting
}
