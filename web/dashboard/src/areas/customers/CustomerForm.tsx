import type { CreateCustomer, FullAddressDetail, TaxId } from '@bitstream/sdk'
import { useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { type Typed, textOf } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields, metadataOf } from '../../layout/MetadataFields.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { FormRows } from '../../ui/FormRows.tsx'
import { AddressFields, typedAddress } from './AddressFields.tsx'

const MOST_TAX_IDS = 10
const SHIPPING = [
  ['name', 'Recipient', 'text'],
  ['organizationName', 'Their company', 'text'],
  ['email', 'Their e-mail address', 'email'],
  ['phone', 'Their phone', 'tel'],
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
      {({ typed, bind }) => (
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
                <TextField
                  label="Your reference (optional)"
                  hint="What your own programs call them; it stays."
                  autoComplete="off"
                  {...bind('customerReferenceId')}
                />
              )}
            </div>
          </FieldGroup>
          <FieldGroup title="Address (optional)" hint="Invoices are written to it.">
            <AddressFields bind={bind} name="address" first={customer?.address} />
            <CheckField
              name="hasShipping"
              label="What is sent goes to another address"
              defaultChecked={customer !== null && customer.shipping !== null}
            />
            {typed.hasShipping !== undefined && <Shipping bind={bind} first={customer?.shipping} />}
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

function Shipping({ bind, first }: { bind: Bind; first: FullAddressDetail | null | undefined }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="mb-4 font-medium">Shipping address</legend>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {SHIPPING.map(([part, label, type]) => (
          <TextField
            key={part}
            label={label}
            type={type}
            autoComplete="off"
            {...bind(`shipping.${part}`, first?.[part])}
          />
        ))}
      </div>
      <AddressFields bind={bind} name="shipping.address" first={first?.address} />
    </fieldset>
  )
}

function typedShipping(typed: Typed): FullAddressDetail | null {
  if (typed.hasShipping === undefined) return null
  const address = typedAddress(typed, 'shipping.address')
  const parts = SHIPPING.flatMap(([part]) => {
    const text = textOf(typed[`shipping.${part}`])
    return text === null ? [] : [[part, text] as const]
  })
  return { ...Object.fromEntries(parts), ...(address !== null && { address }) }
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
    address: typedAddress(typed, 'address'),
    shipping: typedShipping(typed),
    taxIds: { data: taxIds },
    metadata: metadataOf(typed),
  }
}
