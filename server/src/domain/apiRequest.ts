/** A request of the API as its organization may read it later: who asked for what, and how it went; never what was said. */
export type ApiRequest = {
  /** What the answer named in `Request-Id`. */
  id: string
  organizationId: string
  createdAt: Date
  method: string
  /** As the reference names it, such as `/api/v1/checkout/sessions/{id}`. */
  route: string
  status: number
  /** The code of a refusal. */
  code: string | null
  durationMs: number
  /** Whose key it was, or who was at the dashboard. */
  keyId: string | null
  userId: string | null
}

/** A request as lists show it, with the key as it is called now. */
export type ListedRequest = Omit<ApiRequest, 'organizationId' | 'keyId' | 'userId'> & {
  key: { id: string; name: string; lastFour: string } | null
  user: { id: string; email: string } | null
}

/** How long requests can be read: 7 days. */
export const REQUESTS_KEPT_MS = 7 * 86_400_000
