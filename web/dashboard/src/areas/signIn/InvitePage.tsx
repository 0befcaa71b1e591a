import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type AccountState, accountQuery, ask, type Role } from '../../data/account.ts'
import { ROLE_SENTENCES } from '../../data/roles.ts'
import { useForm } from '../../data/useForm.ts'
import { Failure, Waiting } from '../../layout/States.tsx'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { messageOf } from '../../ui/messageOf.ts'
import { Notice } from '../../ui/Notice.tsx'
import { NameFields } from './NameFields.tsx'
import { NewPassword } from './NewPassword.tsx'
import { Outside } from './Outside.tsx'
import { useEnter } from './useEnter.ts'
import { useToken } from './useToken.ts'

type Invite = { email: string; organizationName: string; role: Role; isKnown: boolean }

/** Where the link of an invite leads: a known person proves who they are, a new one gets an account. */
export function InvitePage() {
  const token = useToken() ?? ''
  const account = useQuery(accountQuery)
  const invite = useQuery({
    queryKey: ['invite-link', token],
    queryFn: () => ask<Invite>('GET', `/invite?token=${encodeURIComponent(token)}`),
  })
  if (account.error !== null) return <Failure error={account.error} reset={account.refetch} />
  if (invite.error !== null) {
    return (
      <Outside title="This invite cannot be used" lead={messageOf(invite.error)}>
        <p>
          An invite works once, for seven days: whoever invited you can send another one. If you have joined, sign in.
        </p>
        <Link to="/sign-in" search={{}} className="self-start py-1 text-accent underline">
          Sign in
        </Link>
      </Outside>
    )
  }
  if (account.data === undefined || invite.data === undefined) return <Waiting />
  const isThem = account.data.signIn?.stage === 'whole' && account.data.signIn.user.email === invite.data.email
  return <Join token={token} invite={invite.data} isThem={isThem} />
}

function Join({ token, invite, isThem }: { token: string; invite: Invite; isThem: boolean }) {
  const { email, organizationName, role, isKnown } = invite
  const enter = useEnter()
  const { form, isBusy, errorOf, error } = useForm(async ({ username: _, ...fields }) => {
    const state = await ask<AccountState>('POST', '/invite', { token, ...fields })
    // Whoever has yet to give a second factor joins after that.
    enter(state, state.signIn?.stage === 'waiting' ? `/invite/${token}` : '/')
  })
  return (
    <Outside title={`Join ${organizationName}`} lead={`${email} is invited as ${role}. ${ROLE_SENTENCES[role]}`}>
      {error !== null && <Notice tone="bad" title={error} />}
      <form {...form} className="flex flex-col gap-4">
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        {!isKnown && <NameFields errorOf={errorOf} />}
        {!isKnown && <NewPassword known={[email]} error={errorOf('password')} />}
        {isKnown && !isThem && (
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            hint={`You have an account as ${email}: give its password.`}
            error={errorOf('password')}
          />
        )}
        <Button type="submit" look="primary" isBusy={isBusy}>
          Join {organizationName}
        </Button>
      </form>
    </Outside>
  )
}
