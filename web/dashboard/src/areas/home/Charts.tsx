import { countText } from '../../ui/countText.ts'
import { ChartCard } from './ChartCard.tsx'
import type { Day } from './DayChart.tsx'
import { durationText, percentOf, percentText, shortText, unitOf } from './figures.ts'
import { LOOKS } from './looks.ts'
import type { Summary } from './summary.ts'
import { VolumeCard } from './VolumeCard.tsx'

const [BLUE, GREEN, AMBER] = LOOKS

/** How payments went: how much came in, how many there were, how many sessions were paid, and how long that took. */
export function Charts({ summary }: { summary: Summary }) {
  return (
    <>
      <VolumeCard summary={summary} />
      <div className="grid gap-5 lg:grid-cols-3">
        <Payments {...summary} />
        <Conversion {...summary} />
        <Confirming {...summary} />
      </div>
    </>
  )
}

function Payments({ days, volume }: Pick<Summary, 'days' | 'volume'>) {
  const byDay = Map.groupBy(volume, ({ day }) => day)
  const count = (rows: Summary['volume']) => rows.reduce((sum, { payments }) => sum + payments, 0)
  const all = count(volume)
  return (
    <ChartCard
      heading="Payments"
      value={countText(all)}
      note="in all coins, once final"
      title="Payments by day"
      kind="bars"
      isCount
      series={[{ key: 'payments', name: 'Payments', look: BLUE, total: countText(all) }]}
      days={days.map(({ day }): Day => {
        const payments = count(byDay.get(day) ?? [])
        return { day, heights: { payments }, texts: { payments: countText(payments) } }
      })}
      tick={shortText}
    />
  )
}

function Conversion({ days }: Pick<Summary, 'days'>) {
  const [created, completed] = [days.map(day => day.created), days.map(day => day.completed)].map(counts =>
    counts.reduce((sum, count) => sum + count, 0),
  ) as [number, number]
  const all = percentText(percentOf(completed, created))
  return (
    <ChartCard
      heading="Conversion"
      value={all}
      note={`${countText(completed)} of ${countText(created)} sessions paid`}
      title="Conversion by day"
      kind="bars"
      top={100}
      series={[{ key: 'share', name: 'Sessions paid', look: GREEN, total: all }]}
      days={days.map((each): Day => {
        const share = percentOf(each.completed, each.created)
        const text = `${percentText(share)} (${countText(each.completed)} of ${countText(each.created)})`
        return share === null
          ? { day: each.day, heights: {}, texts: {} }
          : { day: each.day, heights: { share }, texts: { share: text } }
      })}
      tick={value => `${value}%`}
    />
  )
}

function Confirming({ days, timeToConfirm: { medianMs, p95Ms } }: Pick<Summary, 'days' | 'timeToConfirm'>) {
  const [unit, name] = unitOf(Math.max(0, ...days.map(day => day.p95Ms ?? 0)))
  return (
    <ChartCard
      heading="Time to confirm"
      value={durationText(medianMs)}
      note={p95Ms === null ? 'no payment became final' : `half of all; 95 of 100 within ${durationText(p95Ms)}`}
      title="Time to confirm by day"
      kind="lines"
      series={[
        { key: 'median', name: 'half', look: BLUE, total: durationText(medianMs) },
        { key: 'p95', name: '95%', look: AMBER, total: durationText(p95Ms) },
      ]}
      days={days.map((each): Day => {
        if (each.medianMs === null || each.p95Ms === null) return { day: each.day, heights: {}, texts: {} }
        return {
          day: each.day,
          heights: { median: each.medianMs / unit, p95: each.p95Ms / unit },
          texts: { median: durationText(each.medianMs), p95: durationText(each.p95Ms) },
        }
      })}
      tick={value => `${shortText(value)} ${name}`}
    />
  )
}
