import type { AddressDetail, CreateCustomer, TaxId } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { useObject } from '../../data/useObject.ts'
import { type Bind, FormPage, type Typed, textOf } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { FormRows } from '../../ui/FormRows.tsx'

const MOST_TAX_IDS = 10
const ADDRESS = [
  ['line1', 'Street and number'],
  ['line2', 'Flat, floor (optional)'],
  ['postalCode', 'Postal code'],
  ['city', 'City'],
  ['state', 'State or region (optional)'],
  ['country', 'Country'],
] as const

/** Adds a customer, or changes their details. */
export function CustomerForm() {
  const { id } = useParams({ strict: false })
  const customer = useObject('customer', id, bitstream.customers.get)
  const send = async (typed: Typed) => {
    const details = detailsOf(typed)
    const saved =
      customer === null
        ? await bitstream.customers.create({ ...details, customerReferenceId: textOf(typed.customerReferenceId) })
        : await bitstream.customers.update(customer.id, details)
    return `/customers/${saved.id}`
  }
  return (
    <FormPage
      title={customer === null ? 'New customer' : 'Edit customer'}
      submit={customer === null ? 'Add customer' : 'Save'}
      changes={['customer']}
      back={customer === null ? '/customers' : `/customers/${customer.id}`}
      send={send}
    >
      {({ bind }) => (
        <>
          <FieldGroup title="Who it is">
            <TextField label="E-mail address" type="email" autoComplete="off" {...bind('email', customer?.email)} />
            <div className="grid items-start gap-4 sm:grid-cols-2">
              <TextField label="Name (optional)" autoComplete="off" {...bind('name', customer?.name)} />
              <TextField
                label="Company (optional)"
                autoComplete="off"
                {...bind('organizationName', customer?.organizationName)}
              />
              <TextField label="Phone (optional)" type="tel" autoComplete="off" {...bind('phone', customer?.phone)} />
              {customer === null && (
                <TextField label="Your reference (optional)" autoComplete="off" {...bind('customerReferenceId')} />
              )}
            </div>
          </FieldGroup>
          <FieldGroup title="Address" hint="Invoices are written to it.">
            <div className="grid items-start gap-4 sm:grid-cols-2">
              {ADDRESS.map(([part, label]) => (
                <TextField
                  key={part}
                  label={label}
                  autoComplete="off"
                  {...bind(`address.${part}`, customer?.address?.[part])}
                />
              ))}
            </div>
          </FieldGroup>
          <FieldGroup title="Tax ids" hint="They stand on invoices.">
            <TaxIds bind={bind} first={customer?.taxIds.data ?? []} />
          </FieldGroup>
          <MetadataFields bind={bind} first={customer?.metadata} />
        </>
      )}
    </FormPage>
  )
}

function TaxIds({ bind, first }: { bind: Bind; first: readonly TaxId[] }) {
  return (
    <FormRows
      noun="Tax id"
      count={first.length}
      most={MOST_TAX_IDS}
      row={(index, at) => (
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField
            label="Kind"
            placeholder="VAT"
            autoComplete="off"
            {...bind(`taxIds.data[${index}].name`, first[at]?.name)}
          />
          <TextField label="Number" autoComplete="off" {...bind(`taxIds.data[${index}].value`, first[at]?.value)} />
          <TextField
            label="Country"
            autoComplete="off"
            {...bind(`taxIds.data[${index}].country`, first[at]?.country)}
          />
        </div>
      )}
    />
  )
}

/** What was emptied is null, which takes it away. */
function detailsOf(typed: Typed): CreateCustomer {
  const address: AddressDetail = Object.fromEntries(
    ADDRESS.flatMap(([part]) => {
      const text = textOf(typed[`address.${part}`])
      return text === null ? [] : [[part, text]]
    }),
  )
  const taxIds = Array.from({ length: MOST_TAX_IDS }, (_, index) => `taxIds.data[${index}]`)
    .filter(name => textOf(typed[`${name}.value`]) !== null)
    .map(name => ({
      name: typed[`${name}.name`]?.trim() || undefined,
      value: typed[`${name}.value`]?.trim(),
      country: typed[`${name}.country`]?.trim() || undefined,
    }))
  return {
    email: typed.email ?? '',
    name: textOf(typed.name),
    organizationName: textOf(typed.organizationName),
    phone: textOf(typed.phone),
    address: Object.keys(address).length === 0 ? null : address,
    taxIds: { data: taxIds },
    metadata: metadataOf(typed),
  }
}
