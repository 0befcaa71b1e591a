import type { Typed } from '../data/typed.ts'
import type { Bind } from '../data/useForm.ts'
import { TextField } from '../ui/Field.tsx'
import { FieldGroup } from '../ui/FieldGroup.tsx'
import { FormRows } from '../ui/FormRows.tsx'

/** As many as the API takes. */
const MOST = 50

/** Names with values that are the merchant's own, kept with an object. */
export function MetadataFields({ bind, first }: { bind: Bind; first: Record<string, string> | null | undefined }) {
  const entries = Object.entries(first ?? {})
  return (
    <FieldGroup title="Metadata" hint="Names with values of your own, such as a number in your books.">
      <FormRows
        noun="Entry"
        count={entries.length}
        most={MOST}
        row={(index, at) => (
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField label="Name" autoComplete="off" {...bind(`metadata[${index}].key`, entries[at]?.[0])} />
            <TextField label="Value" autoComplete="off" {...bind(`metadata[${index}].value`, entries[at]?.[1])} />
          </div>
        )}
      />
    </FieldGroup>
  )
}

/** The metadata that was typed; null for none. */
export function metadataOf(typed: Typed): Record<string, string> | null {
  const entries = Array.from({ length: MOST }, (_, index) => [
    typed[`metadata[${index}].key`]?.trim() ?? '',
    typed[`metadata[${index}].value`] ?? '',
  ]).filter(([key]) => key !== '')
  return entries.length === 0 ? null : Object.fromEntries(entries)
}
