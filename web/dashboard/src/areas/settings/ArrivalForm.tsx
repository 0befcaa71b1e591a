import { BitstreamError, type PaymentSetting } from '@bitstream/sdk'
import { bitstream } from '../../data/bitstream.ts'
import { amountDigits, amountText, typedAmount } from '../../ui/amount.ts'
import { TextField } from '../../ui/Field.tsx'
import { SettingsForm } from './SettingsForm.tsx'

const PERCENT = /^(\d{1,2})(?:[.,](\d{1,2}))?$/

/** How much of a payment must be there, and how much is taken before it is beyond doubt. */
export function ArrivalForm({ setting: { toleranceBps = 0, fastCap = '0' } }: { setting: PaymentSetting }) {
  const save = ({ toleranceBps: percent = '', fastCap: dollars = '' }) =>
    bitstream.organization.paymentSetting.update({ toleranceBps: bpsOf(percent), fastCap: digitsOf(dollars) })
  return (
    <SettingsForm
      title="Tolerance and risk"
      intro="How exact an amount must be, and how much you take at a time before it is beyond doubt."
      save={save}
      changes="organization"
    >
      {errorOf => (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="How much may be missing, in percent"
            name="toleranceBps"
            inputMode="decimal"
            defaultValue={percentText(toleranceBps)}
            hint="Some exchanges take their fee from what they send. 0 to 10; with 0, every unit must come."
            error={errorOf('toleranceBps')}
          />
          <TextField
            label="Taken before beyond doubt, in US dollars"
            name="fastCap"
            inputMode="decimal"
            defaultValue={typedAmount(fastCap)}
            hint={`All payments together that are complete but could still vanish with their block are worth at most this; now ${amountText(fastCap, 'usd')}. With 0, each waits.`}
            error={errorOf('fastCap')}
          />
        </div>
      )}
    </SettingsForm>
  )
}

function percentText(bps: number): string {
  return (bps / 100).toString()
}

function bpsOf(typed: string): number {
  const match = PERCENT.exec(typed.trim())
  if (match !== null) return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  throw new BitstreamError({
    code: 'parameter_invalid',
    message: 'Type a percentage such as 0.5.',
    param: 'toleranceBps',
  })
}

function digitsOf(typed: string): string {
  const digits = amountDigits(typed)
  if (digits !== null) return digits
  throw new BitstreamError({
    code: 'amount_invalid',
    message: 'Type an amount such as 5000 or 12.50.',
    param: 'fastCap',
  })
}
