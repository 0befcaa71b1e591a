import type { DropdownFieldOptions, InputField, PaymentLinkCustomField, PaymentLinkCustomFields } from '@bitstream/sdk'
import { numberOf, type Typed, textOf } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
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
        return (
          <div className="flex flex-col gap-3">
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
            <AnswerFields {...{ bind, typed, name, field }} />
            <CheckField name={`${name}.optional`} label="May be left empty" defaultChecked={field?.optional ?? false} />
          </div>
        )
      }}
    />
  )
}

type AnswerProps = { bind: Bind; typed: Typed; name: string; field: Field | undefined }

function AnswerFields({ bind, typed, name, field }: AnswerProps) {
  const type = typed[`${name}.type`] ?? field?.type ?? 'text'
  const choices = field?.dropdown?.options.map(({ label }) => label).join('\n')
  const key = bind(`${name}.key`, field?.key)
  const limits = type === 'dropdown' ? [] : limitsOf({ bind, name: `${name}.${type}`, input: inputOf(field, type) })
  const options = optionsOf(typed[`${name}.dropdown.options`] ?? choices, field?.dropdown?.options)
  return (
    <>
      {type === 'dropdown' && (
        <TextAreaField label="Choices" hint="One in each line." {...bind(`${name}.dropdown.options`, choices)} />
      )}
      <details open={[key, ...limits].some(({ error }) => error !== null)}>
        <summary className="min-h-6 cursor-pointer text-accent">More about the answer</summary>
        <div className="mt-3 grid items-start gap-3 sm:grid-cols-2">
          {limits.map(limit => (
            <TextField key={limit.name} autoComplete="off" {...limit} />
          ))}
          {type === 'dropdown' && (
            <SelectField
              label="Chosen at first"
              choices={[['', 'Nothing'], ...options.map(({ label, value }) => [value, label] as const)]}
              {...bind(`${name}.dropdown.value`, field?.dropdown?.value)}
            />
          )}
          <TextField
            label="Key in your data (optional)"
            hint="How your programs know the answer."
            autoComplete="off"
            {...key}
          />
        </div>
      </details>
    </>
  )
}

function limitsOf({ bind, name, input }: { bind: Bind; name: string; input: InputField | undefined }) {
  const count = { inputMode: 'numeric' } as const
  return [
    {
      ...{ label: 'Characters at least (optional)', ...count },
      ...bind(`${name}.minimumLength`, input?.minimumLength?.toString()),
    },
    {
      ...{ label: 'Characters at most (optional)', ...count },
      ...bind(`${name}.maximumLength`, input?.maximumLength?.toString()),
    },
    { label: 'Filled in beforehand (optional)', ...bind(`${name}.value`, input?.value) },
  ]
}

function inputOf(field: Field | undefined, type: string): InputField | undefined {
  return type === 'numeric' ? field?.numeric : field?.text
}

/** The questions that were typed; choices that were there `before` keep what answers call them. */
export function customFieldsOf(typed: Typed, before: readonly Field[]): PaymentLinkCustomField | null {
  const fields = Array.from({ length: MOST }, (_, index) => nameAt(index))
    .filter(name => typed[`${name}.type`] !== undefined)
    .map((name, index): Field => {
      const type = typed[`${name}.type`] as Field['type']
      const key = textOf(typed[`${name}.key`]) ?? `question_${index + 1}_${crypto.randomUUID().slice(0, 4)}`
      const known = before.find(each => each.key === key)?.dropdown?.options
      return {
        key,
        type,
        label: { custom: typed[`${name}.label.custom`] ?? '' },
        optional: typed[`${name}.optional`] !== undefined,
        ...(type === 'dropdown'
          ? {
              dropdown: {
                options: optionsOf(typed[`${name}.dropdown.options`], known),
                value: typed[`${name}.dropdown.value`] ?? '',
              },
            }
          : { [type]: typedInput(typed, `${name}.${type}`) }),
      }
    })
  return fields.length === 0 ? null : { fields }
}

function typedInput(typed: Typed, name: string): InputField {
  const [least, most] = (['minimumLength', 'maximumLength'] as const).map(limit =>
    numberOf(typed[`${name}.${limit}`], `${name}.${limit}`),
  )
  return {
    ...(least != null && { minimumLength: least }),
    ...(most != null && { maximumLength: most }),
    value: typed[`${name}.value`] ?? '',
  }
}

/** One of each line; those that are `known` keep their values. */
function optionsOf(typed = '', known: readonly DropdownFieldOptions[] = []): DropdownFieldOptions[] {
  const lines = typed.split('\n').map(line => line.trim())
  return [...new Set(lines)]
    .filter(line => line !== '')
    .map(
      label =>
        known.find(each => each.label === label) ?? {
          label,
          value: label.slice(0, 100).replace(/[\ud800-\udbff]$/, ''),
        },
    )
}
