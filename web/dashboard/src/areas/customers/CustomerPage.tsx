import type { FullAddressDetail } from '@bitstream/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { ReceivedCard } from '../../layout/ReceivedCard.tsx'
import { RelatedList } from '../../layout/RelatedList.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import type { Fact } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { INVOICE_COLUMNS } from '../invoices/invoiceColumns.tsx'
import { addressText } from './AddressFields.tsx'
import { customerName } from './customerName.ts'

/** A customer with their invoices and payments. */
export function CustomerPage() {
  const { id = '' } = useParams({ strict: false })
  const customer = useObject('customer', id, bitstream.customers.get)
  const { email, organizationName, phone, address, shipping, taxIds } = customer
  return (
    <ObjectPage
      object={customer}
      list={{ path: '/customers', text: 'Customers' }}
      title={customerName(customer)}
      actions={mayWrite('customers') && <Actions id={id} />}
      top={<ReceivedCard of="customers" id={id} />}
      facts={[
        ['E-mail', <CopyText key="email" text={email} label="e-mail address" />],
        known('Company', organizationName),
        known('Phone', phone),
        known('Address', addressText(address)),
        known('Ship to', shippingText(shipping)),
        ...taxIds.data.map(
          ({ name, value, country }) => [name || 'Tax id', [value, country].filter(Boolean).join(', ')] as const,
        ),
        known('Your reference', customer.customerReferenceId),
        ['Customer number', <CopyText key="number" text={customer.customerNumber} label="customer number" />],
      ]}
    >
      <RelatedList
        title="Invoices"
        kind="invoice"
        of={{ customerId: id }}
        read={page => bitstream.invoices.list({ ...page, customerId: id })}
        columns={INVOICE_COLUMNS}
        path="/invoices"
        empty="No invoices yet."
        actions={
          mayWrite('invoices') && (
            <Link to="/invoices/new" search={{ customerId: id }} className={buttonClasses()}>
              Create invoice
            </Link>
          )
        }
      />
      <SessionsCard of={{ customerId: id }} empty="No payments yet." />
    </ObjectPage>
  )
}

function known(name: string, text: string | null): Fact | false {
  return text !== null && [name, text]
}

function shippingText(shipping: FullAddressDetail | null): string | null {
  if (shipping === null) return null
  const { name, organizationName, email, phone, address } = shipping
  return [name, organizationName, addressText(address), email, phone].filter(Boolean).join(', ') || null
}

function Actions({ id }: { id: string }) {
  return (
    <>
      <Link to="/customers/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      <ActionButton
        text="Delete the customer"
        isDangerous
        confirm="Their details are gone for good. Payments and invoices that name them stay as they are."
        run={() => bitstream.customers.delete(id)}
        goTo="/customers"
        done="The customer is deleted."
        changes={['customer']}
      />
    </>
  )
}
