import type { CheckoutSessionSlim } from '@bitstream/sdk'
import { useRouter } from '@tanstack/react-router'
import { bitstream } from '../data/bitstream.ts'
import { useList } from '../data/useList.ts'
import { amountText } from '../ui/amount.ts'
import { Badge, type Tone } from '../ui/Badge.tsx'
import { Card } from '../ui/Card.tsx'
import { DataTable } from '../ui/DataTable.tsx'
import { Time } from '../ui/Time.tsx'

const STATUSES: Readonly<Record<CheckoutSessionSlim['status'], readonly [Tone, string]>> = {
  open: ['plain', 'Open'],
  complete: ['good', 'Paid'],
  incomplete: ['warn', 'Incomplete'],
  expired: ['plain', 'Expired'],
}

type Props = { of: { paymentLinkId: string } | { customerId: string } | { invoiceId: string }; empty: string }

/** The checkout sessions of an object, newest first; each opens its payment. */
export function SessionsCard({ of, empty }: Props) {
  const router = useRouter()
  const list = useList<CheckoutSessionSlim>(
    ['checkout_session', 'list', of],
    async page => await bitstream.checkout.sessions.list({ ...page, ...of }),
  )
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold">Payments</h2>
      {!list.isLoading && list.rows.length === 0 ? (
        <Card>
          <p className="text-muted">{list.error === null ? empty : list.error.message}</p>
        </Card>
      ) : (
        <DataTable
          label="Payments"
          columns={[
            {
              name: 'Amount',
              width: 'minmax(6rem,1fr)',
              cell: ({ amountTotal, currency }) => amountText(amountTotal, currency),
            },
            {
              name: 'Status',
              width: '7rem',
              cell: ({ status }) => <Badge tone={STATUSES[status][0]}>{STATUSES[status][1]}</Badge>,
            },
            {
              name: 'Payer',
              width: 'minmax(0,1fr)',
              isMinor: true,
              cell: ({ customerDetails: { email, name } }) => email ?? name ?? '—',
            },
            { name: 'Begun', width: '8rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
          ]}
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => router.history.push(`/payments/${id}`)}
          isLoading={list.isLoading}
          onEnd={list.onEnd}
        />
      )}
    </section>
  )
}
