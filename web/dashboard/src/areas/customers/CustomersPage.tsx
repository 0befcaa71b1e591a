import { Users } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { classes } from '../../ui/classes.ts'
import { Time } from '../../ui/Time.tsx'

/** Who buys. */
export function CustomersPage() {
  return (
    <ListPage
      title="Customers"
      description="Who buys from you: those you added, and those who left their details when they paid."
      path="/customers"
      kind="customer"
      filters={[
        { name: 'email', label: 'E-mail address' },
        { name: 'customerReferenceId', label: 'Your reference' },
      ]}
      read={(page, { email, customerReferenceId }) =>
        bitstream.customers.list({
          ...{ ...page, visibility: '20' },
          ...(email && { email }),
          ...(customerReferenceId && { customerReferenceId }),
        })
      }
      columns={[
        {
          name: 'Name',
          width: 'minmax(0,1fr)',
          cell: ({ name, organizationName, email }) => {
            const known = name ?? organizationName
            return (
              <span className="flex flex-col leading-tight">
                <bdi className={known === null ? 'max-md:hidden' : 'truncate font-medium'}>{known ?? '—'}</bdi>
                <span className={classes('truncate md:hidden', known !== null && 'text-xs text-muted')}>{email}</span>
              </span>
            )
          },
        },
        { name: 'E-mail', width: 'minmax(0,1fr)', isMinor: true, cell: ({ email }) => email },
        {
          name: 'Number',
          width: '9rem',
          isMinor: true,
          cell: ({ customerNumber }) => <CopyText text={customerNumber} label="customer number" />,
        },
        { name: 'Created', width: '8rem', narrow: '6.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
      Icon={Users}
      empty={{
        title: 'No customers yet',
        text: 'Whoever leaves an e-mail address when paying appears here. Add somebody to write them an invoice.',
      }}
      create={mayWrite('customers') && 'Add a customer'}
    />
  )
}
