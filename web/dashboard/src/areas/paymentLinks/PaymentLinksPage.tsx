import { Link2 } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { Amount } from '../../ui/Amount.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { linkStatus } from './linkStatus.ts'

/** The payment links. */
export function PaymentLinksPage() {
  return (
    <ListPage
      title="Payment links"
      description="A page of yours that everyone with its address can pay at, without a shop or a line of code."
      path="/payment-links"
      kind="payment_link"
      filters={[
        {
          name: 'isActive',
          label: 'Status',
          choices: [
            ['true', 'Active'],
            ['false', 'Off'],
          ],
        },
      ]}
      read={(page, { isActive }) =>
        bitstream.paymentLinks.list({ ...page, ...(isActive && { isActive: isActive === 'true' }) })
      }
      columns={[
        {
          name: 'Title',
          width: 'minmax(0,1fr)',
          narrow: 'minmax(0,3fr)',
          cell: ({ title }) => <bdi className="font-medium">{title}</bdi>,
        },
        {
          name: 'Amount',
          width: 'minmax(8rem,12rem)',
          narrow: 'minmax(0,2fr)',
          align: 'end',
          cell: ({ amount, currency }) =>
            amount === null ? (
              <span className="text-muted">Payers choose</span>
            ) : (
              <Amount digits={amount} currency={currency} />
            ),
        },
        {
          name: 'Status',
          width: '5rem',
          narrow: '4rem',
          cell: link => <StatusBadge status={linkStatus(link)} />,
        },
        {
          name: 'Link',
          width: '11rem',
          isMinor: true,
          cell: ({ url, id }) => <CopyText text={url} shown={`…/${id.slice(-12)}`} label="link" />,
        },
        { name: 'Created', width: '8rem', isMinor: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
      Icon={Link2}
      empty={{
        title: 'No payment links yet',
        text: 'Say what it is and what it costs, and send the address to whoever shall pay.',
      }}
      create={mayWrite('payment_links') && 'Create payment link'}
    />
  )
}
