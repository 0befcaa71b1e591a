import type { Asset } from '@bitstream/sdk'
import { useState } from 'react'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { type Bar, BarChart, type Series } from './BarChart.tsx'
import type { Summary } from './summary.ts'

type Assets = ReadonlyMap<string, Asset & { chainName: string }>

const LOOKS = [
  { fill: 'fill-accent', dot: 'bg-accent' },
  { fill: 'fill-good', dot: 'bg-good' },
  { fill: 'fill-warn', dot: 'bg-warn' },
  { fill: 'fill-bad', dot: 'bg-bad' },
  { fill: 'fill-muted', dot: 'bg-muted' },
] as const

const dayText = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

/** How payments went: how much came in each coin, how many sessions were paid, and how long that took. */
export function Charts({ summary, assets }: { summary: Summary; assets: Assets }) {
  const symbols = [...new Set(summary.volume.flatMap(({ assetId }) => assets.get(assetId)?.symbol ?? []))].sort()
  const [chosen, setChosen] = useState<string | null>(null)
  const symbol = chosen !== null && symbols.includes(chosen) ? chosen : (symbols[0] ?? null)
  const created = summary.days.reduce((sum, day) => sum + day.created, 0)
  const completed = summary.days.reduce((sum, day) => sum + day.completed, 0)
  const payments = summary.volume.reduce((sum, row) => sum + row.payments, 0)
  const { medianMs, p95Ms } = summary.timeToConfirm
  return (
    <>
      <dl className="grid grid-cols-1 gap-3 min-[26rem]:grid-cols-2 lg:grid-cols-4">
        <Figure name="Payments received" value={String(payments)} />
        <Figure
          name="Conversion"
          value={created === 0 ? '—' : `${((completed / created) * 100).toFixed(1)} %`}
          note={`${completed} of ${created} sessions paid`}
        />
        <Figure name="Time to confirm" value={duration(medianMs)} note="half of all payments" />
        <Figure name="Time to confirm" value={duration(p95Ms)} note="95 of 100 payments" />
      </dl>
      <div className="grid gap-5 lg:grid-cols-2">
        <Card
          title="Volume"
          actions={
            symbols.length > 1 && (
              <SelectField
                label="Coin"
                value={symbol ?? ''}
                choices={symbols.map(each => [each, each] as const)}
                onChange={({ target }) => setChosen(target.value)}
              />
            )
          }
        >
          {symbol === null ? (
            <p className="text-muted">No money came in this time.</p>
          ) : (
            <Volume summary={summary} assets={[...assets.values()].filter(each => each.symbol === symbol)} />
          )}
        </Card>
        <Card title="Checkout sessions">
          <BarChart title="Checkout sessions by day" series={SESSIONS} bars={sessionBars(summary)} />
        </Card>
      </div>
    </>
  )
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div className="rounded-lg border border-line bg-surface p-4">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-1 text-xl font-semibold tabular-nums">{value}</dd>
      {note !== undefined && <dd className="text-xs text-muted">{note}</dd>}
    </div>
  )
}

/** One coin on its networks: bars of heights in whole coins, texts and sums exact. */
function Volume({ summary, assets }: { summary: Summary; assets: readonly (Asset & { chainName: string })[] }) {
  const own = assets.filter(({ id }) => summary.volume.some(({ assetId }) => assetId === id))
  const series = own.map(
    ({ id, chainName }, index): Series => ({
      key: id,
      name: chainName,
      ...(LOOKS[index % LOOKS.length] ?? LOOKS[0]),
    }),
  )
  const byDay = Map.groupBy(summary.volume, ({ day }) => day)
  const bars = summary.days.map(({ day }): Bar => {
    const rows = byDay.get(day) ?? []
    const pairs = own.flatMap(asset => rows.filter(({ assetId }) => assetId === asset.id).map(row => ({ asset, row })))
    return {
      day,
      label: dayText.format(new Date(day)),
      heights: Object.fromEntries(
        pairs.map(({ asset, row }) => [asset.id, Number(row.amountRaw) / 10 ** asset.decimals]),
      ),
      texts: Object.fromEntries(
        pairs.map(({ asset, row }) => [asset.id, amountText(row.amountRaw, asset.symbol, asset.decimals)]),
      ),
    }
  })
  return (
    <>
      <ul className="mb-4">
        {own.map(({ id, symbol, decimals, chainName }) => {
          const sum = summary.volume.reduce((all, row) => (row.assetId === id ? all + BigInt(row.amountRaw) : all), 0n)
          return (
            <li key={id}>
              <span className="text-lg font-semibold tabular-nums wrap-anywhere">
                {amountText(`${sum}`, symbol, decimals)}
              </span>{' '}
              <span className="text-muted">on {chainName}</span>
            </li>
          )
        })}
      </ul>
      <BarChart title="Volume by day and network" series={series} bars={bars} />
    </>
  )
}

const SESSIONS: readonly Series[] = [
  { key: 'completed', name: 'Paid', fill: 'fill-good', dot: 'bg-good' },
  { key: 'others', name: 'Not paid', fill: 'fill-muted', dot: 'bg-muted' },
]

function sessionBars({ days }: Summary): Bar[] {
  return days.map(({ day, created, completed }) => {
    const heights = { completed, others: created - completed }
    const texts = { completed: String(completed), others: String(created - completed) }
    return { day, label: dayText.format(new Date(day)), heights, texts }
  })
}

function duration(ms: number | null): string {
  if (ms === null) return '—'
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.round(ms / 60_000)} min`
}
