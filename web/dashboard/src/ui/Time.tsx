import { useEffect, useState } from 'react'

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const
const RELATIVE_MAX_MS = 7 * 86_400_000
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** A moment relative to now, with the exact one on hover; after a week the day. */
export function Time({ at }: { at: string | Date }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)} className="whitespace-nowrap">
      {sinceText(date, now)}
    </time>
  )
}

function sinceText(date: Date, now: number): string {
  const ms = date.getTime() - now
  if (Math.abs(ms) > RELATIVE_MAX_MS) return day.format(date)
  const [unit, length] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? ['second', Number.POSITIVE_INFINITY]
  return relative.format(Math.trunc(ms / length), unit)
}
