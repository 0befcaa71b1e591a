import type { CreateTaxRate, TaxRate } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { allOf } from '../../data/allOf.ts'
import { bitstream } from '../../data/bitstream.ts'
import { requiredNumber, requiredText, type Typed, textOf } from '../../data/typed.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { exampleText, TAX_TYPES } from './taxRateStatus.ts'

/** Adds a tax rate, or changes what it is called. */
export function TaxRateForm() {
  const { id } = useParams({ strict: false })
  const rate = useObject('tax_rate', id, bitstream.taxRates.get)
  const send = async (typed: Typed) => {
    const saved = rate === null ? await create(typed) : await bitstream.taxRates.update(rate.id, wordsOf(typed))
    return `/tax-rates/${saved.id}`
  }
  return (
    <FormPage
      title={rate === null ? 'New tax rate' : 'Edit tax rate'}
      submit={rate === null ? 'Add tax rate' : 'Save'}
      changes={['tax_rate']}
      back={rate === null ? '/tax-rates' : `/tax-rates/${rate.id}`}
      send={send}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="The tax" hint="Its rate and type cannot be changed later: add another one for a new rate.">
            <TextField
              label="Name"
              hint="As payers read it, such as VAT."
              autoComplete="off"
              {...bind('name', rate?.name)}
            />
            {rate === null && (
              <div className="grid gap-3 sm:grid-cols-2">
                <TextField
                  label="Rate in percent"
                  inputMode="decimal"
                  placeholder="19"
                  autoComplete="off"
                  {...bind('percentage')}
                />
                <SelectField label="Type" choices={Object.entries(TAX_TYPES)} {...bind('type', 'exclusive')} />
                <p className="text-muted sm:col-span-2">{exampleText(typed.percentage, typed.type)}</p>
              </div>
            )}
            <TextField
              label="Country (optional)"
              hint="For your own records: no tax is chosen by it."
              autoComplete="off"
              {...bind('country', rate?.country)}
            />
            <TextField label="Description (optional)" autoComplete="off" {...bind('description', rate?.description)} />
          </FieldGroup>
          <MetadataFields bind={bind} first={rate?.metadata} />
        </>
      )}
    </FormPage>
  )
}

async function create(typed: Typed): Promise<TaxRate> {
  const { words, percentage } = allOf({
    words: () => wordsOf(typed),
    percentage: () => requiredNumber(typed.percentage, 'percentage'),
  })
  return await bitstream.taxRates.create({ ...words, percentage, type: typed.type as CreateTaxRate['type'] })
}

function wordsOf(typed: Typed) {
  return {
    name: requiredText(typed.name, 'name', 'Say what payers read.'),
    // What was emptied is null, which takes it away.
    description: textOf(typed.description),
    country: textOf(typed.country),
    metadata: metadataOf(typed),
  }
}
