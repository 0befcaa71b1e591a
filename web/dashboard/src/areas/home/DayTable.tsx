import type { DayChartProps } from './DayChart.tsx'
import { dayText } from './figures.ts'

/** All that a chart shows, for those who do not see it. */
export function DayTable({ title, series, days }: Pick<DayChartProps, 'title' | 'series' | 'days'>) {
  return (
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
          {days.map(({ day, texts }) => (
            <tr key={day}>
              <th scope="row">{dayText(day)}</th>
              {series.map(({ key }) => (
                <td key={key}>{texts[key] ?? '—'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
