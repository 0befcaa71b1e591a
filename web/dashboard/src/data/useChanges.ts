import { useEffect } from 'react'
import { queryClient } from './queryClient.ts'

/** What the stream tells: an object of this kind changed, or of any where it is `*`. */
type Change = { object: string; id: string | null }

const AGAIN_AFTER_MS = 5_000

/** What is shown of other kinds where one changes. */
const SHOWN_WITH: Readonly<Record<string, readonly string[]>> = {
  checkout_session: ['unmatched_payment', 'balance', 'coupon'],
  refund: ['unmatched_payment', 'balance'],
  sweep: ['balance'],
  organization: ['account'],
  user: ['account', 'sign_in'],
  passkey: ['account'],
}

/**
 * Makes stale what the server says has changed, so that pages show it without being loaded anew. A page that nobody sees listens to
 * nothing, since browsers keep few connections to a server; whoever comes back, also after a lost connection, sees all of it read anew.
 */
export function useChanges(): void {
  useEffect(() => {
    let source: EventSource | null = null
    let timer: ReturnType<typeof setTimeout>
    let hasMissed = false
    const stop = () => {
      hasMissed = true
      clearTimeout(timer)
      source?.close()
      source = null
    }
    const connect = () => {
      const opened = new EventSource('/api/account/changes')
      source = opened
      opened.onmessage = ({ data }) => {
        const { object } = JSON.parse(data) as Change
        if (object === '*') staleAll()
        else for (const kind of [object, ...(SHOWN_WITH[object] ?? [])]) void renew(kind)
      }
      opened.onerror = () => {
        hasMissed = true
        // The browser connects anew by itself, unless the server refused: perhaps nobody is signed in any more.
        if (opened.readyState !== EventSource.CLOSED) return
        void queryClient.invalidateQueries({ queryKey: ['account'] })
        timer = setTimeout(connect, AGAIN_AFTER_MS)
      }
      opened.onopen = () => {
        if (hasMissed) void queryClient.invalidateQueries({ queryKey: ['account'] }).then(staleAll)
        hasMissed = false
      }
    }
    const look = () => {
      stop()
      if (!document.hidden) connect()
    }
    if (!document.hidden) connect()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      stop()
    }
  }, [])
}

/** The kinds that are being read anew, and whether they changed again since that began. */
const renewing = new Map<string, boolean>()

/** Reads a kind anew, one time after the other: changes that come faster than answers would otherwise let none arrive. */
async function renew(kind: string): Promise<void> {
  const isUnderWay = renewing.has(kind)
  renewing.set(kind, isUnderWay)
  if (isUnderWay) return
  do {
    renewing.set(kind, false)
    await queryClient.invalidateQueries({ queryKey: [kind] })
  } while (renewing.get(kind) === true)
  renewing.delete(kind)
}

function staleAll(): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
}
