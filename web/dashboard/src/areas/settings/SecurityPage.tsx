import { useQuery } from '@tanstack/react-query'
import { accountQuery, type SignIn } from '../../data/account.ts'
import { Notice } from '../../ui/Notice.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { PasskeysCard } from './PasskeysCard.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { SignInsCard } from './SignInsCard.tsx'
import { TotpCard } from './TotpCard.tsx'

/** How the person who is signed in proves who they are, and where they are signed in. */
export function SecurityPage() {
  const { data: account } = useQuery(accountQuery)
  const signIn = account?.signIn
  return (
    <>
      <PageHeader title="Security" description={`How you prove that you are ${signIn?.user.email ?? 'you'}.`} />
      <div className="flex max-w-3xl flex-col gap-6">
        {signIn?.mustHaveSecondFactor && (
          <Notice tone="warn" title="Owners need a second factor where real money moves">
            {hasOne(signIn)
              ? 'You have one: sign out, and sign in with it.'
              : 'Add a passkey or an authenticator app here; then everything else opens.'}
          </Notice>
        )}
        <PasskeysCard />
        <TotpCard />
        <PasswordForm />
        <SignInsCard />
      </div>
    </>
  )
}

function hasOne({ factors: { totp, passkeys } }: SignIn): boolean {
  return totp || passkeys > 0
}
