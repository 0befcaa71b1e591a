import { useEffect } from 'react'
import { queryClient } from './queryClient.ts'

/** What the stream tells: an object of this kind changed. */
type Change = { object: string; id: string | null }

/** Makes stale what the server says has changed, so that pages show it without being loaded anew; all of it after a lost connection. */
export function useChanges(): void {
  useEffect(() => {
    const source = new EventSource('/api/account/changes')
    let wasLost = false
    source.onmessage = ({ data }) => {
      const { object } = JSON.parse(data) as Change
      void queryClient.invalidateQueries({ queryKey: [object] })
    }
    source.onerror = () => {
      wasLost = true
    }
    source.onopen = () => {
      if (wasLost) void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
      wasLost = false
    }
    return () => source.close()
  }, [])
}
