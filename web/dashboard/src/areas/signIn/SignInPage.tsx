import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type AccountState, accountQuery, ask } from '../../data/account.ts'
import { useForm } from '../../data/useForm.ts'
import { Failure, Waiting } from '../../layout/States.tsx'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Outside } from './Outside.tsx'
import { PasskeyButton } from './PasskeyButton.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { useEnter } from './useEnter.ts'

/** The way in: an e-mail address with its password, or a passkey; then the second factor of whoever has one. */
export function SignInPage() {
  const { next = '/' } = useSearch({ from: '/outside/sign-in' })
  const { data: account, error, refetch } = useQuery(accountQuery)
  if (error !== null) return <Failure error={error} reset={refetch} />
  if (account === undefined) return <Waiting />
  if (account.signIn?.stage === 'waiting') return <SecondFactor signIn={account.signIn} next={next} />
  return <FirstFactor account={account} next={next} />
}

function FirstFactor({ account, next }: { account: AccountState; next: string }) {
  const enter = useEnter()
  const { form, isBusy, errorOf, error } = useForm(async ({ email = '', password = '' }) =>
    enter(await ask<AccountState>('POST', '/sign-in', { email, password }), next),
  )
  return (
    <Outside title="Sign in">
      {account.needsSetup && (
        <Notice tone="info" title="Nobody has an account here yet">
          The server printed a link when it started: open it to become the first owner.
        </Notice>
      )}
      {error !== null && <Notice tone="bad" title={error} />}
      <form {...form} className="flex flex-col gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="username webauthn" error={errorOf('email')} />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          error={errorOf('password')}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Sign in
        </Button>
      </form>
      <Link to="/reset/{-$token}" className="self-start py-1 text-accent underline">
        I forgot my password
      </Link>
      <PasskeyButton text="Sign in with a passkey" onDone={state => enter(state, next)} />
      {account.canDemo && <Demo next={next} />}
    </Outside>
  )
}

function Demo({ next }: { next: string }) {
  const enter = useEnter()
  const { form, isBusy, error } = useForm(async () => enter(await ask<AccountState>('POST', '/demo'), next))
  return (
    <form {...form} className="flex flex-col gap-2 border-t border-line pt-5">
      <p className="text-muted">This is a test world: look around as its owner, without an account.</p>
      {error !== null && <Notice tone="bad" title={error} />}
      <Button type="submit" isBusy={isBusy}>
        Enter as the demo owner
      </Button>
    </form>
  )
}
