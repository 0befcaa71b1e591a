/** How payments went on the days of a stretch of time, in the order of the days; amounts in base units. */
export type AccountSummary = {
  days: { day: string; created: number; completed: number }[]
  /** Money that counts and is final, by the day on which it was first seen; rows without money are left out. */
  volume: { day: string; assetId: string; amountRaw: string; payments: number }[]
  /** From the moment that money was first seen until it was final, in milliseconds; null where there was none. */
  timeToConfirm: { medianMs: number | null; p95Ms: number | null }
  attention: {
    /** Sessions with an exception that are not complete, 100 at most. */
    exceptions: number
    /** Payments that count for nothing and are not decided about, 100 at most. */
    unmatched: number
    endpoints: { id: string; url: string }[]
  }
  /** What the merchant has done already, of what one begins with. */
  done: { session: boolean; payment: boolean; endpoint: boolean; link: boolean; sweep: boolean }
}

/** The days to tell of, both of them and those between, as they begin and end in a time zone. */
export type Days = { from: string; to: string; timeZone: string }

const DAY_MS = 86_400_000

/** How many days those are; less than 1 where the last is before the first. */
export function countDays({ from, to }: Pick<Days, 'from' | 'to'>): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
}
