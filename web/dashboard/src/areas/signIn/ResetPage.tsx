import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type AccountState, ask } from '../../data/account.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { NewPassword } from './NewPassword.tsx'
import { Outside } from './Outside.tsx'
import { useEnter } from './useEnter.ts'
import { useToken } from './useToken.ts'

/** For whoever forgot the password: asks for a link by e-mail, and with that link sets another one. */
export function ResetPage() {
  const token = useToken()
  return token === null ? <Ask /> : <Replace token={token} />
}

function Ask() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { form, isBusy, errorOf, error } = useForm(async ({ email = '' }) => {
    await ask('POST', '/forgot', { email })
    setSentTo(email)
  })
  if (sentTo !== null) {
    return (
      <Outside title="Look into your mailbox">
        <p className="break-words">
          If somebody has an account as {sentTo}, a link is on its way there. It works once, and not for long.
        </p>
        <BackToSignIn />
      </Outside>
    )
  }
  return (
    <Outside title="Set another password" lead="A link comes to your mailbox; with it you set the password.">
      {error !== null && <Notice tone="bad" title={error} />}
      <form {...form} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="username" error={errorOf('email')} />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Send me a link
        </Button>
      </form>
      <BackToSignIn />
    </Outside>
  )
}

function Replace({ token }: { token: string }) {
  const enter = useEnter()
  const { form, isBusy, errorOf, error } = useForm(async ({ password = '' }) =>
    enter(await ask<AccountState>('POST', '/reset', { token, password })),
  )
  return (
    <Outside
      title="Set another password"
      lead="Everybody who is signed in as you is signed out; your second factor stays as it is."
    >
      {error !== null && <Notice tone="bad" title={error} />}
      <form {...form} className="flex flex-col gap-4">
        <NewPassword label="New password" error={errorOf('password')} />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Set the password
        </Button>
      </form>
      {/* The token of the link is read when the page is loaded. */}
      <a href="/reset" className="self-start py-1 text-accent underline">
        Ask for another link
      </a>
      <BackToSignIn />
    </Outside>
  )
}

function BackToSignIn() {
  return (
    <Link to="/sign-in" search={{}} className="self-start py-1 text-accent underline">
      Back to signing in
    </Link>
  )
}
