import { BitstreamError } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { TextField } from '../ui/Field.tsx'
import { messageOf } from '../ui/messageOf.ts'
import { Notice } from '../ui/Notice.tsx'
import { type AccountState, accountQuery, ask } from './account.ts'
import { askForPasskey, whyNoPasskeys } from './passkey.ts'
import { queryClient } from './queryClient.ts'
import { useForm } from './useForm.ts'

/** Runs what may lose money or rights; where the server wants to know first who asks, the person is asked and it runs again. */
export type Confirmed = <T>(run: () => Promise<T>) => Promise<T>

type Asked = { done: () => void; giveUp: () => void }

const Confirmation = createContext<Confirmed | null>(null)

/** What `useConfirmed` gives to every page below: one window that asks who is there. */
export function ConfirmationProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const confirmed: Confirmed = async run => {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof BitstreamError && error.code === 'confirmation_required')) throw error
      await new Promise<void>((done, refuse) => setAsked({ done, giveUp: () => refuse(error) })).finally(() =>
        setAsked(null),
      )
    }
    return await run()
  }
  return (
    <Confirmation value={confirmed}>
      {children}
      <Dialog
        isOpen={asked !== null}
        onClose={() => asked?.giveUp()}
        title="Is it still you?"
        description="What you are about to do decides about money or rights, so prove once more who you are. That counts for ten minutes."
      >
        {asked !== null && <Proof done={asked.done} />}
      </Dialog>
    </Confirmation>
  )
}

/** `const confirmed = useConfirmed(); await confirmed(() => bitstream.apiKeys.create(…))`; who gives up gets `confirmation_required`. */
export function useConfirmed(): Confirmed {
  const confirmed = useContext(Confirmation)
  if (confirmed === null) throw new Error('the page is inside of ConfirmationProvider')
  return confirmed
}

function Proof({ done }: { done: () => void }) {
  const { data: account } = useQuery(accountQuery)
  const factors = account?.signIn?.factors
  const [passkey, setPasskey] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null })
  const confirm = async (proof: object) => {
    queryClient.setQueryData(accountQuery.queryKey, await ask<AccountState>('POST', '/confirm', proof))
    done()
  }
  const takePasskey = async () => {
    setPasskey({ isBusy: true, error: null })
    try {
      await confirm(await askForPasskey())
    } catch (error) {
      setPasskey({ isBusy: false, error: messageOf(error) })
    }
  }
  if (factors === undefined) return null
  return (
    <div className="flex flex-col gap-5">
      {passkey.error !== null && <Notice tone="bad" title={passkey.error} />}
      {factors.passkeys > 0 && whyNoPasskeys() === null && (
        <Button look="primary" isBusy={passkey.isBusy} onClick={takePasskey}>
          Use a passkey
        </Button>
      )}
      {factors.password && <PasswordProof email={account?.signIn?.user.email ?? ''} confirm={confirm} />}
      {factors.totp && <CodeProof confirm={confirm} />}
    </div>
  )
}

function PasswordProof({ email, confirm }: { email: string; confirm: (proof: object) => Promise<void> }) {
  const { form, isBusy, errorOf, error } = useForm(({ password }) => confirm({ password }))
  return (
    <form {...form} className="flex flex-col gap-3">
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        error={errorOf('password') ?? error}
      />
      <Button type="submit" isBusy={isBusy}>
        Confirm with the password
      </Button>
    </form>
  )
}

function CodeProof({ confirm }: { confirm: (proof: object) => Promise<void> }) {
  const { form, isBusy, errorOf, error } = useForm(({ code }) => confirm({ code }))
  return (
    <form {...form} className="flex flex-col gap-3">
      <TextField
        label="Code of your authenticator app"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        error={errorOf('code') ?? error}
      />
      <Button type="submit" isBusy={isBusy}>
        Confirm with the code
      </Button>
    </form>
  )
}
