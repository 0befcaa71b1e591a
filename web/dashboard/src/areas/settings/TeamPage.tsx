import type { User } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { accountNow, accountQuery, type Role } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { queryClient } from '../../data/queryClient.ts'
import { ROLE_SENTENCES, ROLES, rolesToGive } from '../../data/roles.ts'
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
import { usersQuery } from './settingsQueries.ts'

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
      <div className="flex max-w-4xl flex-col gap-6">
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
      <span className="text-muted">{user.role}</span>
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
  const name = nameOf(user)
  const isMe = user.id === accountNow().signIn?.user.id
  const run = async () => {
    await confirmed(async () =>
      role === null ? await bitstream.users.delete(user.id) : await bitstream.users.updateRole(user.id, { role }),
    )
    toast(role === null ? `${name} no longer works here` : `${name} is ${role} now`)
    if (isMe) await queryClient.invalidateQueries({ queryKey: accountQuery.queryKey })
    await queryClient.invalidateQueries({ queryKey: ['user'] })
  }
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={role === null ? `Remove ${name}?` : `Make ${name} ${role}?`}
      action={role === null ? 'Remove' : `Make ${role}`}
      isDangerous={role === null || role === 'owner'}
      run={run}
    >
      {role === null
        ? `${isMe ? 'You see' : `${name} sees`} nothing of this organization any more. API keys stay in force: revoke those that ${isMe ? 'you' : 'they'} know.`
        : `As ${role}, ${name} ${ROLE_SENTENCES[role]}`}
    </Confirm>
  )
}

function Roles() {
  return (
    <Card title="What roles may do">
      <dl className="flex flex-col gap-2">
        {ROLES.map(role => (
          <div key={role} className="sm:flex sm:gap-4">
            <dt className="w-24 shrink-0 font-medium">{role}</dt>
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
