import { BitstreamError, type CreateInvoicePaymentSetting, type Invoice } from '@bitstream/sdk'
import { usePayableChains } from '../../data/chains.ts'
import { checkedOf, type Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField } from '../../ui/Field.tsx'

/** On which networks it may be paid, where that differs from what is set for all payments. */
export function PaymentFields({ typed, bind, invoice }: { typed: Typed; bind: Bind; invoice: Invoice | null }) {
  const payable = usePayableChains()
  const own = ownChains(invoice)
  const isOwn = (typed.networks ?? (own === null ? 'all' : 'own')) === 'own'
  return (
    <>
      <SelectField
        label="Networks"
        hint="Which coins are taken there is in the settings."
        choices={[
          ['all', 'All that you are paid on'],
          ['own', 'Only some of them'],
        ]}
        {...bind('networks', own === null ? 'all' : 'own')}
      />
      {isOwn && (
        <div className="flex flex-wrap gap-x-6">
          {payable.map(({ id, name }) => (
            <CheckField
              key={id}
              name={`network.${id}`}
              label={name}
              defaultChecked={own?.some(({ chainId }) => chainId === id) ?? true}
            />
          ))}
        </div>
      )}
    </>
  )
}

/** The payment setting that was typed; undefined where the invoice has that very one. Throws the field's problem. */
export function settingChanged(typed: Typed, invoice: Invoice | null): CreateInvoicePaymentSetting | null | undefined {
  const own = ownChains(invoice)
  if (typed.networks !== 'own') return own === null ? undefined : null
  const chosen = checkedOf(typed, 'network.').map(Number)
  if (chosen.length === 0)
    throw new BitstreamError({ code: 'parameter_missing', message: 'Choose one network at least.', param: 'networks' })
  const isSame = own !== null && own.length === chosen.length && own.every(({ chainId }) => chosen.includes(chainId))
  if (isSame) return undefined
  return { allowedChains: chosen.map(id => own?.find(({ chainId }) => chainId === id) ?? { chainId: id }) }
}

/** Null where the invoice has the networks of all payments. */
function ownChains(invoice: Invoice | null) {
  return invoice === null || invoice.paymentSettingId !== invoice.id ? null : invoice.paymentSetting.allowedChains
}
