import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createCheckoutSession } from '../../src/actions/createCheckoutSession.ts'
import { checkoutSessionView } from '../../src/domain/checkoutSessionView.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { newSessionSchema } from '../../src/http/newSession.ts'
import { INSERT_SESSION, INSERT_SESSION_ONCE, sessionParameters } from '../../src/store/createCheckoutSession.ts'
import { sessionOptions } from '../../src/store/database.ts'
import { joinWrites } from '../../src/store/joinWrites.ts'
import { openBenchContext } from './benchContext.ts'
import { serveLoad } from './loadProcess.ts'

/** What the process that inserts sessions without the server is given. */
export type InsertLoadOptions = { databaseUrl: string; apiKey: string; body: string }

const { databaseUrl, apiKey, body } = JSON.parse(process.argv[2] ?? '') as InsertLoadOptions
const { ctx, caller } = await openBenchContext(databaseUrl, apiKey)
const asked = newSessionSchema('test').parse(JSON.parse(body))
const clients: pg.Client[] = []
let statement = { name: '', text: '' }
let parameters: string[][] = []

serveLoad({
  prepare: async ({ requests, connections, isOnce }) => {
    while (clients.length < connections) clients.push(await connect())
    statement = isOnce ? { name: 'insert_once', text: INSERT_SESSION_ONCE } : { name: 'insert', text: INSERT_SESSION }
    parameters = []
    while (parameters.length < requests) parameters.push(await makeParameters(isOnce))
  },
  send: async (connection, number) => {
    const client = clients[connection]
    const values = parameters[number]
    invariant(client && values, 'a round was prepared')
    // The statements that the server sends, in the one round trip that it sends them in.
    const [, , { rowCount }] = await Promise.all([
      client.query('begin'),
      client.query({
        name: 'set_organization',
        text: "select set_config('app.organization_id', $1, true)",
        values: [caller.organizationId],
      }),
      client.query({ ...statement, values }),
      client.query('commit'),
    ])
    invariant(rowCount === 1, 'a session was inserted')
  },
})

async function connect(): Promise<pg.Client> {
  const config: pg.ClientConfig & { pipeline: boolean } = {
    connectionString: databaseUrl,
    pipeline: true,
    options: sessionOptions('bitstream_app'),
  }
  const client = new pg.Client(config)
  await client.connect()
  joinWrites(client)
  return client
}

class Planned extends Error {
  readonly session: CheckoutSession

  constructor(session: CheckoutSession) {
    super('planned')
    this.session = session
  }
}

async function makeParameters(isOnce: boolean): Promise<string[]> {
  const session = await plan()
  const values = sessionParameters(session, caller.settingsVersion)
  if (!isOnce) return values
  const key = randomBytes(16).toString('hex')
  const world = { payUrl: ctx.config.publicUrl ?? '', isTest: true, chains: ctx.known.chains, heads: new Map() }
  const claim = {
    organization_id: caller.organizationId,
    key,
    created_at: session.createdAt,
    request_hash: `\\x${randomBytes(32).toString('hex')}`,
    response: JSON.stringify(checkoutSessionView(session, world)),
  }
  return [...values, key, JSON.stringify([claim])]
}

/** A session as the server makes it, up to the moment before it is written. */
async function plan(): Promise<CheckoutSession> {
  const reload = () => Promise.resolve(caller)
  const stop = (session: CheckoutSession) => {
    throw new Planned(session)
  }
  try {
    await createCheckoutSession(ctx, caller, asked, null, stop, reload)
  } catch (error) {
    if (error instanceof Planned) return error.session
    throw error
  }
  throw new Error('a session was written that was only to be planned')
}
