import pg from 'pg'
import { invariant } from '../../src/domain/errors.ts'
import { createApp } from '../../src/http/app.ts'
import { sessionOptions } from '../../src/store/database.ts'
import { joinWrites } from '../../src/store/joinWrites.ts'
import { type Sent, statementsOf } from '../lists/planWork.ts'
import { openBenchContext } from './benchContext.ts'
import { serveLoad } from './loadProcess.ts'

/** What the process that reads without the server is given. */
export type QueryLoadOptions = { databaseUrl: string; apiKey: string; paths: string[] }

const { databaseUrl, apiKey, paths } = JSON.parse(process.argv[2] ?? '') as QueryLoadOptions
const { ctx, caller } = await openBenchContext(databaseUrl, apiKey)
const app = createApp(ctx)
const clients: pg.Client[] = []
let asked: Sent[][] = []

serveLoad({
  prepare: async ({ connections }) => {
    while (clients.length < connections) clients.push(await connect())
    if (asked.length === 0) asked = await statementsOfAll()
  },
  // The statements that the server sends, each when the one before was answered.
  send: async (connection, number) => {
    const client = clients[connection]
    const statements = asked[number % asked.length]
    invariant(client && statements, 'a round was prepared')
    await Promise.all([
      client.query('begin isolation level repeatable read'),
      client.query("select set_config('app.organization_id', $1, true)", [caller.organizationId]),
    ])
    for (const { text, values } of statements) await client.query(text, values)
    await client.query('commit')
  },
})

async function statementsOfAll(): Promise<Sent[][]> {
  const all: Sent[][] = []
  for (const path of paths) {
    const ask = async () => {
      const { status } = await app.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${apiKey}` } })
      invariant(status === 200, `GET ${path} is answered with ${status}`)
    }
    all.push(await statementsOf(ask))
  }
  return all
}

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
