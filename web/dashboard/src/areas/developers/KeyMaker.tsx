import type { ApiKey } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { usersQuery } from '../../data/organization.ts'

/** Who made a key: it works on when they leave, and may still be known to them. */
export function KeyMaker({ of: { createdBy, revokedAt } }: { of: ApiKey }) {
  const { data: members } = useQuery(usersQuery)
  if (createdBy === null) return <span className="text-muted">The server</span>
  if (members === undefined) return null
  const maker = members.find(({ id }) => id === createdBy)
  if (maker !== undefined) return maker.email
  return <span className={revokedAt === null ? 'text-warn' : 'text-muted'}>Somebody who left</span>
}
