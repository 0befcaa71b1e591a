import { useEffect } from 'react'
import { hearChanges, hearNothing } from './changes.ts'

/**
 * Hears of changes while the page is seen. A page that nobody sees listens to nothing, since browsers keep few connections to a server;
 * whoever comes back, also after a lost connection, sees all of it read anew.
 */
export function useChanges(): void {
  useEffect(() => {
    const look = () => {
      hearNothing()
      hearChanges()
    }
    hearChanges()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      hearNothing()
    }
  }, [])
}
