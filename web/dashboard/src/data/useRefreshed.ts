import { useEffect } from 'react'
import { refresh } from './queryClient.ts'

/** Reads anew, every few milliseconds while the page is in view, what no stream tells of: the queries of this kind. */
export function useRefreshed(kind: string, everyMs: number): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void refresh(kind)
    }, everyMs)
    return () => clearInterval(timer)
  }, [kind, everyMs])
}
