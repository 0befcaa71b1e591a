import type { InvoiceSetting, UpdateInvoiceSetting } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { invoiceSettingQuery } from '../../data/organization.ts'
import { textOf } from '../../data/typed.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { Held } from './Held.tsx'
import { SettingsForm } from './SettingsForm.tsx'

const SCHEMES = [
  ['merchant_level', 'One sequence for all customers'],
  ['customer_level', 'A sequence for each customer'],
] as const

/** How invoices are numbered, and what they say where they say nothing of their own. */
export function InvoiceSettingsPage() {
  const { data: setting } = useSuspenseQuery(invoiceSettingQuery)
  return (
    <>
      <PageHeader title="Invoices" description="Numbers, and the texts of invoices that have none of their own." />
      <div className="max-w-3xl">
        <Held newest={setting}>{shown => <InvoiceForm setting={shown} />}</Held>
      </div>
    </>
  )
}

function InvoiceForm({ setting }: { setting: InvoiceSetting }) {
  const [scheme, setScheme] = useState(setting.numberingScheme ?? 'customer_level')
  const [prefix, setPrefix] = useState(setting.invoicePrefix)
  const [next, setNext] = useState(String(setting.nextInvoiceSequence))
  const isForAll = scheme === 'merchant_level'
  const save = (fields: Record<string, string>) => {
    const changes = {
      numberingScheme: scheme,
      invoicePrefix: fields.invoicePrefix ?? '',
      nextInvoiceSequence: Number(fields.nextInvoiceSequence),
      description: textOf(fields.description),
      footer: textOf(fields.footer),
    }
    return bitstream.organization.invoiceSetting.update(changes as UpdateInvoiceSetting)
  }
  return (
    <SettingsForm
      title="Numbering and texts"
      intro="A number is given when an invoice is finalized, and never twice. The sequence moves forward only."
      save={save}
      changes="organization"
    >
      {errorOf => (
        <>
          <SelectField
            label="Numbers count"
            name="numberingScheme"
            value={scheme}
            onChange={({ target }) =>
              setScheme(target.value === 'merchant_level' ? 'merchant_level' : 'customer_level')
            }
            choices={SCHEMES}
            error={errorOf('numberingScheme')}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Prefix"
              name="invoicePrefix"
              value={prefix}
              onChange={({ target }) => setPrefix(target.value.toUpperCase())}
              hint="1 to 12 capital letters and digits, with one sequence for all customers."
              autoCapitalize="characters"
              error={errorOf('invoicePrefix')}
            />
            <TextField
              label="Next number"
              name="nextInvoiceSequence"
              inputMode="numeric"
              value={next}
              onChange={({ target }) => setNext(target.value)}
              hint={
                isForAll
                  ? `The next invoice is ${prefix}-${next.padStart(4, '0')}.`
                  : 'Not in use: each customer’s invoices count from 1, with a prefix of their own.'
              }
              error={errorOf('nextInvoiceSequence')}
            />
          </div>
          <TextAreaField
            label="Description"
            name="description"
            defaultValue={setting.description ?? ''}
            error={errorOf('description')}
          />
          <TextAreaField label="Footer" name="footer" defaultValue={setting.footer ?? ''} error={errorOf('footer')} />
        </>
      )}
    </SettingsForm>
  )
}
