import type { Customer, Invoice, Price } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { invoiceSettingQuery } from '../../data/organization.ts'
import type { Typed } from '../../data/typed.ts'
import type { Bind } from '../../data/useForm.ts'
import { useObject } from '../../data/useObject.ts'
import { FormPage } from '../../layout/FormPage.tsx'
import { MetadataFields } from '../../layout/MetadataFields.tsx'
import { CheckField } from '../../ui/CheckField.tsx'
import { dayOf } from '../../ui/day.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FieldGroup } from '../../ui/FieldGroup.tsx'
import { TextAreaField } from '../../ui/TextAreaField.tsx'
import { customerName } from '../customers/customerName.ts'
import { InvoiceFacts } from './InvoiceFacts.tsx'
import { InvoicePreview } from './InvoicePreview.tsx'
import { LineFields, type Rate, rateText } from './LineFields.tsx'
import { PaymentFields } from './PaymentFields.tsx'
import { RecordsForm } from './RecordsForm.tsx'
import { bodyOf, writtenOf } from './typedInvoice.ts'

/** Writes a draft of an invoice, or changes one; of a finalized invoice what is beside what it asks for. */
export function InvoiceForm() {
  const { id } = useParams({ strict: false })
  const invoice = useObject('invoice', id, bitstream.invoices.get)
  return invoice === null || invoice.status === 'draft' ? (
    <DraftForm invoice={invoice} />
  ) : (
    <RecordsForm invoice={invoice} />
  )
}

function DraftForm({ invoice }: { invoice: Invoice | null }) {
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
      invoice === null ? await bitstream.invoices.create(body) : await bitstream.invoices.update(invoice.id, body)
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
      preview={typed => <InvoicePreview written={writtenOf(typed, invoice, rates)} />}
    >
      {({ typed, bind }) => (
        <>
          <FieldGroup title="Who pays">
            {invoice === null ? <CustomerField bind={bind} /> : <p>{nameOf(invoice.customer)}</p>}
            <TextField
              label="Last day to pay (optional)"
              type="date"
              className="sm:w-1/2"
              {...bind('dueDate', dayOf(invoice?.dueDate))}
            />
          </FieldGroup>
          <FieldGroup title="What is paid for">
            <LineFields typed={typed} bind={bind} prices={sellable} rates={rates} invoice={invoice} />
            {prices.hasMore && (
              <p className="text-muted">The newest prices are offered here. Others are added as something new.</p>
            )}
          </FieldGroup>
          <FieldGroup title="Taxes and discounts">
            <Taxes rates={rates} invoice={invoice} />
          </FieldGroup>
          <FieldGroup title="How it is paid">
            <PaymentFields typed={typed} bind={bind} invoice={invoice} />
          </FieldGroup>
          <Words bind={bind} invoice={invoice} />
          <FieldGroup title="Your records" hint="The customer sees none of it.">
            <TextField
              label="Your reference (optional)"
              autoComplete="off"
              {...bind('clientReferenceId', invoice?.clientReferenceId)}
            />
          </FieldGroup>
          <MetadataFields bind={bind} first={invoice?.metadata} />
        </>
      )}
    </FormPage>
  )
}

/** The customer of a new invoice; where the URL names one, that one. */
function CustomerField({ bind }: { bind: Bind }) {
  const { customerId } = useSearch({ strict: false })
  const asked = useObject('customer', customerId, bitstream.customers.get)
  const customers = useObject('customer', 'newest', async () => await bitstream.customers.list({ visibility: '20' }))
  const others = customers.data.filter(({ id }) => id !== asked?.id)
  const all = asked === null ? others : [asked, ...others]
  if (all.length === 0) {
    return (
      <p className="text-muted">
        An invoice is for a customer, and there is none yet:{' '}
        <Link to="/customers/new" className="text-accent underline">
          add one
        </Link>{' '}
        first.
      </p>
    )
  }
  return (
    <SelectField
      label="Customer"
      choices={[['', 'Choose a customer'], ...all.map(each => [each.id, nameOf(each)] as const)]}
      {...bind('customerId', asked?.id)}
      {...(customers.hasMore && {
        hint: 'The newest customers. For others, press Create invoice on the customer’s page.',
      })}
    />
  )
}

function Taxes({ rates, invoice }: { rates: readonly Rate[]; invoice: Invoice | null }) {
  return (
    <div>
      {rates.map(rate => (
        <CheckField
          key={rate.id}
          name={`tax.${rate.id}`}
          label={rateText(rate)}
          defaultChecked={invoice?.taxRateIds.includes(rate.id) ?? false}
        />
      ))}
      <CheckField
        name="allowPromotionCodes"
        label="The customer may enter a promotion code"
        defaultChecked={invoice?.allowPromotionCodes ?? false}
      />
    </div>
  )
}

/** The texts of an invoice; a new one begins with those of the settings. */
function Words({ bind, invoice }: { bind: Bind; invoice: Invoice | null }) {
  const { data: setting } = useSuspenseQuery(invoiceSettingQuery)
  const { description, footer } = invoice ?? setting
  return (
    <FieldGroup title="What it says">
      <TextAreaField label="Note to the customer (optional)" {...bind('description', description)} />
      <TextAreaField
        label="Footer (optional)"
        hint="At the end of the PDF, such as your terms."
        {...bind('footer', footer)}
      />
      <InvoiceFacts bind={bind} invoice={invoice} />
    </FieldGroup>
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

function ratesOf(invoice: Invoice | null): Rate[] {
  const all = invoice?.lineItems.data.flatMap(({ taxRates }) => taxRates) ?? []
  return all.filter(({ id }, index) => all.findIndex(each => each.id === id) === index)
}

function nameOf(customer: Customer | null): string {
  if (customer === null) return '—'
  const name = customerName(customer)
  return name === customer.email ? name : `${name} (${customer.email})`
}
