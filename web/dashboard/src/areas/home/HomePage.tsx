import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { ask } from '../../data/account.ts'
import { chainsQuery } from '../../data/chains.ts'
import { gasQuery } from '../../data/gas.ts'
import { Failure } from '../../layout/States.tsx'
import { Card } from '../../ui/Card.tsx'
import { dayOf } from '../../ui/day.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Attention } from './Attention.tsx'
import { Charts } from './Charts.tsx'
import { Choice } from './Choice.tsx'
import { GettingStarted } from './GettingStarted.tsx'
import type { Summary } from './summary.ts'
import { useUrlChoice } from './useUrlChoice.ts'

/** Days with their letter: the router would put quotation marks around digits alone. */
const RANGES = [
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
  ['365d', 'Last 365 days'],
] as const
const AGAIN_AFTER_MS = 30_000

/** What a merchant sees first: how payments go, what needs attention, and what to do next. */
export function HomePage() {
  const choose = useUrlChoice()
  const { days } = useSearch({ strict: false }) as { days?: string }
  const range = RANGES.find(([known]) => known === days)?.[0] ?? '30d'
  const count = Number.parseInt(range, 10)
  const summary = useQuery({
    // What changes a payment changes its numbers.
    queryKey: ['checkout_session', 'summary', count],
    queryFn: () => ask<Summary>('GET', `/summary?${new URLSearchParams(rangeOf(count))}`),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_AFTER_MS,
  })
  const chains = useQuery({ ...chainsQuery, refetchInterval: AGAIN_AFTER_MS })
  // For this nobody waits: it is asked of the chains themselves.
  const gas = useQuery({ ...gasQuery, refetchInterval: AGAIN_AFTER_MS })
  // What was read before stays where it cannot be read again for a while.
  const failed = [summary, chains].find(({ error, data }) => error !== null && data === undefined)
  if (failed?.error) return <Failure error={failed.error} reset={() => void failed.refetch()} />
  const isReady = summary.data !== undefined && chains.data !== undefined
  const started = isReady && <GettingStarted done={summary.data.done} chains={chains.data} />
  return (
    <>
      <PageHeader
        title="Home"
        actions={
          summary.data?.done.session && (
            <Choice label="Time" value={range} choices={RANGES} onChoose={value => choose({ days: value })} />
          )
        }
      />
      {!isReady && (
        <Card>
          <Skeleton className="h-40" />
        </Card>
      )}
      {isReady && (
        <div className="flex flex-col gap-5">
          <Attention attention={summary.data.attention} gas={gas.data ?? []} chains={chains.data} />
          {!summary.data.done.payment && started}
          {summary.data.done.session && <Charts summary={summary.data} />}
          {summary.data.done.payment && started}
        </div>
      )}
    </>
  )
}

function rangeOf(days: number) {
  const today = new Date()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  // By the calendar: where clocks are put forward or back, a day is not 24 hours.
  const from = new Date(today.getFullYear(), today.getMonth(), today.getDate() - (days - 1))
  return { from: dayOf(from.toISOString()), to: dayOf(today.toISOString()), timeZone }
}
