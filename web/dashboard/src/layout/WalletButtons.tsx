import { useState } from 'react'
import { useWallets, type Wallet } from '../data/wallets.ts'
import { Button } from '../ui/Button.tsx'
import { messageOf } from '../ui/messageOf.ts'
import { Notice } from '../ui/Notice.tsx'

type Props = {
  /** What each wallet does, such as "Sign with". */
  verb: string
  run: (wallet: Wallet) => Promise<unknown>
  /** What to do where no wallet is found. */
  otherwise: string
}

/** A button for each wallet of the browser; what one refuses is told below them. */
export function WalletButtons({ verb, run, otherwise }: Props) {
  const wallets = useWallets()
  const [state, setState] = useState<{ busy: string | null; error: string | null }>({ busy: null, error: null })
  const press = async (wallet: Wallet) => {
    setState({ busy: wallet.id, error: null })
    try {
      await run(wallet)
      setState({ busy: null, error: null })
    } catch (error) {
      setState({ busy: null, error: messageOf(error) })
    }
  }
  if (wallets.length === 0) return <p className="text-muted">No wallet was found in this browser. {otherwise}</p>
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {wallets.map(wallet => (
          <Button
            key={wallet.id}
            look="primary"
            isBusy={state.busy === wallet.id}
            disabled={state.busy !== null}
            onClick={() => void press(wallet)}
          >
            {verb} {wallet.name}
          </Button>
        ))}
      </div>
      {state.busy !== null && <p className="text-muted">The wallet asks you: look for its window.</p>}
      {state.error !== null && <Notice tone="bad" title={state.error} />}
    </div>
  )
}
