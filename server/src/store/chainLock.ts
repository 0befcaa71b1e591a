import pg from 'pg'

/** What one process at a time does about a chain: watch it, or send the sweeps of it. */
export type ChainWork = 'chain' | 'sweeps'

/** The right to do one work about a chain, held by a connection of its own. */
export type ChainLock = {
  /** Aborted when the connection ends, and the right with it. */
  lost: AbortSignal
  release(): Promise<void>
}

const BEAT_MS = 3_000
const SILENCE_MAX_MS = 10_000

/**
 * Takes the lock for `work` on `chainId` in the database at `ownerUrl`, or null when another process holds it. It is lost after
 * 10 seconds of silence: the database ends the connection of a process that stands still, or whose host vanished.
 */
export async function lockChain(
  ownerUrl: string,
  chainId: number,
  work: ChainWork = 'chain',
): Promise<ChainLock | null> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: SILENCE_MAX_MS,
    keepAlive: true,
    options: `-c idle_session_timeout=${SILENCE_MAX_MS}`,
  })
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('end', () => lost.abort())
  try {
    await client.connect()
    const { rows } = await client.query<{ got: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
      [`${work} ${chainId}`],
    )
    if (rows[0]?.got === true) return { lost: lost.signal, release: beat(client, () => lost.abort()) }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  await client.end()
  return null
}

/** Shows the database that this process lives; returns what ends that, and the connection. */
function beat(client: pg.Client, onLost: () => void): () => Promise<void> {
  const timer = setInterval(() => client.query('select').catch(onLost), BEAT_MS)
  return async () => {
    clearInterval(timer)
    await client.end()
  }
}
