import type { PaymentLinkCustomField, PaymentLinkCustomFields } from '@bitstream/sdk'
import { type Bind, type Typed, textOf } from '../../layout/FormPage.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormRows } from '../../ui/FormRows.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'

type Field = PaymentLinkCustomFields
type Props = { bind: Bind; typed: Typed; first: readonly Field[] }

/** As many as the API takes. */
const MOST = 3
const nameAt = (index: number) => `customFields.fields[${index}]`

/** The merchant's own questions to payers. */
export function CustomFields({ bind, typed, first }: Props) {
  return (
    <FormRows
      noun="Question"
      count={first.length}
      most={MOST}
      row={(index, at) => {
        const name = nameAt(index)
        const field = first[at]
        const options = field?.dropdown?.options.map(({ label }) => label).join('\n')
        return (
          <div className="flex flex-col gap-3">
            <input type="hidden" name={`${name}.key`} value={field?.key ?? ''} />
            <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_10rem]">
              <TextField label="Question" autoComplete="off" {...bind(`${name}.label.custom`, field?.label.custom)} />
              <SelectField
                label="Answer"
                choices={[
                  ['text', 'Text'],
                  ['numeric', 'Digits'],
                  ['dropdown', 'A choice'],
                ]}
                {...bind(`${name}.type`, field?.type ?? 'text')}
              />
            </div>
            {(typed[`${name}.type`] ?? field?.type) === 'dropdown' && (
              <TextAreaField label="Choices" hint="One in each line." {...bind(`${name}.dropdown.options`, options)} />
            )}
            <CheckField name={`${name}.optional`} label="May be left empty" defaultChecked={field?.optional ?? false} />
          </div>
        )
      }}
    />
  )
}

/** The questions that were typed; those that were there `before` keep their keys, by which answers are told. */
export function customFieldsOf(typed: Typed, before: readonly Field[]): PaymentLinkCustomField | null {
  const fields = Array.from({ length: MOST }, (_, index) => nameAt(index))
    .filter(name => typed[`${name}.type`] !== undefined)
    .map((name, index): Field => {
      const key = textOf(typed[`${name}.key`]) ?? `question_${index + 1}_${crypto.randomUUID().slice(0, 4)}`
      const { text, numeric } = before.find(each => each.key === key) ?? {}
      const type = typed[`${name}.type`] as Field['type']
      return {
        key,
        type,
        label: { custom: typed[`${name}.label.custom`] ?? '' },
        optional: typed[`${name}.optional`] !== undefined,
        ...(type === 'text' && text && { text }),
        ...(type === 'numeric' && numeric && { numeric }),
        ...(type === 'dropdown' && { dropdown: { options: optionsOf(typed[`${name}.dropdown.options`]) } }),
      }
    })
  return fields.length === 0 ? null : { fields }
}

function optionsOf(typed = '') {
  const lines = typed.split('\n').map(line => line.trim())
  return [...new Set(lines)].filter(line => line !== '').map(line => ({ label: line, value: line.slice(0, 100) }))
}
