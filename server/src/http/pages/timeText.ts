import { sayText } from './messages.ts'

/** `2023-02-22T13:46:11.441Z` as `22 Feb 2023, 13:46 UTC`; text that is no such time is given back as it is. */
export function timeText(iso: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(iso)
  if (match === null) return iso
  const [, year = '', month = '', day = '', clock = ''] = match
  const name = sayText('months').split(' ')[Number(month) - 1] ?? month
  return `${Number(day)} ${name} ${year}, ${clock} UTC`
}

/** The day alone of a time, `22 Feb 2023`, in UTC. */
export function dateText(time: { toISOString(): string }): string {
  return timeText(time.toISOString()).replace(/,.*$/, '')
}

/** The time of day alone, `13:46 UTC`, when both times fall on one UTC day; else as `timeText`. */
export function clockText(iso: string, now: string): string {
  return iso.slice(0, 10) === now.slice(0, 10) ? `${iso.slice(11, 16)} UTC` : timeText(iso)
}
