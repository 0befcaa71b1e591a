import { stack } from 'd3-shape'
import type { Day, DayChartProps } from './DayChart.tsx'

type Props = Pick<DayChartProps, 'kind' | 'series' | 'days'> & {
  y: (value: number) => number
  /** So many days as a part of the width. */
  x: (count: number) => string
  /** The day that is looked at. */
  at: number | null
}

const GAP = 0.2
/** With more days than these, only what stands alone has a dot. */
const DOTS_MAX = 31

/** The days as a chart draws them. */
export function DayMarks(props: Props) {
  return props.kind === 'bars' ? <Bars {...props} /> : <Lines {...props} />
}

function Bars({ series, days, y, x }: Props) {
  const layers = stack<Day>()
    .keys(series.map(({ key }) => key))
    .value(({ heights }, key) => heights[key] ?? 0)([...days])
  return layers.map((layer, index) =>
    layer.map(
      ([bottom, top], nth) =>
        top > bottom && (
          <rect
            key={`${series[index]?.key} ${days[nth]?.day}`}
            x={x(nth + GAP / 2)}
            y={y(top)}
            width={x(1 - GAP)}
            height={y(bottom) - y(top)}
            className={series[index]?.look.fill}
          />
        ),
    ),
  )
}

function Lines({ series, days, y, x, at }: Props) {
  return series.map(({ key, look }) => {
    const height = (nth: number) => days[nth]?.heights[key]
    return days.map(({ day }, nth) => {
      const [own, before] = [height(nth), height(nth - 1)]
      if (own === undefined) return null
      const isAlone = before === undefined && height(nth + 1) === undefined
      return (
        <g key={`${key} ${day}`}>
          {before !== undefined && (
            <line
              x1={x(nth - 0.5)}
              y1={y(before)}
              x2={x(nth + 0.5)}
              y2={y(own)}
              strokeWidth={1.5}
              className={look.stroke}
            />
          )}
          {(isAlone || nth === at || days.length <= DOTS_MAX) && (
            <circle cx={x(nth + 0.5)} cy={y(own)} r={nth === at ? 4 : 2.5} className={look.fill} />
          )}
        </g>
      )
    })
  })
}
