import { parseTime } from '../../domain/time.ts'
import { onceEach } from './formats.ts'

const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const UTC = { timeZone: 'UTC', calendar: 'gregory', numberingSystem: 'latn' } as const

const times = onceEach(locale => new Intl.DateTimeFormat(locale, { ...DAY, ...CLOCK, ...UTC }))
const dates = onceEach(locale => new Intl.DateTimeFormat(locale, { ...DAY, ...UTC }))
const clocks = onceEach(locale => new Intl.DateTimeFormat(locale, { ...CLOCK, ...UTC }))

/** `2023-02-22T13:46:11.441Z` as `22 Feb 2023, 13:46 UTC` in the way of `locale`; text that is no time is given back as it is. */
export function timeText(iso: string, locale = 'en-GB'): string {
  const time = parseTime(iso)
  return time === null ? iso : `${times(locale).format(time)} UTC`
}

/** The day alone of a time, `22 Feb 2023`, in UTC. */
export function dateText(time: { toISOString(): string }, locale = 'en-GB'): string {
  return dates(locale).format(parseTime(time.toISOString()) ?? 0)
}

/** The time of day alone, `13:46 UTC`, when both times fall on one UTC day; else as `timeText`. */
export function clockText(iso: string, now: string, locale = 'en-GB'): string {
  const time = parseTime(iso)
  if (time === null || iso.slice(0, 10) !== now.slice(0, 10)) return timeText(iso, locale)
  return `${clocks(locale).format(time)} UTC`
}
