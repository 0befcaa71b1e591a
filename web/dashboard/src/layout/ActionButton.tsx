import { type LinkProps, useRouter } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { refresh } from '../data/queryClient.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { messageOf } from '../ui/messageOf.ts'
import { toast } from '../ui/Toasts.tsx'

type Props = {
  /** The verb, such as "Void the invoice". */
  text: string
  run: () => PromiseLike<unknown>
  /** What is said once it is done. */
  done: string
  /** The kinds of object that it changes: what shows them is read anew. */
  changes: readonly string[]
  /** What exactly will happen, where that is asked first. */
  confirm?: ReactNode
  isDangerous?: boolean
  look?: 'primary' | 'plain' | 'quiet'
  /** Where one goes once it is done, such as from what is gone to the list that it was in. */
  goTo?: LinkProps['to'] & string
}

/** A button that changes something: it asks first where it should, says what came of it, and what shows it follows. */
export function ActionButton({ text, run, done, changes, confirm, isDangerous = false, look = 'plain', goTo }: Props) {
  const router = useRouter()
  const [state, setState] = useState<'still' | 'asking' | 'busy'>('still')
  const act = async () => {
    await run()
    if (goTo !== undefined) await router.navigate({ to: goTo })
    toast(done)
    await refresh(...changes)
  }
  const actNow = async () => {
    setState('busy')
    await act().catch(error => toast('This was not done', messageOf(error)))
    setState('still')
  }
  return (
    <>
      <Button
        look={look}
        className={isDangerous ? 'text-bad' : ''}
        isBusy={state === 'busy'}
        onClick={() => (confirm === undefined ? void actNow() : setState('asking'))}
      >
        {text}
      </Button>
      {confirm !== undefined && (
        <Confirm
          isOpen={state === 'asking'}
          onClose={() => setState('still')}
          title={`${text}?`}
          action={text}
          isDangerous={isDangerous}
          run={act}
        >
          {confirm}
        </Confirm>
      )}
    </>
  )
}
