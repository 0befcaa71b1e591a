import type { Invoice, InvoiceCustomField } from '@bitstream/sdk'
import { type Typed, textOf } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { TextField } from '../../ui/Field.tsx'
import { FormRows } from '../../ui/FormRows.tsx'

/** As many as the API takes. */
const MOST = 10
const nameAt = (index: number) => `customFields.fields[${index}]`

/** Facts of the merchant's own choice that an invoice tells, such as the number of an order. */
export function InvoiceFacts({ bind, invoice }: { bind: Bind; invoice: Invoice | null }) {
  const before = invoice?.customFields?.fields ?? []
  return (
    <FormRows
      noun="Fact"
      count={before.length}
      most={MOST}
      row={(index, at) => (
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <TextField
            label="Name"
            placeholder="Order"
            autoComplete="off"
            {...bind(`${nameAt(index)}.name`, before[at]?.name)}
          />
          <TextField label="Value" autoComplete="off" {...bind(`${nameAt(index)}.value`, before[at]?.value)} />
        </div>
      )}
    />
  )
}

/** The facts that were typed; rows without any text are left out. */
export function factsOf(typed: Typed): InvoiceCustomField | null {
  const fields = Array.from({ length: MOST }, (_, index) => nameAt(index))
    .map(name => ({ name: textOf(typed[`${name}.name`]) ?? '', value: textOf(typed[`${name}.value`]) ?? '' }))
    .filter(({ name, value }) => name !== '' || value !== '')
  return fields.length === 0 ? null : { fields }
}
