import type { CallerRow } from '../store/apiKeys.ts'

/**
 * Who is calling: an API key or a person at the dashboard, and the settings of the organization, as they were when last read (at most
 * 5 seconds ago).
 */
export type Caller = CallerRow & {
  /** The network address that the request came from. */
  address?: string
}
