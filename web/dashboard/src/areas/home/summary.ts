import type { Chain } from '@bitstream/sdk'

/** For how long half of all payments, and 95%, were not final yet, in milliseconds; null where there were none. */
type TimeToConfirm = { medianMs: number | null; p95Ms: number | null }

/** What `GET /api/account/summary` answers; amounts in base units, `usd` at 8 decimals. */
export type Summary = {
  days: (TimeToConfirm & { day: string; created: number; completed: number })[]
  volume: { day: string; assetId: string; amountRaw: string; usd: string | null; payments: number }[]
  assets: KnownAsset[]
  timeToConfirm: TimeToConfirm
  attention: {
    exceptions: number
    unmatched: number
    endpoints: { id: string; url: string }[]
    chains: ChainTrouble[]
  }
  done: { session: boolean; payment: boolean; endpoint: boolean; link: boolean; sweep: boolean }
}

/** A coin of a network. */
type KnownAsset = { id: string; symbol: string; decimals: number; chainName: string }

/** A network that cannot be relied on as it should be, and why; what is not wrong is null or empty. */
export type ChainTrouble = {
  chainId: number
  name: string
  health: Chain['health']
  readTo: string | null
  coins: { symbol: string; reason: string; since: string }[]
  nodes: { name: string; problem: string; since: string }[]
}
