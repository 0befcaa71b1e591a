// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the arrows move from day to day.
import { scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import { type KeyboardEvent, useId, useState } from 'react'
import { classes } from '../../ui/classes.ts'

/** What is stacked, with its colour as a class for `fill` and `bg`. */
export type Series = { key: string; name: string; fill: string; dot: string }
/** The bar of a day: how high each series is, and how that is written. */
export type Bar = {
  day: string
  label: string
  heights: Readonly<Record<string, number>>
  texts: Readonly<Record<string, string>>
}

const [WIDTH, HEIGHT] = [600, 160]
const GAP = 0.2

type Props = { title: string; series: readonly Series[]; bars: readonly Bar[] }

/**
 * Bars of days, stacked by series. What a bar stands for is told where the pointer or the keyboard's arrows are, and all of it in a
 * table for those who do not see it.
 */
export function BarChart({ title, series, bars }: Props) {
  const id = useId()
  const [at, setAt] = useState<number | null>(null)
  const layers = stack<Bar>()
    .keys(series.map(({ key }) => key))
    .value(({ heights }, key) => heights[key] ?? 0)([...bars])
  const most = Math.max(...layers.flatMap(layer => layer.map(([, top]) => top)), 0)
  const y = scaleLinear([0, most || 1], [HEIGHT, 0]).nice(4)
  const step = WIDTH / Math.max(1, bars.length)
  const shown = at === null ? null : (bars[at] ?? null)
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: (at ?? bars.length) - 1,
      ArrowRight: (at ?? -1) + 1,
      Home: 0,
      End: bars.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    setAt(Math.max(0, Math.min(bars.length - 1, to)))
  }
  return (
    <figure aria-labelledby={id} className="relative">
      <figcaption id={id} className="sr-only">
        {title}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}. Left and right move from day to day.`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect()
          setAt(Math.max(0, Math.min(bars.length - 1, Math.floor(((clientX - left) / width) * bars.length))))
        }}
        className="h-40 w-full overflow-visible border-b border-line"
      >
        {at !== null && <rect x={at * step} y={0} width={step} height={HEIGHT} className="fill-hover" />}
        {layers.map((layer, index) =>
          layer.map(
            ([bottom, top], nth) =>
              top > bottom && (
                <rect
                  key={bars[nth]?.day}
                  x={nth * step + (step * GAP) / 2}
                  y={y(top)}
                  width={step * (1 - GAP)}
                  height={y(bottom) - y(top)}
                  className={series[index]?.fill}
                />
              ),
          ),
        )}
      </svg>
      <p className="mt-1 flex justify-between text-xs text-muted" aria-hidden>
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </p>
      <div aria-live="polite" className="mt-2 flex min-h-10 flex-wrap content-start gap-x-4 gap-y-1 text-xs">
        {shown !== null && <span className="font-medium">{shown.label}</span>}
        {series.map(({ key, name, dot }) => (
          <span key={key} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={classes('size-2.5 rounded-xs', dot)} />
            {name}
            {shown !== null && <span className="tabular-nums">{shown.texts[key] ?? '0'}</span>}
          </span>
        ))}
      </div>
      <div className="sr-only">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {series.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(bar => (
              <tr key={bar.day}>
                <th scope="row">{bar.label}</th>
                {series.map(({ key }) => (
                  <td key={key}>{bar.texts[key] ?? '0'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
