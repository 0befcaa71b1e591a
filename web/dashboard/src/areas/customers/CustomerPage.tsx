import type { AddressDetail } from '@bitstream/sdk'
import { Link, useParams, useRouter } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { useObject } from '../../data/useObject.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { ObjectPage } from '../../layout/ObjectPage.tsx'
import { RelatedList } from '../../layout/RelatedList.tsx'
import { SessionsCard } from '../../layout/SessionsCard.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { INVOICE_COLUMNS } from '../invoices/invoiceColumns.tsx'

/** A customer with their invoices and payments. */
export function CustomerPage() {
  const { id = '' } = useParams({ strict: false })
  const customer = useObject('customer', id, bitstream.customers.get)
  const { email, name, organizationName, phone, address, shipping, taxIds } = customer
  return (
    <ObjectPage
      object={customer}
      list={{ path: '/customers', text: 'Customers' }}
      title={name ?? organizationName ?? email}
      actions={mayWrite('customers') && <Actions id={id} />}
      facts={[
        ['E-mail', <CopyText key="email" text={email} label="e-mail address" />],
        ['Company', organizationName],
        ['Phone', phone],
        ['Address', addressText(address)],
        ...(shipping === null ? [] : [['Shipping', addressText(shipping.address ?? null)] as const]),
        ...taxIds.data.map(
          ({ name, value, country }) => [name || 'Tax id', [value, country].filter(Boolean).join(', ')] as const,
        ),
        ...(customer.customerReferenceId === null ? [] : [['Your reference', customer.customerReferenceId] as const]),
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

function Actions({ id }: { id: string }) {
  const router = useRouter()
  return (
    <>
      <Link to="/customers/$id/edit" params={{ id }} className={buttonClasses()}>
        Edit
      </Link>
      <ActionButton
        text="Delete the customer"
        isDangerous
        confirm="Their details are gone for good. Payments and invoices that name them stay as they are."
        run={async () => {
          await bitstream.customers.delete(id)
          await router.navigate({ to: '/customers' })
        }}
        done="The customer is deleted."
        changes={['customer']}
      />
    </>
  )
}

function addressText(address: AddressDetail | null): string | null {
  if (address === null) return null
  const { line1, line2, postalCode, city, state, country } = address
  const place = [postalCode, city].filter(Boolean).join(' ')
  return [line1, line2, place, state, country].filter(Boolean).join(', ') || null
}
