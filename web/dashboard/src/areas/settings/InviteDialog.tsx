import type { UserInvite } from '@bitstream/sdk'
import { useState } from 'react'
import type { Role } from '../../data/account.ts'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { isRole, ROLE_NAMES, ROLE_SENTENCES, rolesToGive } from '../../data/roles.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormEnd } from '../../ui/FormEnd.tsx'

/** Asks somebody to join; then shows the link, this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [invite, setInvite] = useState<UserInvite | null>(null)
  if (invite !== null) return <InviteLink invite={invite} onClose={onClose} />
  return <Ask onClose={onClose} onDone={setInvite} />
}

/** The link of an invite, which no other answer shows. */
export function InviteLink({ invite, onClose }: { invite: UserInvite; onClose: () => void }) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${invite.email} is invited`}
      description="An e-mail with the link is on its way. You can hand it on yourself, too: it is shown this once."
    >
      <div className="flex flex-col gap-4">
        <CopyText text={invite.inviteUrl ?? ''} label="link" className="border border-line p-2" />
        <p className="text-muted">
          Whoever has the link can join in their name: give it to nobody else. It works once, for seven days.
        </p>
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function Ask({ onClose, onDone }: { onClose: () => void; onDone: (invite: UserInvite) => void }) {
  const [role, setRole] = useState<Role>('developer')
  const confirmed = useConfirmed()
  const { form, isBusy, errorOf, error } = useForm(async ({ email = '' }) => {
    const invite = await confirmed(async () => await bitstream.invites.create({ email, role }))
    await refresh('invite')
    onDone(invite)
  })
  return (
    <Dialog isOpen onClose={onClose} title="Invite somebody">
      <form {...form} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="off" error={errorOf('email')} />
        <SelectField
          label="Role"
          name="role"
          value={role}
          onChange={({ target }) => isRole(target.value) && setRole(target.value)}
          choices={rolesToGive().map(each => [each, ROLE_NAMES[each]] as const)}
          hint={ROLE_SENTENCES[role]}
          error={errorOf('role')}
        />
        <FormEnd error={error} failed="Nobody was invited" submit="Invite" isBusy={isBusy} onClose={onClose} />
      </form>
    </Dialog>
  )
}
