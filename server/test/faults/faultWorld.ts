import { randomBytes } from 'node:crypto'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import pg from 'pg'
import { makeSeed, seedOrganization } from '../../src/dev/seed.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { syncChains } from '../../src/store/chains.ts'
import { asWorker, openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { testChainConfig } from '../harness/fixtures.ts'

/** What outlives the servers under test: a database with a merchant, and the terms on which they serve the chain. */
export type FaultWorld = {
  /** What every server is started with. */
  config: { databaseUrl: string; secretKey: Uint8Array; chains: ChainConfig[] }
  apiKey: string
  organizationId: string
  /** Reads the database as its owner: the rows of one statement. */
  rows: <Row extends object>(statement: string, values?: readonly unknown[]) => Promise<Row[]>
  close: () => Promise<void>
}

/** An answer of the API; `body` is its JSON text. */
export type Reply = { status: number; body: string; replayed: boolean; retryAfter: string | null }

/** What a test reads of a checkout session. */
export type SessionView = {
  id: string
  status: string
  clientReferenceId: string | null
  exceptions: string[]
  addresses: { paymentAddress: Hex; amountReceivedRaw: string }[]
  paymentIntent: { id: string; status: string; amountReceived: string | null; transactions: unknown[] }
}

/** Prepares the database at `databaseUrl` for servers that watch the chain at `rpcUrl`, which completes at three confirmations. */
export async function openFaultWorld(databaseUrl: string, rpcUrl: string): Promise<FaultWorld> {
  await migrate(databaseUrl)
  const chain = testChainConfig({ rpcUrl, pollMs: 50, confirmations: 3, tokens: { usdc: testUsdcAddress } })
  const seed = makeSeed()
  const db = openDatabase(databaseUrl, { maxConnections: 2, onError: () => undefined })
  try {
    await asWorker(db, tx => syncChains(tx, new Map([[chain.chain.id, chain]])))
    await seedOrganization(db, seed, chain.chain.id)
  } finally {
    await db.close()
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  pool.on('error', () => undefined)
  return {
    config: { databaseUrl, secretKey: randomBytes(32), chains: [chain] },
    apiKey: seed.apiKey,
    organizationId: seed.organizationId,
    rows: async <Row extends object>(statement: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(statement, [...values])).rows,
    close: () => pool.end(),
  }
}

/** Calls the API at `url`; rejects when no whole answer arrives. */
export async function callApi(
  world: FaultWorld,
  url: string,
  request: { method?: 'GET' | 'POST'; path: string; body?: object; key?: string },
): Promise<Reply> {
  const { method = 'POST', path, body, key } = request
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${world.apiKey}`,
      connection: 'close',
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  })
  return {
    status: response.status,
    body: await response.text(),
    replayed: response.headers.get('idempotent-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
  }
}

/** Asks for a session of `amount8` USDC (8 decimals) under `key`, which is also its reference. */
export async function askForSession(world: FaultWorld, url: string, key: string, amount8: bigint): Promise<Reply> {
  const price = { currency: 'usdc', unitAmount: amount8.toString(), productData: { name: `Order ${key}` } }
  const body = {
    successUrl: 'https://shop.example/thanks',
    clientReferenceId: key,
    lineItems: { data: [{ quantity: 1, priceData: price }] },
  }
  return await callApi(world, url, { path: '/checkout/sessions', body, key })
}

/** A new session of `amount8` USDC; throws unless it was made. */
export async function createSession(
  world: FaultWorld,
  url: string,
  key: string,
  amount8: bigint,
): Promise<SessionView> {
  const { status, body } = await askForSession(world, url, key, amount8)
  invariant(status === 200, `a session is made: ${body}`)
  return JSON.parse(body)
}

/** The session as the API tells it. */
export async function getSession(world: FaultWorld, url: string, id: string): Promise<SessionView> {
  const { status, body } = await callApi(world, url, { method: 'GET', path: `/checkout/sessions/${id}` })
  invariant(status === 200, `a session is told: ${body}`)
  return JSON.parse(body)
}

/** Where the session is paid in USDC. */
export function depositOf(session: SessionView): Hex {
  const [row] = session.addresses
  invariant(row, 'a session has an address')
  return row.paymentAddress
}

/** The types of an object's events, oldest first; throws when its sequence has a gap. */
export async function eventsOf(world: FaultWorld, objectId: string): Promise<string[]> {
  const found = await world.rows<{ type: string; sequence: number }>(
    'select type, sequence from events where object_id = $1 order by sequence',
    [objectId],
  )
  for (const [index, row] of found.entries()) invariant(row.sequence === index + 1, 'sequences have no gap')
  return found.map(row => row.type)
}
