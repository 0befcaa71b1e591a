import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { type AccountState, ask } from '../../data/account.ts'
import { askForPasskey, whyNoPasskeys } from '../../data/passkey.ts'
import { Button } from '../../ui/Button.tsx'
import { messageOf } from '../../ui/messageOf.ts'

/** Lets somebody in with a passkey; says where that failed, or why there is none to be had. */
export function PasskeyButton({ text, onDone }: { text: string; onDone: (state: AccountState) => void }) {
  const [state, setState] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null })
  const enter = async () => {
    setState({ isBusy: true, error: null })
    try {
      onDone(await ask<AccountState>('POST', '/passkey', await askForPasskey()))
    } catch (error) {
      setState({ isBusy: false, error: messageOf(error) })
    }
  }
  const why = whyNoPasskeys()
  if (why !== null) return <p className="text-muted">{why}</p>
  return (
    <div className="flex flex-col gap-1.5">
      <Button isBusy={state.isBusy} onClick={enter}>
        <KeyRound aria-hidden className="size-4" />
        {text}
      </Button>
      {state.error !== null && (
        <p role="alert" className="text-bad">
          {state.error}
        </p>
      )}
    </div>
  )
}
