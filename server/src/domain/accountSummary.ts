import type { ChainTrouble } from './chainTrouble.ts'

/** How payments went on the days of a stretch of time, in the order of the days; amounts in base units. */
export type AccountSummary = {
  days: (TimeToConfirm & { day: string; created: number; completed: number })[]
  /**
   * Money that counts and is final, by the day on which it was first seen; rows without money are left out. `usd` is what it was
   * worth by the rates that its sessions were made with, in US dollars at 8 decimals, each payment rounded down; null where one of
   * them had no rate.
   */
  volume: { day: string; assetId: string; amountRaw: string; usd: string | null; payments: number }[]
  /** The assets of the volume, also those that are served no more. */
  assets: { id: string; symbol: string; decimals: number; chainName: string }[]
  timeToConfirm: TimeToConfirm
  attention: {
    /** Sessions that were paid in part or lost their payment, are not complete, and of which nothing was given back; 100 at most. */
    exceptions: number
    /** Payments that count for nothing and are not decided about, 100 at most. */
    unmatched: number
    /** Those that webhooks have not reached for a while. */
    endpoints: { id: string; url: string }[]
    /** What keeps payments on a chain from going as they should. */
    chains: ChainTrouble[]
  }
  /** What the merchant has done already, of what one begins with. */
  done: { session: boolean; payment: boolean; endpoint: boolean; link: boolean; sweep: boolean }
}

/** From the moment that money was first seen until it was final, in milliseconds: of half of it, of 95 %; null where there was none. */
export type TimeToConfirm = { medianMs: number | null; p95Ms: number | null }

/** The days to tell of, both of them and those between, as they begin and end in a time zone. */
export type Days = { from: string; to: string; timeZone: string }

const DAY_MS = 86_400_000

/** How many days those are; less than 1 where the last is before the first. */
export function countDays({ from, to }: Pick<Days, 'from' | 'to'>): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
}
