import type { Asset, Chain } from '@bitstream/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { ask } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { Failure } from '../../layout/States.tsx'
import { Card } from '../../ui/Card.tsx'
import { dayOf } from '../../ui/day.ts'
import { SelectField } from '../../ui/Field.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Attention } from './Attention.tsx'
import { Charts } from './Charts.tsx'
import { GettingStarted } from './GettingStarted.tsx'
import type { Summary } from './summary.ts'

const RANGES = [
  ['7', 'The last 7 days'],
  ['30', 'The last 30 days'],
  ['90', 'The last 90 days'],
  ['365', 'The last 365 days'],
] as const
const DAY_MS = 86_400_000
const AGAIN_AFTER_MS = 30_000

/** What a merchant sees first: how payments go, what needs attention, and what to do next. */
export function HomePage() {
  const router = useRouter()
  const { days = '30' } = useSearch({ strict: false }) as { days?: string }
  const count = Number(RANGES.find(([known]) => known === days)?.[0] ?? 30)
  const summary = useQuery({
    // What changes a payment changes its numbers.
    queryKey: ['checkout_session', 'summary', count],
    queryFn: () => ask<Summary>('GET', `/summary?${new URLSearchParams(rangeOf(count))}`),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_AFTER_MS,
  })
  const chains = useQuery({
    queryKey: ['chain', 'list'],
    queryFn: async () => (await bitstream.chains.list()).data,
    refetchInterval: AGAIN_AFTER_MS,
  })
  if (summary.error !== null) return <Failure error={summary.error} reset={() => void summary.refetch()} />
  const isReady = summary.data !== undefined && chains.data !== undefined
  return (
    <>
      <PageHeader
        title="Home"
        actions={
          <SelectField
            label="Time"
            value={String(count)}
            choices={RANGES}
            onChange={({ target }) => router.history.push(`/?days=${target.value}`)}
          />
        }
      />
      {!isReady && (
        <Card>
          <Skeleton className="h-40" />
        </Card>
      )}
      {isReady && (
        <div className="flex flex-col gap-5">
          <Attention attention={summary.data.attention} chains={chains.data} />
          <GettingStarted done={summary.data.done} chains={chains.data} />
          <Charts summary={summary.data} assets={assetsOf(chains.data)} />
        </div>
      )}
    </>
  )
}

function rangeOf(days: number) {
  const now = Date.now()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const from = dayOf(new Date(now - (days - 1) * DAY_MS).toISOString())
  return { from, to: dayOf(new Date(now).toISOString()), timeZone }
}

function assetsOf(chains: readonly Chain[]): ReadonlyMap<string, Asset & { chainName: string }> {
  return new Map(chains.flatMap(({ name, assets }) => assets.map(asset => [asset.id, { ...asset, chainName: name }])))
}
