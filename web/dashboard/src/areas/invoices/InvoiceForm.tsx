import type { Customer, Invoice, Price, UpdateInvoice } from '@bitstream/sdk'
import { useParams, useSearch } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage, type Typed, textOf } from '../../layout/FormPage.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { dayOf, endOfDay } from '../../ui/day.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { InvoicePreview } from './InvoicePreview.tsx'
import { LineFields, linesChanged } from './LineFields.tsx'

/** Writes a draft of an invoice, or changes one. */
export function InvoiceForm() {
  const { id } = useParams({ strict: false })
  const { customerId } = useSearch({ strict: false })
  const invoice = useObject('invoice', id, bitstream.invoices.get)
  const asked = useObject('customer', invoice === null ? customerId : undefined, bitstream.customers.get)
  const customers = useObject('customer', 'newest', async () => await bitstream.customers.list({ visibility: '20' }))
  const prices = useObject(
    'price',
    'active',
    async () => await bitstream.prices.list({ isActive: true, visibility: '20' }),
  )
  const taxRates = useObject('tax_rate', 'active', async () => await bitstream.taxRates.list({ isActive: true })).data
  const sellable = sellableOf(prices.data, invoice)
  const rates = [...taxRates, ...ratesOf(invoice).filter(({ id }) => taxRates.every(rate => rate.id !== id))]
  const send = async (typed: Typed) => {
    const body = bodyOf(typed, invoice, rates)
    const saved =
      invoice === null
        ? await bitstream.invoices.create({ ...body, ...(typed.customerId && { customerId: typed.customerId }) })
        : await bitstream.invoices.update(invoice.id, body)
    return `/invoices/${saved.id}`
  }
  return (
    <FormPage
      title={invoice === null ? 'New invoice' : 'Edit invoice'}
      description="It stays a draft until you finalize it on its page."
      submit={invoice === null ? 'Create draft' : 'Save draft'}
      changes={['invoice', 'price']}
      back={invoice === null ? '/invoices' : `/invoices/${invoice.id}`}
      send={send}
      preview={typed => <InvoicePreview typed={typed} prices={sellable} rates={rates} />}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="Who pays">
            {invoice === null ? (
              <SelectField
                label="Customer"
                choices={customerChoices(asked, customers.data)}
                {...bind('customerId', asked?.id)}
                {...(customers.hasMore && { hint: 'The newest customers. For others, begin at the customer’s page.' })}
              />
            ) : (
              <p>{nameOf(invoice.customer)}</p>
            )}
            <TextField
              label="Last day to pay (optional)"
              type="date"
              className="sm:w-1/2"
              {...bind('dueDate', dayOf(invoice?.dueDate))}
            />
          </FieldGroup>
          <FieldGroup title="What is paid for">
            <LineFields typed={typed} bind={bind} prices={sellable} invoice={invoice} />
          </FieldGroup>
          <FieldGroup title="Taxes and discounts">
            {rates.map(({ id, name, percentage, type }) => (
              <CheckField
                key={id}
                name={`tax.${id}`}
                label={`${name} ${percentage} %${type === 'inclusive' ? ', included in the prices' : ''}`}
                defaultChecked={invoice?.taxRateIds.includes(id) ?? false}
              />
            ))}
            <CheckField
              name="allowPromotionCodes"
              label="The customer may enter a promotion code"
              defaultChecked={invoice?.allowPromotionCodes ?? false}
            />
          </FieldGroup>
          <FieldGroup title="Words">
            <TextAreaField label="Text (optional)" {...bind('description', invoice?.description)} />
            <TextAreaField label="Footer (optional)" {...bind('footer', invoice?.footer)} />
            <TextField
              label="Your reference (optional)"
              autoComplete="off"
              {...bind('clientReferenceId', invoice?.clientReferenceId)}
            />
          </FieldGroup>
        </>
      )}
    </FormPage>
  )
}

/** A price that a line can have, as the API gives it. */
export type SellablePrice = Pick<Price, 'id' | 'currency' | 'unitAmount' | 'type' | 'product'>

/** Prices with an amount, which is paid once, and those that the draft has, whatever became of them. */
function sellableOf(prices: readonly Price[], invoice: Invoice | null): SellablePrice[] {
  const own = invoice?.lineItems.data.map(({ price }) => price) ?? []
  const listed = prices.filter(
    ({ id, unitAmount, type, product }) =>
      unitAmount !== null && type === 'one_time' && product.isActive && own.every(each => each.id !== id),
  )
  return [...own.filter(({ id }, index) => own.findIndex(each => each.id === id) === index), ...listed]
}

function ratesOf(invoice: Invoice | null) {
  const all = invoice?.lineItems.data.flatMap(({ taxRates }) => taxRates) ?? []
  return all.filter(({ id }, index) => all.findIndex(each => each.id === id) === index)
}

function customerChoices(asked: Customer | null, listed: readonly Customer[]) {
  const others = listed.filter(({ id }) => id !== asked?.id)
  const all = asked === null ? others : [asked, ...others]
  return [['', 'Choose a customer'] as const, ...all.map(each => [each.id, nameOf(each)] as const)]
}

function nameOf(customer: Customer | null): string {
  if (customer === null) return '—'
  const name = customer.name ?? customer.organizationName
  return name === null ? customer.email : `${name} (${customer.email})`
}

/** What was emptied is null, which takes it away. */
function bodyOf(typed: Typed, invoice: Invoice | null, rates: readonly { id: string }[]): UpdateInvoice {
  const lines = linesChanged(typed, invoice)
  return {
    dueDate: endOfDay(typed.dueDate),
    ...(lines !== null && { lineItems: { data: lines } }),
    taxRateIds: rates.flatMap(({ id }) => (typed[`tax.${id}`] === undefined ? [] : [id])),
    allowPromotionCodes: typed.allowPromotionCodes !== undefined,
    description: textOf(typed.description),
    footer: textOf(typed.footer),
    clientReferenceId: textOf(typed.clientReferenceId),
  }
}
