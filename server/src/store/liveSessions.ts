import pg from 'pg'

/** Tells whoever asked that a session has changed, wherever in the deployment it was changed. */
export type LiveSessions = {
  /** Calls `listener` after each committed change of session `id`; returns what ends that. */
  subscribe: (id: string, listener: () => void) => () => void
  close: () => Promise<void>
}

const CHANNEL = 'checkout_session'
const RECONNECT_MS = 1_000

/**
 * Listens on a connection of its own, which is made anew when it is lost. What was missed meanwhile is not repeated: each
 * listener is called once after a reconnection, and reads the truth itself.
 */
export function listenToSessions(url: string, onError: (error: Error) => void): LiveSessions {
  const listeners = new Map<string, Set<() => void>>()
  let client: pg.Client | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false

  const connect = async () => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true })
    client = next
    next.on('notification', ({ payload }) => {
      for (const listener of listeners.get(payload ?? '') ?? []) listener()
    })
    const lost = (error?: Error) => {
      if (closed || client !== next) return
      client = null
      if (error !== undefined) onError(error)
      next.end().catch(() => undefined)
      retry = setTimeout(start, RECONNECT_MS)
    }
    next.on('error', lost)
    next.on('end', () => lost())
    try {
      await next.connect()
      await next.query(`listen ${CHANNEL}`)
      for (const set of listeners.values()) for (const listener of set) listener()
    } catch (error) {
      lost(error as Error)
    }
  }
  const start = () => void connect()
  start()

  return {
    subscribe: (id, listener) => {
      const set = listeners.get(id) ?? new Set()
      listeners.set(id, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(id)
      }
    },
    close: async () => {
      closed = true
      if (retry !== null) clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}
