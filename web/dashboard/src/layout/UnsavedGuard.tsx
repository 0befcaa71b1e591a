import { useBlocker } from '@tanstack/react-router'
import { Confirm } from '../ui/Confirm.tsx'

/** Asks before a page is left, or its tab closed, with changes that are not saved. */
export function UnsavedGuard({ isChanged }: { isChanged: () => boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isChanged(),
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  return (
    <Confirm
      isOpen={status === 'blocked'}
      onClose={() => reset?.()}
      title="Leave without saving?"
      action="Leave"
      cancel="Stay here"
      isDangerous
      run={async () => proceed?.()}
    >
      What you changed on this page is not saved, and would be lost.
    </Confirm>
  )
}
