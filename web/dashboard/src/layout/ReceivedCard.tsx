import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../data/account.ts'
import { amountText } from '../ui/amount.ts'
import { Card } from '../ui/Card.tsx'
import { countText } from '../ui/countText.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Time } from '../ui/Time.tsx'

/** What `GET /api/account/<of>/<id>/received` answers; amounts at 8 decimals. */
type Received = {
  payments: number
  lastAt: string | null
  totals: { currency: string; payments: number; amount: string }[]
}

/** What was paid at a link, by a customer or for a product, in each currency; nothing until something was. */
export function ReceivedCard({ of, id }: { of: 'payment-links' | 'customers' | 'products'; id: string }) {
  const { data, error } = useQuery({
    queryKey: ['checkout_session', 'received', of, id],
    queryFn: () => ask<Received>('GET', `/${of}/${id}/received`),
  })
  if (error !== null && data === undefined) return <p className="text-bad">{error.message}</p>
  if (data?.payments === 0) return null
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:flex sm:flex-wrap sm:gap-x-12">
        <Figure name="Paid">
          {data?.totals.map(({ currency, amount }) => (
            <span key={currency} className="block">
              {amountText(amount, currency)}
            </span>
          ))}
        </Figure>
        <Figure name="Payments">{data && countText(data.payments)}</Figure>
        <Figure name="Last payment">{data?.lastAt && <Time at={data.lastAt} />}</Figure>
      </dl>
    </Card>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-1 text-lg leading-snug font-semibold break-words tabular-nums">
        {children ?? <Skeleton className="mt-2 w-20" />}
      </dd>
    </div>
  )
}
