import type { Hex } from './hex.ts'

/** Something that happened to a session: `what` is its kind and verb; an amount is in base units of the asset. */
export type Moment = {
  at: Date
  what: string
  assetId: string | null
  amountRaw: string | null
  transactionHash: Hex | null
}
