import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { type Postgres, startPostgres } from '../../src/dev/embeddedPostgres.ts'
import { isRunning, readPid } from '../../src/dev/process.ts'
import { descendants } from '../harness/processTree.ts'
import { type Receiver, startReceiver } from '../harness/receiver.ts'
import { startTestChain } from '../harness/testChain.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { type ChainPayer, openPayer } from './chainPayer.ts'
import { FAULTS_ROUNDS } from './faultsRounds.ts'
import {
  askForSession,
  callApi,
  createSession,
  depositOf,
  type FaultWorld,
  getSession,
  openFaultWorld,
  type SessionView,
} from './faultWorld.ts'
import { findViolations } from './findViolations.ts'
import { endServers, type ServerProcess, startServer } from './serverProcess.ts'

const ROUNDS = FAULTS_ROUNDS ?? 5
const CLIENTS = 4
const DUE_8 = 7_00000000n
const DUE_RAW = 7_000000n
const RECOVERED = { timeoutMs: 60_000 }

const ends: (() => Promise<void> | void)[] = []
const folder = openTemporaryFolder()
const dataDir = join(folder.path, 'postgres')
let postgres: Postgres
let world: FaultWorld
let payer: ChainPayer
let receiver: Receiver
let server: ServerProcess

before(async () => {
  postgres = await startPostgres({ dataDir, durable: true })
  ends.push(
    () => folder.close(),
    () => postgres.stop(),
  )
  const chain = await startTestChain()
  ends.push(chain.stop)
  payer = await openPayer(chain.rpcUrl)
  receiver = await startReceiver()
  ends.push(receiver.stop)
  world = await openFaultWorld(postgres.url, chain.rpcUrl)
  ends.push(world.close)
  server = await startServer({ config: world.config })
})

after(async () => {
  await endServers()
  for (const end of ends.reverse()) await end()
})

/** Kills every process of the database at once, as a power cut would. */
async function killPostgres(): Promise<void> {
  const postmaster = readPid(join(dataDir, 'pg', 'postmaster.pid'))
  assert.ok(postmaster !== null)
  const all = [postmaster, ...descendants(postmaster)]
  assert.ok(all.length > 5, 'PostgreSQL with its processes')
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It went with the postmaster.
    }
  }
  await waitUntil('the database is dead', () => !all.some(isRunning))
  await postgres.exited
}

/** Customers who order one after the other, each asking again until there is an answer; what was acknowledged is kept. */
function startOrders(name: string) {
  const acknowledged = new Map<string, string>()
  const refusals: string[] = []
  let isOpen = true
  const order = async (key: string) => {
    for (;;) {
      const reply = await askForSession(world, server.url, key, DUE_8)
      if (reply.status === 200) return acknowledged.set(key, reply.body)
      assert.equal(reply.status, 503, reply.body)
      assert.match(reply.body, /"database_unavailable"/)
      assert.match(reply.retryAfter ?? '', /^[1-9]\d*$/)
      refusals.push(key)
    }
  }
  const client = async (number: number) => {
    for (let count = 0; isOpen; count++) await order(`${name} client ${number} order ${count}`)
  }
  const done = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
  // A client that fails is seen at the end, and must not end the process before.
  done.catch(() => undefined)
  return {
    acknowledged,
    refusals,
    close: async () => {
      isOpen = false
      await done
    },
  }
}

/** The states that the payer's page is told of, as they come. */
async function openStream(session: SessionView): Promise<{ states: string[]; close: () => void }> {
  const closing = new AbortController()
  const url = `${server.url}/api/v1/payment-pages/for-checkout-session/${session.id}/events`
  const response = await fetch(url, { signal: closing.signal })
  assert.equal(response.status, 200)
  const states: string[] = []
  const read = async () => {
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      for (const [, state] of text.matchAll(/"paymentStatus":"(\w+)"[^\n]*\n/g)) states.push(state ?? '')
      text = text.slice(text.lastIndexOf('\n') + 1)
    }
  }
  read().catch(() => states.push('cut'))
  await waitUntil('the stream tells the state', () => states.length > 0)
  return { states, close: () => closing.abort() }
}

async function payWhole(session: SessionView): Promise<void> {
  await payer.pay({ to: depositOf(session), amountRaw: DUE_RAW })
  await payer.mine(2)
}

async function becomesPaid({ id }: SessionView): Promise<void> {
  const isPaid = async () => (await getSession(world, server.url, id)).status === 'complete'
  await waitUntil(`session ${id} is paid`, isPaid, RECOVERED)
  await receiver.waitFor(request => request.body.includes(`"id":"${id}"`), RECOVERED)
}

test('G5: the database is killed again and again: what was acknowledged stays, and everything comes back by itself', async t => {
  const settings = await world.rows<{ setting: string }>(
    "select setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')",
  )
  assert.deepEqual(
    settings.map(row => row.setting),
    ['on', 'on', 'on'],
  )
  const body = { description: 'x', url: receiver.url, enabledEvents: { events: ['checkout_session.completed'] } }
  assert.equal((await callApi(world, server.url, { path: '/webhook-endpoints', body })).status, 200)

  const acknowledged = new Map<string, string>()
  for (let round = 0; round < ROUNDS; round++) {
    const meanwhile = await createSession(world, server.url, `round ${round} meanwhile`, DUE_8)
    const afterwards = await createSession(world, server.url, `round ${round} afterwards`, DUE_8)
    const stream = await openStream(afterwards)
    const orders = startOrders(`round ${round}`)
    await waitUntil('orders come in', () => orders.acknowledged.size >= 20)
    await killPostgres()
    await waitUntil('each is told that the database is away', () => orders.refusals.length >= 2 * CLIENTS)
    await payWhole(meanwhile)
    const before = orders.acknowledged.size
    postgres = await startPostgres({ dataDir, durable: true, port: postgres.port })
    const backAt = performance.now()
    assert.deepEqual(await findViolations(world), [])
    await waitUntil('orders come in again', () => orders.acknowledged.size >= before + 20, RECOVERED)
    t.diagnostic(
      `round ${round}: ${orders.acknowledged.size} sessions, ${orders.refusals.length} refusals, back in ${Math.round(performance.now() - backAt)} ms`,
    )
    await orders.close()
    for (const [key, answer] of orders.acknowledged) acknowledged.set(key, answer)
    await becomesPaid(meanwhile)
    await payWhole(afterwards)
    await becomesPaid(afterwards)
    await waitUntil('the payer is told', () => stream.states.includes('paid'))
    stream.close()
    assert.ok(server.isRunning())
    assert.deepEqual(await findViolations(world), [])
  }

  for (const [key, answer] of acknowledged) {
    const again = await askForSession(world, server.url, key, DUE_8)
    assert.deepEqual(
      { status: again.status, body: again.body, replayed: again.replayed },
      { status: 200, body: answer, replayed: true },
    )
  }
  const [count] = await world.rows<{ count: string }>('select count(*) from checkout_sessions')
  assert.equal(Number(count?.count), acknowledged.size + 2 * ROUNDS)
})
