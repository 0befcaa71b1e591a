import { createContext, type FocusEvent, Fragment, type ReactNode, useContext, useRef, useState } from 'react'

/** What a form tells of the hands at it. */
type Hands = {
  come: () => void
  type: () => void
  leave: (event: FocusEvent<HTMLFormElement>) => void
  /** Told that it is sent, it gives what tells that it is saved. */
  send: () => () => void
}

const nothing = () => undefined
const HandsContext = createContext<Hands>({ come: nothing, type: nothing, leave: nothing, send: () => nothing })

/** What tells the `Held` around a form, if there is one, of the hands at it. */
export function useHands(): Hands {
  return useContext(HandsContext)
}

/**
 * A form with what the server has, anew whenever that changes, though never under somebody's hands: what they are at stays until they
 * leave it as it was or have saved it, whatever else is saved on the page or by others.
 */
export function Held<T extends { updatedAt: string }>(props: { newest: T; children: (shown: T) => ReactNode }) {
  const [held, setHeld] = useState<T | null>(null)
  const typed = useRef(0)
  const saved = useRef(0)
  const shown = held ?? props.newest
  const hands: Hands = {
    come: () => setHeld(shown),
    type: () => {
      typed.current += 1
      // Whoever has saved with Enter is at the field still, and does not come again.
      setHeld(shown)
    },
    leave: ({ currentTarget, relatedTarget }) => {
      if (typed.current === saved.current && !currentTarget.contains(relatedTarget)) setHeld(null)
    },
    send: () => {
      const sent = typed.current
      return () => {
        saved.current = sent
        // What was typed while it was on its way is not saved yet.
        if (typed.current === sent) setHeld(null)
      }
    },
  }
  return (
    <HandsContext value={hands}>
      <Fragment key={shown.updatedAt}>{props.children(shown)}</Fragment>
    </HandsContext>
  )
}
