import type { ApiKeyRow } from '../store/apiKeys.ts'

/** Who is calling: an API key and the settings of its organization, as they were when last read (at most 5 seconds ago). */
export type Caller = ApiKeyRow['caller']
