/** What `GET /api/account/summary` answers; amounts in base units. */
export type Summary = {
  days: { day: string; created: number; completed: number }[]
  volume: { day: string; assetId: string; amountRaw: string; payments: number }[]
  timeToConfirm: { medianMs: number | null; p95Ms: number | null }
  attention: { exceptions: number; unmatched: number; endpoints: { id: string; url: string }[] }
  done: { session: boolean; payment: boolean; endpoint: boolean; link: boolean; sweep: boolean }
}
