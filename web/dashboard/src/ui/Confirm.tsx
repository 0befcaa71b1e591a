import type { ReactNode } from 'react'
import { useState } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { messageOf } from './messageOf.ts'
import { Notice } from './Notice.tsx'

type Props = {
  isOpen: boolean
  onClose: () => void
  title: string
  /** What exactly will happen. */
  children: ReactNode
  /** The verb, such as "Revoke the key". */
  action: string
  /** What leaves it as it is, "Cancel" unless told. */
  cancel?: string
  isDangerous?: boolean
  run: () => Promise<unknown>
}

/** Asks once before something that moves or may lose money or rights; stays open with the reason where it fails. */
export function Confirm({
  isOpen,
  onClose,
  title,
  children,
  action,
  cancel = 'Cancel',
  isDangerous = false,
  run,
}: Props) {
  const [state, setState] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null })
  const close = () => {
    setState({ isBusy: false, error: null })
    onClose()
  }
  const confirm = async () => {
    setState({ isBusy: true, error: null })
    try {
      await run()
      close()
    } catch (error) {
      setState({ isBusy: false, error: messageOf(error) })
    }
  }
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title}>
      <div className="flex flex-col gap-4">
        <div>{children}</div>
        {state.error !== null && (
          <Notice tone="bad" title="This was not done">
            {state.error}
          </Notice>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{cancel}</Button>
          <Button look={isDangerous ? 'danger' : 'primary'} isBusy={state.isBusy} onClick={confirm}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
