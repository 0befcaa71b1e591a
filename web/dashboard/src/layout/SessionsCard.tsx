import type { CheckoutSessionSlim } from '@bitstream/sdk'
import { bitstream } from '../data/bitstream.ts'
import { Amount } from '../ui/Amount.tsx'
import { type Status, StatusBadge } from '../ui/Badge.tsx'
import { Time } from '../ui/Time.tsx'
import { RelatedList } from './RelatedList.tsx'

const STATUSES: Readonly<Record<CheckoutSessionSlim['status'], Status>> = {
  open: ['plain', 'Open'],
  complete: ['good', 'Paid'],
  incomplete: ['warn', 'Incomplete'],
  expired: ['plain', 'Expired'],
}

type Of = { paymentLinkId: string } | { customerId: string } | { invoiceId: string } | { couponId: string }

type Props = { of: Of; empty: string }

/** The checkout sessions of an object, newest first; each opens its payment. */
export function SessionsCard({ of, empty }: Props) {
  return (
    <RelatedList
      title="Payments"
      kind="checkout_session"
      of={of}
      read={page => bitstream.checkout.sessions.list({ ...page, ...of })}
      columns={[
        {
          name: 'Amount',
          width: '8rem',
          narrow: 'minmax(4.25rem,7rem)',
          align: 'end',
          cell: ({ amountTotal, currency }) => <Amount digits={amountTotal} currency={currency} />,
        },
        {
          name: 'Status',
          width: '7rem',
          narrow: '5rem',
          cell: ({ status }) => <StatusBadge status={STATUSES[status]} />,
        },
        {
          name: 'Payer',
          width: 'minmax(0,1fr)',
          isMinor: true,
          cell: ({ customerDetails: { email, name } }) => email ?? name ?? '—',
        },
        {
          name: 'Created',
          width: '7rem',
          narrow: 'minmax(5.5rem,1fr)',
          align: 'end',
          cell: ({ createdAt }) => <Time at={createdAt} />,
        },
      ]}
      path="/payments"
      empty={empty}
    />
  )
}
