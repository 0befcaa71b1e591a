import type { ReactNode } from 'react'
import { Card } from '../../ui/Card.tsx'
import { DayChart, type DayChartProps } from './DayChart.tsx'

type Props = DayChartProps & {
  heading: string
  /** The number that stands for all days, and what it counts. */
  value: string
  note: string
  actions?: ReactNode
}

/** A number and how it went day by day; of cards side by side the charts stand on one line. */
export function ChartCard({ heading, value, note, actions, ...chart }: Props) {
  return (
    <Card title={heading} actions={actions} className="flex min-w-0 flex-col *:last:flex *:last:grow *:last:flex-col">
      <p className="text-2xl font-semibold tracking-tight tabular-nums wrap-anywhere">{value}</p>
      <p className="mt-0.5 mb-4 text-muted">{note}</p>
      <div className="mt-auto">
        <DayChart {...chart} />
      </div>
    </Card>
  )
}
