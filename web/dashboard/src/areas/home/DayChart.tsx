// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the arrows move from day to day.
import { scaleLinear } from 'd3-scale'
import { type KeyboardEvent, type PointerEvent, useId, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { DayMarks } from './DayMarks.tsx'
import { DayTable } from './DayTable.tsx'
import { dayText, shortDayText } from './figures.ts'

/** What is drawn for each day, with its colour as classes; `total` is what stands for all days together. */
export type Series = { key: string; name: string; look: Look; total?: string }
export type Look = { fill: string; stroke: string; dot: string }
/** A day: how high each series is on it, and how that is written; what it does not know is left out. */
export type Day = {
  day: string
  heights: Readonly<Record<string, number>>
  texts: Readonly<Record<string, string>>
}

export type DayChartProps = {
  title: string
  kind: 'bars' | 'lines'
  series: readonly Series[]
  days: readonly Day[]
  /** How a number of the axis is written. */
  tick: (value: number) => string
  /** Where the axis ends, unless that is with the highest day. */
  top?: number
  /** Whether there are only whole things. */
  isCount?: boolean
  height?: number
}

const GUTTER = 44
const ABOVE = 8
const BELOW = 6
const TICKS = 3
/** So many series are told in one line, with names of so many letters. */
const LINE_MAX = 2
const LETTERS_MAX = 6

/**
 * Days as bars that are stacked by series, or as lines. What a day stands for is told where the pointer or the keyboard's arrows
 * are, and all of it in a table for those who do not see it.
 */
export function DayChart(props: DayChartProps) {
  const { title, kind, series, days, tick, top, isCount = false, height = 150 } = props
  const id = useId()
  const { at, ...looking } = useDayLookedAt(days.length)
  const most = top ?? highest(props)
  const scale = scaleLinear([0, most || 1], [height - BELOW, ABOVE])
  const y = top === undefined ? scale.nice(TICKS) : scale
  const ticks = most === 0 ? [0] : y.ticks(TICKS).filter(value => !isCount || Number.isInteger(value))
  // As wide as there is room for, without anybody measuring it.
  const percent = (count: number) => `${(count * 100) / Math.max(1, days.length)}%`
  return (
    <figure aria-labelledby={id}>
      <figcaption id={id} className="sr-only">
        {title}
      </figcaption>
      <div className="flex">
        <svg width={GUTTER} height={height} aria-hidden className="shrink-0 text-[0.6875rem] tabular-nums">
          {ticks.map(value => (
            <text key={value} x={GUTTER - 8} y={y(value)} dy="0.32em" textAnchor="end" className="fill-muted">
              {tick(value)}
            </text>
          ))}
        </svg>
        <svg
          height={height}
          role="img"
          aria-label={`${title}. Left and right move from day to day.`}
          tabIndex={0}
          {...looking}
          className="block min-w-0 grow rounded-xs"
        >
          {at !== null && (
            <rect x={percent(at)} y={ABOVE} width={percent(1)} height={height - ABOVE - BELOW} className="fill-hover" />
          )}
          {ticks.map(value => (
            <line
              key={value}
              x2="100%"
              y1={y(value)}
              y2={y(value)}
              className={value === 0 ? 'stroke-control' : 'stroke-line'}
            />
          ))}
          <DayMarks kind={kind} series={series} days={days} y={y} x={percent} at={at} />
        </svg>
      </div>
      <p aria-hidden className="flex justify-between ps-11 text-[0.6875rem] text-muted">
        <span>{dayText(days[0]?.day ?? '')}</span>
        <span>{dayText(days.at(-1)?.day ?? '')}</span>
      </p>
      <Readout series={series} day={at === null ? null : (days[at] ?? null)} />
      <DayTable title={title} series={series} days={days} />
    </figure>
  )
}

/** Which day is looked at, of so many, null for none: where the pointer is, or where the keyboard's arrows went. */
function useDayLookedAt(count: number) {
  const [at, setAt] = useState<number | null>(null)
  const last = count - 1
  const moveTo = (to: number) => setAt(Math.max(0, Math.min(last, to)))
  const leave = () => setAt(null)
  const onPointer = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    moveTo(Math.floor(((clientX - left) / width) * count))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: (at ?? last + 1) - 1,
      ArrowRight: (at ?? -1) + 1,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    moveTo(to)
  }
  return { at, onKeyDown, onBlur: leave, onPointerLeave: leave, onPointerDown: onPointer, onPointerMove: onPointer }
}

function highest({ kind, days }: DayChartProps): number {
  const ofDay = ({ heights }: Day) => {
    const all = Object.values(heights)
    return kind === 'bars' ? all.reduce((sum, height) => sum + height, 0) : Math.max(0, ...all)
  }
  return Math.max(0, ...days.map(ofDay))
}

/**
 * What is told of the day that is looked at: of one series or two with short names in a line, of others below it, where their sums
 * stand for all days.
 * It takes the same room for every day.
 */
function Readout({ series, day }: { series: readonly Series[]; day: Day | null }) {
  const isNamed = series.length > 1
  const isLine = !isNamed || (series.length <= LINE_MAX && series.every(({ name }) => name.length <= LETTERS_MAX))
  return (
    <div aria-live="polite" className={classes('mt-2 gap-x-4 text-xs', isLine && 'flex justify-between')}>
      <p className={classes('min-h-4 whitespace-nowrap', day === null ? 'text-muted' : 'font-medium')}>
        {day === null ? 'Day by day' : shortDayText(day.day)}
      </p>
      <ul
        className={
          isLine ? 'flex gap-x-3' : 'mt-1 grid grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] gap-x-6 gap-y-1'
        }
      >
        {series.map(({ key, name, look, total }) => (
          <li key={key} className="flex min-h-4 min-w-0 items-center gap-1.5">
            {isNamed && <span aria-hidden className={classes('size-2.5 shrink-0 rounded-xs', look.dot)} />}
            <span className={isNamed ? 'truncate text-muted' : 'sr-only'}>{name}</span>
            <span className="ms-auto whitespace-nowrap tabular-nums">
              {day === null ? isNamed && total : (day.texts[key] ?? '—')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
