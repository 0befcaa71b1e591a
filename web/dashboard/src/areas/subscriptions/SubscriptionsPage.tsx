import type { Subscription } from '@bitstream/sdk'
import { Link } from '@tanstack/react-router'
import { FileText, Link2, RefreshCw } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { useList } from '../../data/useList.ts'
import { Failure } from '../../layout/States.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { buttonClasses } from '../../ui/Button.tsx'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Time } from '../../ui/Time.tsx'
import { customerName } from '../customers/customerName.ts'
import { intervalText, subscriptionStatus } from './subscriptionStatus.ts'

/** The subscriptions; while there are none, what they will be and what does their work today. */
export function SubscriptionsPage() {
  const list = useList<Subscription>(
    ['subscription', 'list', {}],
    async page => await bitstream.subscriptions.list({ ...page }),
  )
  return (
    <>
      <PageHeader title="Subscriptions" description="Customers who pay again at each interval." />
      {list.error !== null && <Failure error={list.error} reset={list.retry} />}
      {list.error === null && !list.isEmpty && (
        <DataTable
          label="Subscriptions"
          columns={COLUMNS}
          rows={list.rows}
          keyOf={({ id }) => id}
          isLoading={list.isLoading}
          onEnd={list.onEnd}
        />
      )}
      {list.isEmpty && <NotYet />}
    </>
  )
}

const COLUMNS: readonly Column<Subscription>[] = [
  {
    name: 'Customer',
    width: 'minmax(0,2fr)',
    cell: ({ customer }) => (customer === null ? '—' : customerName(customer)),
  },
  {
    name: 'Plan',
    width: 'minmax(0,2fr)',
    isMinor: true,
    cell: ({ lineItems }) => lineItems.data.map(({ price }) => price.product.name).join(', '),
  },
  { name: 'Every', width: '7rem', cell: intervalText },
  {
    name: 'Status',
    width: '6.5rem',
    cell: subscription => <StatusBadge status={subscriptionStatus(subscription)} />,
  },
  {
    name: 'Paid until',
    width: '8rem',
    isMinor: true,
    cell: ({ currentPeriodEnd }) => (currentPeriodEnd === null ? '—' : <Time at={currentPeriodEnd} />),
  },
]

function NotYet() {
  return (
    <div className="flex flex-col gap-5">
      <section className="rounded-lg border border-line bg-surface p-5 sm:p-6">
        <RefreshCw aria-hidden className="size-6 text-muted" />
        <h2 className="mt-3 text-base font-semibold">This version charges nobody again by itself</h2>
        <p className="mt-1 max-w-prose text-muted">
          No subscription can be made yet: the API answers with “not available yet” where one is asked for. Once it can,
          this page fills by itself, and it will work like this:
        </p>
        <ol className="mt-4 grid gap-4 sm:grid-cols-3">
          {STEPS.map(({ title, text }, index) => (
            <li key={title} className="flex gap-3">
              <span
                aria-hidden
                className="grid size-6 shrink-0 place-items-center rounded-full bg-hover text-xs font-semibold tabular-nums"
              >
                {index + 1}
              </span>
              <div>
                <p className="font-medium">{title}</p>
                <p className="text-muted">{text}</p>
              </div>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2 className="font-semibold">What you can do today</h2>
        <ul className="mt-3 grid gap-4 sm:grid-cols-2">
          {TODAY.map(({ Icon, title, text, to, action }) => (
            <li key={title} className="flex flex-col items-start rounded-lg border border-line bg-surface p-5">
              <Icon aria-hidden className="size-5 text-muted" />
              <h3 className="mt-2 font-medium">{title}</h3>
              <p className="mt-1 mb-4 grow text-muted">{text}</p>
              <Link to={to} className={buttonClasses()}>
                {action}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

const STEPS = [
  { title: 'You name a price for an interval', text: 'A product by the day, week, month or year.' },
  { title: 'Customers allow it once', text: 'From their own wallet, up to a sum, and they can end it at any time.' },
  { title: 'You see who pays', text: 'Who is paying, who is late, and what comes next.' },
] as const

const TODAY = [
  {
    Icon: FileText,
    title: 'An invoice for each month',
    text: 'Write it once. Next month, open it and press Duplicate, and let the draft be sent on a day that you choose.',
    to: '/invoices',
    action: 'Go to invoices',
  },
  {
    Icon: Link2,
    title: 'A link that customers come back to',
    text: 'One page for your plan, which can be paid as often as they like, such as at the start of each month.',
    to: '/payment-links',
    action: 'Go to payment links',
  },
] as const
