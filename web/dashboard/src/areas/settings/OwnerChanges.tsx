import { useSuspenseQuery } from '@tanstack/react-query'
import { ask, type Role } from '../../data/account.ts'
import { ROLE_NAMES } from '../../data/roles.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Card } from '../../ui/Card.tsx'
import { Time } from '../../ui/Time.tsx'
import { isOwner } from './mayChangeSettings.ts'

/** What an owner is to be, or with null no member any more; `id` is the member's. */
type OwnerChange = {
  id: string
  email: string
  role: Role | null
  dueAt: string
  /** Null for somebody who has left. */
  requestedBy: { email: string } | null
}

/** The owners who are to be owners no more, each with a way to keep them. */
export function OwnerChanges() {
  const { data: changes } = useSuspenseQuery({
    queryKey: ['user', 'owner-changes'],
    queryFn: () => ask<OwnerChange[]>('GET', '/owner-changes'),
  })
  if (changes.length === 0) return null
  return (
    <Card title="Changes that do not count yet">
      <ul className="-my-2 divide-y divide-line">
        {changes.map(({ id, email, role, dueAt, requestedBy }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div className="min-w-0">
              <p className="break-words">
                {role === null
                  ? `Remove the owner ${email}`
                  : `Make the owner ${email} ${ROLE_NAMES[role].toLowerCase()}`}
              </p>
              <p className="break-words text-muted">
                Counts <Time at={dueAt} />
                {requestedBy !== null && `; asked for by ${requestedBy.email}`}
              </p>
            </div>
            {isOwner() && (
              <ActionButton
                text="Cancel the change"
                run={() => ask('DELETE', `/owner-changes/${id}`)}
                done="Canceled: nothing changes"
                changes={['user']}
                confirm={`${email} stays an owner. Whoever still wants the change asks for it anew, and waits anew.`}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
