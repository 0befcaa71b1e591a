import type { UserInvite } from '@bitstream/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { ROLE_NAMES } from '../../data/roles.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Card } from '../../ui/Card.tsx'
import { Time } from '../../ui/Time.tsx'
import { InviteLink } from './InviteDialog.tsx'
import { mayChangeSettings } from './mayChangeSettings.ts'
import { invitesQuery } from './settingsQueries.ts'

/** Who was asked to join and has not answered. */
export function Invites() {
  const { data: invites } = useSuspenseQuery(invitesQuery)
  const [resent, setResent] = useState<UserInvite | null>(null)
  const open = invites.filter(({ status }) => status === 'pending')
  return (
    <Card title="Invitations">
      {open.length === 0 ? (
        <p className="text-muted">Nobody is invited at the moment.</p>
      ) : (
        <ul className="-my-2 divide-y divide-line">
          {open.map(invite => (
            <Row key={invite.id} invite={invite} onResent={setResent} />
          ))}
        </ul>
      )}
      {resent !== null && <InviteLink invite={resent} onClose={() => setResent(null)} />}
    </Card>
  )
}

function Row({ invite, onResent }: { invite: UserInvite; onResent: (invite: UserInvite) => void }) {
  const { id, email, role, expireAt } = invite
  const confirmed = useConfirmed()
  const isOver = new Date(expireAt).getTime() < Date.now()
  return (
    <li className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-0 grow">
        <p className="font-medium break-all">{email}</p>
        <p className="text-muted">
          {ROLE_NAMES[role]}, {isOver ? 'the link ended' : 'the link ends'} <Time at={expireAt} />
        </p>
      </div>
      {mayChangeSettings() && (
        <div className="flex flex-wrap gap-2">
          <ActionButton
            text="Send again"
            run={async () => onResent(await confirmed(async () => await bitstream.invites.resend(id)))}
            done={`Sent to ${email}`}
            changes={['invite']}
          />
          <ActionButton
            text="Withdraw"
            run={() => confirmed(async () => await bitstream.invites.delete(id))}
            done="Withdrawn"
            changes={['invite']}
            confirm={`The link that ${email} has works no more.`}
          />
        </div>
      )}
    </li>
  )
}
