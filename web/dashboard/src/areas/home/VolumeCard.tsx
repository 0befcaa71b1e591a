import { useSearch } from '@tanstack/react-router'
import { ChartCard } from './ChartCard.tsx'
import { Choice } from './Choice.tsx'
import { shortText } from './figures.ts'
import type { Summary } from './summary.ts'
import { useUrlChoice } from './useUrlChoice.ts'
import { coinsOf, volumeView } from './volume.ts'

const SPLITS = [
  ['coin', 'By coin'],
  ['network', 'By network'],
] as const
const HEIGHT = 220

/** What came in: all coins by their worth, or one of them, by coin or by network as the URL says. */
export function VolumeCard({ summary }: { summary: Summary }) {
  const choose = useUrlChoice()
  const search = useSearch({ strict: false }) as { coin?: string; split?: string }
  const coins = coinsOf(summary)
  const [only] = coins
  const isOnly = coins.length === 1
  const coin = coins.find(each => each.toLowerCase() === search.coin) ?? (isOnly && only ? only : null)
  // One coin is made of nothing but its networks.
  const split = coin !== null || search.split === 'network' ? 'network' : 'coin'
  const { total, series, days, names } = volumeView(summary, { coin, split })
  return (
    <ChartCard
      heading="Volume"
      value={total}
      note={noteOf(summary, { coin, names })}
      title={`Volume by day and ${split}`}
      kind="bars"
      series={series}
      days={days}
      tick={value => (coin === null ? `$${shortText(value)}` : shortText(value))}
      height={HEIGHT}
      actions={
        !isOnly &&
        coins.length > 0 && (
          <div className="flex flex-wrap gap-2">
            <Choice
              label="Coin"
              value={coin?.toLowerCase() ?? ''}
              choices={[['', 'All coins'], ...coins.map(each => [each.toLowerCase(), each] as const)]}
              onChoose={value => choose({ coin: value })}
            />
            {coin === null && (
              <Choice label="Split" value={split} choices={SPLITS} onChoose={value => choose({ split: value })} />
            )}
          </div>
        )
      }
    />
  )
}

function noteOf({ volume, assets }: Summary, { coin, names }: { coin: string | null; names: readonly string[] }) {
  if (volume.length === 0) return 'No money came in these days'
  if (coin !== null) return names.length === 1 ? `on ${names[0]}` : `on ${names.length} networks`
  const unknown = coinsOf({ volume: volume.filter(({ usd }) => usd === null), assets })
  const without = unknown.length === 0 ? '' : `; without ${unknown.join(', ')}, whose rate was not known`
  return `in US dollars, by the rates that payers saw${without}`
}
