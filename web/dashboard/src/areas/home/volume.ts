import { amountText, priceText } from '../../ui/amount.ts'
import type { Day, Series } from './DayChart.tsx'
import { FAINT, LOOKS } from './looks.ts'
import type { Summary } from './summary.ts'

/** What volume is told in: all coins by their worth, or one coin; and what its bars are made of. */
type VolumeChoice = { coin: string | null; split: 'coin' | 'network' }

type Part = { day: string; key: string; units: bigint }

const OTHERS = 'others'
const USD_DECIMALS = 8
const CENT = 10n ** 6n

/** The coins that came in, by symbol. */
export function coinsOf({ volume, assets }: Pick<Summary, 'volume' | 'assets'>): string[] {
  const came = new Set(volume.map(({ assetId }) => assetId))
  return [...new Set(assets.filter(({ id }) => came.has(id)).map(({ symbol }) => symbol))].sort()
}

/** The volume as it was chosen: exact in its own coin; in dollars rounded down to cents, without what had no rate. */
export function volumeView(summary: Summary, { coin, split }: VolumeChoice) {
  const own = summary.assets.filter(({ symbol }) => coin === null || symbol === coin)
  const decimals = coin === null ? USD_DECIMALS : Math.max(0, ...own.map(asset => asset.decimals))
  const parts = summary.volume.flatMap((row): Part[] => {
    const asset = own.find(({ id }) => id === row.assetId)
    if (asset === undefined || (coin === null && row.usd === null)) return []
    const units =
      coin === null ? BigInt(row.usd ?? 0) : BigInt(row.amountRaw) * 10n ** BigInt(decimals - asset.decimals)
    return [{ day: row.day, key: split === 'coin' ? asset.symbol : asset.chainName, units }]
  })
  const text = (units: bigint) =>
    coin === null ? priceText(`${units - (units % CENT)}`, 'usd') : amountText(`${units}`, coin, decimals)
  const series = seriesOf(parts, text)
  const shown = new Set(series.map(({ key }) => key))
  const byDay = Map.groupBy(parts, ({ day }) => day)
  const days = summary.days.map(({ day }): Day => {
    const sums = sumsOf(byDay.get(day) ?? [], key => (shown.has(key) ? key : OTHERS))
    return {
      day,
      heights: Object.fromEntries([...sums].map(([key, units]) => [key, Number(units) / 10 ** decimals])),
      texts: Object.fromEntries([...sums].map(([key, units]) => [key, text(units)])),
    }
  })
  const all = parts.reduce((sum, { units }) => sum + units, 0n)
  return { total: text(all), series, days, names: [...new Set(parts.map(({ key }) => key))] }
}

/** Those with the most, and all the others as one. */
function seriesOf(parts: readonly Part[], text: (units: bigint) => string): Series[] {
  const sums = [...sumsOf(parts, key => key)].sort(([, left], [, right]) => (left < right ? 1 : left > right ? -1 : 0))
  const first = sums.slice(0, LOOKS.length).flatMap(([key, units], index): Series[] => {
    const look = LOOKS[index]
    return look === undefined ? [] : [{ key, name: key, look, total: text(units) }]
  })
  const others = sums.slice(LOOKS.length)
  if (others.length === 0) return first
  const rest = others.reduce((sum, [, units]) => sum + units, 0n)
  return [...first, { key: OTHERS, name: `${others.length} others`, look: FAINT, total: text(rest) }]
}

function sumsOf(parts: readonly Part[], keyOf: (key: string) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { key, units } of parts) sums.set(keyOf(key), (sums.get(keyOf(key)) ?? 0n) + units)
  return sums
}
