import type { ApiKey } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

/** What keys of each type are for. */
export const TYPES: Readonly<Record<ApiKey['type'], readonly [name: string, meaning: string]>> = {
  secret: ['Secret', 'may do everything; for your server only'],
  restricted: ['Restricted', 'may do what you allow; for one job or one partner'],
  publishable: ['Publishable', 'may only begin payments; for the pages of your shop'],
}

/** Whether the key works. */
export function keyStatus({ revokedAt, expiresAt }: ApiKey): Status {
  if (revokedAt !== null) return ['plain', 'Revoked']
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return ['plain', 'Ended']
  return expiresAt === null ? ['good', 'Active'] : ['warn', 'Ending']
}
