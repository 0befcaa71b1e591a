import { useState } from 'react'
import { type AccountState, ask, type SignIn, takeAccount } from '../../data/account.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Outside } from './Outside.tsx'
import { PasskeyButton } from './PasskeyButton.tsx'
import { useEnter } from './useEnter.ts'

/** The second step of signing in: a code of the authenticator app, a passkey, or one of the recovery codes. */
export function SecondFactor({ signIn: { user, factors }, next }: { signIn: SignIn; next: string }) {
  const [isRecovering, setRecovering] = useState(!factors.totp)
  const enter = useEnter()
  const { form, isBusy, errorOf, error } = useForm(async ({ code = '' }) =>
    enter(await ask<AccountState>('POST', '/second-factor', { code: code.trim() }), next),
  )
  const wrong = errorOf('code') ?? error
  return (
    <Outside
      title={isRecovering ? 'Use a recovery code' : 'One more step'}
      lead={`You are signing in as ${user.email}.`}
    >
      {factors.passkeys > 0 && <PasskeyButton text="Use a passkey" onDone={state => enter(state, next)} />}
      <form {...form} className="flex flex-col gap-4">
        {isRecovering ? (
          <TextField
            key="recovery"
            label="Recovery code"
            name="code"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            hint="One of those that you kept when you set your second factor up. Each works once."
            error={wrong}
          />
        ) : (
          <TextField
            key="code"
            label="Code of your authenticator app"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            hint="Six digits; each works once."
            error={wrong}
          />
        )}
        <Button type="submit" look="primary" isBusy={isBusy}>
          Continue
        </Button>
      </form>
      <div className="-mx-3 flex flex-wrap gap-x-2">
        {factors.totp && (
          <Button look="quiet" onClick={() => setRecovering(!isRecovering)}>
            {isRecovering ? 'Use the authenticator app' : 'Use a recovery code'}
          </Button>
        )}
        <Button look="quiet" onClick={async () => takeAccount(await ask<AccountState>('POST', '/sign-out'))}>
          Sign in as somebody else
        </Button>
      </div>
    </Outside>
  )
}
