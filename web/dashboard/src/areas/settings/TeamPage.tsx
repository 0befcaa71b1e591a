import type { User } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { accountNow, type Role } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { usersQuery } from '../../data/organization.ts'
import { refresh } from '../../data/queryClient.ts'
import { ROLE_NAMES, ROLE_SENTENCES, ROLES, rolesToGive } from '../../data/roles.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { toast } from '../../ui/Toasts.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { Invites } from './Invites.tsx'
import { isOwner, mayChangeSettings } from './mayChangeSettings.ts'
import { OwnerChanges } from './OwnerChanges.tsx'

/** A change of a member that is asked about: another role, or none. */
type Asked = { user: User; role: Role | null }

/** Who works for the organization and as what, and who was asked to. */
export function TeamPage() {
  const { data: users } = useSuspenseQuery(usersQuery)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [isInviting, setInviting] = useState(false)
  return (
    <>
      <PageHeader
        title="Team"
        description="Who works for the organization, and what they may do. A change counts within five seconds."
        actions={
          mayChangeSettings() && (
            <Button look="primary" onClick={() => setInviting(true)}>
              <UserPlus aria-hidden className="size-4" />
              Invite somebody
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <OwnerChanges />
        <Card title="Members">
          <ul className="-my-2 divide-y divide-line">
            {users.map(user => (
              <Member key={user.id} user={user} onAsk={role => setAsked({ user, role })} />
            ))}
          </ul>
        </Card>
        <Invites />
        <Roles />
      </div>
      {asked !== null && <Question asked={asked} onClose={() => setAsked(null)} />}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  )
}

function Member({ user, onAsk }: { user: User; onAsk: (role: Role | null) => void }) {
  const isMe = user.id === accountNow().signIn?.user.id
  const name = nameOf(user)
  return (
    <li className="flex items-center gap-3 py-2">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 font-medium break-words">{name}</span>
          {isMe && <Badge>You</Badge>}
          {user.status === 'suspended' && <Badge tone="bad">Suspended</Badge>}
        </p>
        {name !== user.email && <p className="break-all text-muted">{user.email}</p>}
      </div>
      <span className="text-muted">{ROLE_NAMES[user.role]}</span>
      {(user.role === 'owner' ? isOwner() : mayChangeSettings()) && (
        <Menu
          label={`Change ${name}`}
          trigger="Change"
          entries={[
            ...rolesToGive()
              .filter(role => role !== user.role)
              .map(role => ({ text: `Make ${role}`, run: () => onAsk(role) })),
            { text: isMe ? 'Leave' : 'Remove', isDangerous: true, run: () => onAsk(null) },
          ]}
        />
      )}
    </li>
  )
}

function Question({ asked: { user, role }, onClose }: { asked: Asked; onClose: () => void }) {
  const confirmed = useConfirmed()
  // Two people may have one name.
  const name = nameOf(user) === user.email ? user.email : `${nameOf(user)} (${user.email})`
  const isMe = user.id === accountNow().signIn?.user.id
  const waits = user.role === 'owner' && !isMe && accountNow().mode === 'live'
  const run = async () => {
    await confirmed(async () =>
      role === null ? await bitstream.users.delete(user.id) : await bitstream.users.updateRole(user.id, { role }),
    )
    if (waits) toast('Asked for: it counts in 24 hours')
    else toast(role === null ? `${name} no longer works here` : `${name} is ${role} now`)
    if (isMe) await refresh('account')
    await refresh('user')
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={role === null ? (isMe ? 'Leave the organization?' : `Remove ${name}?`) : `Make ${name} ${role}?`}
      action={role === null ? (isMe ? 'Leave' : 'Remove') : `Make ${role}`}
      isDangerous={role === null || role === 'owner'}
      run={run}
    >
      <div className="flex flex-col gap-3">
        {waits && (
          <p>
            {name} stays an owner for 24 hours. All owners are told by e-mail now, and each of them can cancel it until
            then. After that:
          </p>
        )}
        <p>{consequence(name, role, isMe)}</p>
      </div>
    </Confirm>
  )
}

function consequence(name: string, role: Role | null, isMe: boolean): string {
  if (role !== null) return ROLE_SENTENCES[role]
  return isMe
    ? 'You see nothing of this organization any more. API keys stay in force: those that you know should be revoked.'
    : `${name} sees nothing of this organization any more. API keys stay in force: revoke those that they know.`
}

function Roles() {
  return (
    <Card title="What roles may do">
      <dl className="flex flex-col gap-2">
        {ROLES.map(role => (
          <div key={role} className="sm:flex sm:gap-4">
            <dt className="w-24 shrink-0 font-medium">{ROLE_NAMES[role]}</dt>
            <dd className="text-muted">{ROLE_SENTENCES[role]}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function nameOf({ firstName, lastName, email }: User): string {
  return `${firstName} ${lastName}`.trim() || email
}
