import type { Invoice } from '@bitstream/sdk'
import { bitstream } from '../../data/bitstream.ts'
import { type Typed, textOf } from '../../data/typed.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'

/** Changes what a finalized invoice says beside what it asks for: its note, and the merchant's records. */
export function RecordsForm({ invoice }: { invoice: Invoice }) {
  const send = async (typed: Typed) => {
    await bitstream.invoices.update(invoice.id, {
      description: textOf(typed.description),
      clientReferenceId: textOf(typed.clientReferenceId),
      metadata: metadataOf(typed),
    })
    return `/invoices/${invoice.id}`
  }
  return (
    <FormPage
      title={`Edit invoice ${invoice.invoiceNumber ?? ''}`}
      description="What it asks for no longer changes. For that, write a revision on its page."
      submit="Save"
      changes={['invoice']}
      back={`/invoices/${invoice.id}`}
      send={send}
    >
      {({ bind }) => (
        <>
          <FieldGroup title="What it says">
            <TextAreaField
              label="Note to the customer (optional)"
              hint="On its page and its PDF from now on."
              {...bind('description', invoice.description)}
            />
          </FieldGroup>
          <FieldGroup title="Your records" hint="The customer sees none of it.">
            <TextField
              label="Your reference (optional)"
              autoComplete="off"
              {...bind('clientReferenceId', invoice.clientReferenceId)}
            />
          </FieldGroup>
          <MetadataFields bind={bind} first={invoice.metadata} />
        </>
      )}
    </FormPage>
  )
}
