import { useEffect } from 'react'
import { queryClient } from './queryClient.ts'

/** What the stream tells: an object of this kind changed, or of any where it is `*`. */
type Change = { object: string; id: string | null }

const AGAIN_AFTER_MS = 5_000

/** Makes stale what the server says has changed, so that pages show it without being loaded anew; all of it after a lost connection. */
export function useChanges(): void {
  useEffect(() => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout>
    let wasLost = false
    const connect = () => {
      source = new EventSource('/api/account/changes')
      source.onmessage = ({ data }) => {
        const { object } = JSON.parse(data) as Change
        if (object === '*') staleAll()
        else void queryClient.invalidateQueries({ queryKey: [object] })
      }
      source.onerror = () => {
        wasLost = true
        // The browser connects anew by itself, unless the server refused: perhaps nobody is signed in any more.
        if (source.readyState !== EventSource.CLOSED) return
        void queryClient.invalidateQueries({ queryKey: ['account'] })
        timer = setTimeout(connect, AGAIN_AFTER_MS)
      }
      source.onopen = () => {
        if (wasLost) staleAll()
        wasLost = false
      }
    }
    connect()
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [])
}

function staleAll(): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
}
