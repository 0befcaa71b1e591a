/** What the paid sessions of one link, customer or product came to. */
export type Received = {
  payments: number
  /** When the newest of them was begun; null without any. */
  lastAt: Date | null
  /** What they asked for in each currency that they were priced in, in amt8, the most often used first. */
  totals: { currency: string; payments: number; amount: bigint }[]
}

/** Whose payments are counted. */
export type ReceivedOf = 'payment-links' | 'customers' | 'products'
