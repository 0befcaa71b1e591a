import { BitstreamError, type PaymentSetting } from '@bitstream/sdk'
import { bitstream } from '../../data/bitstream.ts'
import { CheckField } from '../../ui/CheckField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { SettingsForm } from './SettingsForm.tsx'

/** The surcharge that payers bear. */
export function FeeForm({ setting: { applyFee = false, feePercentage } }: { setting: PaymentSetting }) {
  const save = (fields: Record<string, string>) => {
    const typed = (fields.feePercentage ?? '').trim().replace(',', '.')
    if (!/^\d{1,3}(\.\d{1,2})?$/.test(typed)) {
      const message = 'Type a percentage such as 1.5.'
      throw new BitstreamError({ code: 'parameter_invalid', message, param: 'feePercentage' })
    }
    const changes = { applyFee: 'applyFee' in fields, feePercentage: Number(typed) }
    return bitstream.organization.paymentSetting.update(changes)
  }
  return (
    <SettingsForm
      title="Surcharge"
      intro="A share that is added to every total, as a line of its own that payers see. Not every country allows one."
      save={save}
      changes="organization"
    >
      {errorOf => (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField
            label="Surcharge in percent"
            name="feePercentage"
            inputMode="decimal"
            defaultValue={feePercentage.toString()}
            error={errorOf('feePercentage')}
          />
          <div className="sm:pt-6">
            <CheckField name="applyFee" label="Add it to new sessions" defaultChecked={applyFee} />
          </div>
        </div>
      )}
    </SettingsForm>
  )
}
