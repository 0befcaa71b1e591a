const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 })
const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const dayOfMonth = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' })

/** A number of an axis, as short as can be: 10000 is 10K. */
export function shortText(value: number): string {
  return short.format(value)
}

/** A day such as `2026-11-23`, whatever the time zone of the reader. */
export function dayText(day: string): string {
  return dayOfYear.format(new Date(day))
}

/** The same without its year, where there is little room. */
export function shortDayText(day: string): string {
  return dayOfMonth.format(new Date(day))
}

/** How many of a hundred `part` of `all` is, in tenths: 100 of nothing less than all, and 0 of nothing but none; null of nothing. */
export function percentOf(part: number, all: number): number | null {
  if (all === 0) return null
  const tenths = Math.round((part * 1_000) / all)
  return (part === 0 || part === all ? tenths : Math.min(999, Math.max(1, tenths))) / 10
}

/** Percent as people read them. */
export function percentText(percent: number | null): string {
  return percent === null ? '—' : `${tenths.format(percent)}%`
}

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** What times up to `longestMs` are told in: the unit in milliseconds, and its name. */
export function unitOf(longestMs: number): readonly [ms: number, name: string] {
  return UNITS.find(([ms]) => longestMs >= 2 * ms) ?? [1_000, 's']
}

/** A stretch of time as people read it. */
export function durationText(ms: number | null): string {
  if (ms === null) return '—'
  const [unit, name] = unitOf(ms)
  return `${tenths.format(ms / unit)} ${name}`
}
