import pg from 'pg'

/** Something of an organization has changed: an object by its name in snake_case; a null id is several of the kind. */
export type Change = { object: string; id: string | null }

/** Tells whoever asked what has changed, wherever in the deployment it was changed. */
export type LiveSessions = {
  /** Calls `listener` after each committed change of session `id`; returns what ends that. */
  subscribe: (id: string, listener: () => void) => () => void
  /**
   * Calls `listener` with what each committed transaction tells of, for organization `id`; with null when some may have been missed.
   * Returns what ends that.
   */
  subscribeToChanges: (id: string, listener: (changes: Change[] | null) => void) => () => void
  close: () => Promise<void>
}

const RECONNECT_MS = 1_000

/**
 * Listens on a connection of its own, which is made anew when it is lost. What was missed meanwhile is not repeated: each
 * listener is called once after a reconnection, and reads the truth itself.
 */
export function listenToSessions(url: string, onError: (error: Error) => void): LiveSessions {
  const sessions = new Map<string, Set<() => void>>()
  const organizations = new Map<string, Set<(changes: Change[] | null) => void>>()
  let client: pg.Client | null = null
  let retry: NodeJS.Timeout | null = null
  let closed = false

  const connect = async () => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true })
    client = next
    next.on('notification', ({ channel, payload = '' }) => {
      if (channel === 'checkout_session') for (const listener of sessions.get(payload) ?? []) listener()
      else tellChanges(organizations, payload)
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
      await next.query('listen checkout_session; listen changes')
      for (const set of sessions.values()) for (const listener of set) listener()
      for (const set of organizations.values()) for (const listener of set) listener(null)
    } catch (error) {
      lost(error as Error)
    }
  }
  const start = () => void connect()
  start()

  return {
    subscribe: (id, listener) => add(sessions, id, listener),
    subscribeToChanges: (id, listener) => add(organizations, id, listener),
    close: async () => {
      closed = true
      if (retry !== null) clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}

function add<L>(listeners: Map<string, Set<L>>, id: string, listener: L): () => void {
  const set = listeners.get(id) ?? new Set()
  listeners.set(id, set.add(listener))
  return () => {
    set.delete(listener)
    if (set.size === 0) listeners.delete(id)
  }
}

/**
 * Reads what `appendEvents` and the triggers `tell_change` say: the organization, or `*` for all, then kinds of objects, each with
 * its id where it is a single one.
 */
function tellChanges(
  organizations: ReadonlyMap<string, ReadonlySet<(changes: Change[]) => void>>,
  payload: string,
): void {
  const [organizationId = '', ...objects] = payload.split(' ')
  const sets = organizationId === '*' ? [...organizations.values()] : [organizations.get(organizationId) ?? []]
  const changes = objects.map(text => {
    const [object = '', id = ''] = text.split(':')
    return { object: object.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`), id: id === '' ? null : id }
  })
  for (const set of sets) for (const listener of set) listener(changes)
}
