import pg from 'pg'

/** The right to lead a chain, held by a connection of its own. */
export type ChainLock = {
  /** Aborted when the connection ends, and the right with it. */
  lost: AbortSignal
  release(): Promise<void>
}

/** Takes the lock of `chainId` in the database at `ownerUrl`, or null when another process holds it. */
export async function lockChain(ownerUrl: string, chainId: number): Promise<ChainLock | null> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000, keepAlive: true })
  const lost = new AbortController()
  client.on('error', () => lost.abort())
  client.on('end', () => lost.abort())
  try {
    await client.connect()
    const { rows } = await client.query<{ got: boolean }>(
      "select pg_try_advisory_lock(hashtextextended('chain ' || $1, 0)) as got",
      [chainId],
    )
    if (rows[0]?.got === true) return { lost: lost.signal, release: () => client.end() }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  await client.end()
  return null
}
