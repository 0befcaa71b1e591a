import type { Chain } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { ask } from '../../data/account.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Card } from '../../ui/Card.tsx'
import { Time } from '../../ui/Time.tsx'
import { isOwner } from './mayChangeSettings.ts'
import { type AddressChange, addressChangesQuery } from './settingsQueries.ts'

/** The changes of withdrawal addresses that do not count yet, each with a way to cancel it. */
export function PendingChanges({ chains }: { chains: readonly Chain[] }) {
  const { data: changes } = useSuspenseQuery(addressChangesQuery)
  if (changes.length === 0) return null
  return (
    <Card title="Changes that do not count yet">
      <ul className="-my-2 divide-y divide-line">
        {changes.map(change => (
          <li key={change.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div className="min-w-0">
              <p className="break-words">{sentence(change, chains)}</p>
              <p className="text-muted">
                Counts <Time at={change.dueAt} />; asked for <Time at={change.createdAt} />
                {change.requestedBy !== null && ` by ${change.requestedBy.email}`}
              </p>
            </div>
            {isOwner() && (
              <ActionButton
                text="Cancel the change"
                run={() => ask('DELETE', `/address-changes/${change.id}`)}
                done="Canceled: nothing changes"
                changes={['withdrawal_address']}
                confirm="Everything stays as it is now. Whoever still wants the change asks for it anew, and waits anew."
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function sentence({ kind, before, after }: AddressChange, chains: readonly Chain[]): string {
  const { name = '', address = '', chainId = 0 } = after ?? before ?? {}
  const network = chains.find(({ id }) => id === chainId)?.name ?? `chain ${chainId}`
  if (kind === 'create') return `Add ${name}, ${address}, on ${network}`
  if (kind === 'delete') return `Delete ${before?.name ?? name}, ${before?.address ?? address}, on ${network}`
  if (kind === 'make_default') return `Let new sessions on ${network} pay to ${name}, ${address}`
  return before?.address === address
    ? `Call ${before.name} ${name}, on ${network}`
    : `Change ${before?.name ?? name} on ${network} from ${before?.address ?? ''} to ${address}`
}
