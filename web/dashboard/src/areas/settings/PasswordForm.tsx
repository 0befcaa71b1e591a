import { useState } from 'react'
import { accountNow, ask } from '../../data/account.ts'
import { refresh } from '../../data/queryClient.ts'
import { Card } from '../../ui/Card.tsx'
import { TextField } from '../../ui/Field.tsx'
import { NewPassword } from '../signIn/NewPassword.tsx'
import { SettingsForm } from './SettingsForm.tsx'

/** Sets another password; who has none gets one by e-mail. */
export function PasswordForm() {
  const { signIn } = accountNow()
  const [turn, setTurn] = useState(0)
  const save = async ({ old = '', new: next = '' }: Record<string, string>) => {
    await ask('PUT', '/password', { old, new: next })
    await refresh('account')
    setTurn(turn + 1)
  }
  if (!signIn?.factors.password) {
    return (
      <Card title="Password">
        <p className="text-muted">You have none. To set one, sign out and choose “I forgot my password”.</p>
      </Card>
    )
  }
  return (
    <SettingsForm
      title="Password"
      intro="A new password signs you out everywhere else."
      save={save}
      changes="sign_in"
      isOwn
      action="Set the password"
      done="Your password is set: you are signed out everywhere else"
    >
      {errorOf => (
        <div key={turn} className="flex max-w-md flex-col gap-4">
          <input type="text" name="username" autoComplete="username" value={signIn.user.email} readOnly hidden />
          <TextField
            label="Current password"
            name="old"
            type="password"
            autoComplete="current-password"
            error={errorOf('old')}
          />
          <NewPassword
            label="New password"
            name="new"
            known={[signIn.user.email, signIn.user.firstName, signIn.user.lastName]}
            error={errorOf('new')}
          />
        </div>
      )}
    </SettingsForm>
  )
}
