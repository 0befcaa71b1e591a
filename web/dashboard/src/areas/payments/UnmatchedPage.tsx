import type { UnmatchedPayment } from '@bitstream/sdk'
import { Link, useSearch } from '@tanstack/react-router'
import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useList } from '../../data/useList.ts'
import type { Filter } from '../../layout/FilterBar.tsx'
import { FilteredList } from '../../layout/FilteredList.tsx'
import { amountText } from '../../ui/amount.ts'
import { StatusBadge } from '../../ui/Badge.tsx'
import { shortened } from '../../ui/CopyText.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Time } from '../../ui/Time.tsx'
import { UnmatchedDialog } from './UnmatchedDialog.tsx'
import { decisionOf, UNMATCHED_REASONS } from './unmatchedTexts.ts'

const PATH = '/payments/unmatched'
const STATUSES = ['open', 'resolved'] as const
const REASONS = ['late', 'duplicate', 'wrong_token', 'wrong_chain'] as const
const FILTERS: readonly Filter[] = [
  {
    name: 'status',
    label: 'Decision',
    choices: [
      ['open', 'To decide'],
      ['resolved', 'Decided'],
    ],
  },
  { name: 'reason', label: 'Reason', choices: REASONS.map(reason => [reason, UNMATCHED_REASONS[reason][0]] as const) },
]

const COLUMNS: readonly Column<UnmatchedPayment>[] = [
  {
    name: 'Amount',
    width: '9rem',
    narrow: 'minmax(6rem,8rem)',
    align: 'end',
    cell: ({ transfer: { amountRaw, asset } }) => (
      <span className="font-medium tabular-nums">{amountText(amountRaw, asset.symbol, asset.decimals)}</span>
    ),
  },
  {
    name: 'Decision',
    width: '6.5rem',
    cell: payment => <StatusBadge status={decisionOf(payment)} />,
  },
  { name: 'Reason', width: 'minmax(4.5rem,0.8fr)', cell: ({ reason }) => UNMATCHED_REASONS[reason][0] },
  { name: 'Network', width: 'minmax(0,1fr)', isMinor: true, cell: ({ transfer }) => transfer.asset.chain.name },
  {
    name: 'Came to payment',
    width: '9.5rem',
    isMinor: true,
    cell: ({ checkoutSessionId }) => (
      <Link
        to="/payments/$id"
        params={{ id: checkoutSessionId }}
        className="inline-flex min-h-6 items-center font-mono text-[0.8125rem] text-accent underline"
      >
        {shortened(checkoutSessionId)}
      </Link>
    ),
  },
  { name: 'Came', width: '7rem', isMinor: true, align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
]

/** Money that came to the address of a payment and does not count for it; a row tells all of it and takes the decision. */
export function UnmatchedPage() {
  const search = useSearch({ strict: false }) as { status?: string; reason?: string }
  const status = STATUSES.find(known => known === search.status)
  const reason = REASONS.find(known => known === search.reason)
  const chosen = { ...(status && { status }), ...(reason && { reason }) }
  const list = useList<UnmatchedPayment>(
    ['unmatched_payment', 'list', chosen],
    async page => await bitstream.unmatchedPayments.list({ ...page, ...chosen }),
  )
  const [opened, setOpened] = useState<UnmatchedPayment | null>(null)
  return (
    <>
      <PageHeader
        title="Unmatched payments"
        description="Money that came to the address of a payment and does not count for it. It is safe there until you decide what becomes of it."
      />
      <FilteredList
        {...{ list, chosen, filters: FILTERS, columns: COLUMNS, label: 'Unmatched payments', path: PATH }}
        onOpen={setOpened}
        Icon={CircleHelp}
        empty={
          <EmptyState Icon={CircleHelp} title="No unmatched payments">
            Should a payer pay too late, twice, or in another coin or network, it is listed here, and you accept it,
            give it back or keep it.
          </EmptyState>
        }
        {...(status === 'open' && reason === undefined && { noMatch: 'Nothing waits for your decision' })}
      />
      <UnmatchedDialog
        payment={opened && (list.rows.find(({ id }) => id === opened.id) ?? opened)}
        onClose={() => setOpened(null)}
      />
    </>
  )
}
