import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type AccountState, accountQuery, ask } from '../../data/account.ts'
import { useForm } from '../../data/useForm.ts'
import { Failure, Waiting } from '../../layout/States.tsx'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { NameFields } from './NameFields.tsx'
import { NewPassword } from './NewPassword.tsx'
import { Outside } from './Outside.tsx'
import { useEnter } from './useEnter.ts'
import { useToken } from './useToken.ts'

/** The first page of a new server: whoever has the link that it printed becomes the owner of the first organization. */
export function SetupPage() {
  const { data: account, error, refetch } = useQuery(accountQuery)
  const token = useToken()
  if (error !== null) return <Failure error={error} reset={refetch} />
  if (account === undefined) return <Waiting />
  if (account.needsSetup && token !== null) return <FirstOwner token={token} />
  return (
    <Outside
      title="Set up the server"
      lead={
        account.needsSetup
          ? 'The server prints a link when it starts: open it whole, from “http” to its last character.'
          : 'This server is set up: its first owner exists.'
      }
    >
      <Link to="/sign-in" search={{}} className="self-start py-1 text-accent underline">
        Sign in
      </Link>
    </Outside>
  )
}

function FirstOwner({ token }: { token: string }) {
  const [email, setEmail] = useState('')
  const enter = useEnter()
  const { form, isBusy, errorOf, error } = useForm(async fields =>
    enter(await ask<AccountState>('POST', '/setup', { token, ...fields })),
  )
  return (
    <Outside title="Set up the server" lead="You become the first owner. The link that led here then works no more.">
      {error !== null && <Notice tone="bad" title={error} />}
      <form {...form} className="flex flex-col gap-4">
        <TextField
          label="What payers see as your name"
          name="organizationName"
          autoComplete="organization"
          error={errorOf('organizationName')}
        />
        <NameFields errorOf={errorOf} />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={event => setEmail(event.target.value)}
          error={errorOf('email')}
        />
        <NewPassword known={[email]} error={errorOf('password')} />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Become the owner
        </Button>
      </form>
    </Outside>
  )
}
