import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import type { EventType } from '../../src/domain/event.ts'
import { type Answer, type ReceivedRequest, type Receiver, startReceiver } from '../harness/receiver.ts'
import { startTestChain } from '../harness/testChain.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { type ChainPayer, openPayer, type Payment } from './chainPayer.ts'
import { FAULTS_ROUNDS } from './faultsRounds.ts'
import { askForSession, callApi, depositOf, type FaultWorld, openFaultWorld, type SessionView } from './faultWorld.ts'
import { findViolations } from './findViolations.ts'
import type { FaultPoint, Kind, Place } from './killPoints.ts'
import { endServers, type PreparedServer, prepareServer, type ServerProcess, startServer } from './serverProcess.ts'

/**
 * What a customer ordered: `answer` is the first that arrived, `parts` what is paid for it (none: it stays unpaid), `paidIn`
 * the number of the block that holds the payment.
 */
type Order = { key: string; amount8: bigint; parts: number; answer: string | null; paidIn: number | null }

type Endpoint = { id: string; path: string; secret: string; events: (EventType | '*')[] }

const RAW_TO_8 = 100n
/** Each test has its own time limit, which a machine that is busy with other things must not reach. */
const ROUNDS_OF_A_TEST = 16
const ENDED = { timeoutMs: 60_000 }
const SETTLED = { timeoutMs: 90_000 }

const seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31))
const random = pseudoRandom(seed)
const orders: Order[] = []
const endpoints: Endpoint[] = []
/** The webhooks that were refused once. */
const refused = new Set<string>()
const badlySigned: string[] = []
const ends: (() => Promise<void>)[] = []
/** How many answers were lost on their way and given again. */
let lostAnswers = 0
let world: FaultWorld
let payer: ChainPayer
let receiver: Receiver
/** The server of the next round, which has loaded the program already. */
let next: PreparedServer

before(async () => {
  const chain = await startTestChain()
  ends.push(chain.stop)
  const database = await createTestDatabase()
  ends.push(database.drop)
  world = await openFaultWorld(database.url, chain.rpcUrl)
  ends.push(world.close)
  payer = await openPayer(chain.rpcUrl)
  receiver = await startReceiver()
  ends.push(receiver.stop)
  receiver.answerAll(takeWebhook)
  // What a worker tells before there is an endpoint goes nowhere.
  const first = await startServer({ config: world.config, roles: { api: true, worker: false } })
  await addEndpoint(first, '/all', ['*'])
  await addEndpoint(first, '/paid', ['checkout_session.completed', 'payment_intent.succeeded'])
  await first.signal('SIGKILL')
  next = prepareServer({ config: world.config, point: points[0] ?? null })
})

after(async () => {
  await endServers()
  for (const end of ends.reverse()) await end()
})

/** `count`s at which a server dies at each of the places, for one row of the matrix. */
function pointsAt(places: readonly Place[], kinds: readonly Kind[], counts: readonly number[]): FaultPoint[] {
  return places.flatMap(place =>
    kinds.flatMap(kind => counts.map(count => ({ place, kind, count, signal: 'SIGKILL' as const }))),
  )
}

const COMMITS = ['commit-before', 'commit-sent', 'commit-answered'] as const

/** Where servers die, by the row of the matrix that it proves. */
const DEATHS: Record<string, FaultPoint[]> = {
  G1: pointsAt(['commit-sent', 'commit-answered'], ['session'], [1, 2, 3]),
  G2: pointsAt(['commit-before'], ['session'], [1, 2, 3]),
  G3: [
    ...pointsAt(COMMITS, ['block', 'transfer', 'event'], [1, 2, 3]),
    ...pointsAt(COMMITS, ['any'], [1 + random(20), 1 + random(20)]),
  ],
  G4: [
    ...pointsAt(COMMITS, ['attempt'], [1, 2, 3]),
    ...pointsAt(['webhook-sent', 'webhook-answered'], ['any'], [1, 2, 3, 5, 8]),
  ],
}

/** The points of all rounds, in an order that the seed decides: each point once, or as many of each row as `FAULTS_ROUNDS` says. */
function planRounds(): FaultPoint[] {
  const each = Object.values(DEATHS).flatMap(points =>
    FAULTS_ROUNDS === null
      ? points
      : Array.from({ length: FAULTS_ROUNDS }, () => points[random(points.length)] as FaultPoint),
  )
  return each
    .map(point => ({ point, at: random(2 ** 30) }))
    .sort((a, b) => a.at - b.at)
    .map(({ point }) => point)
}

const points = planRounds()

for (let first = 0; first < points.length; first += ROUNDS_OF_A_TEST) {
  const rounds = points.slice(first, first + ROUNDS_OF_A_TEST)
  const where = `${first + 1} to ${first + rounds.length} of ${points.length}`
  test(`G1, G2, G3, G4, B5.1: killed at points ${where} around commit and delivery, nothing is missed`, async t => {
    t.diagnostic(`FAULTS_SEED=${seed}`)
    for (const [index, point] of rounds.entries()) {
      const round = first + index
      const prepared = next
      next = prepareServer({ config: world.config, point: points[round + 1] ?? null })
      try {
        await runRound(round, prepared, point)
      } catch (cause) {
        throw new Error(`FAULTS_SEED=${seed}, round ${round}, ${JSON.stringify(point)}`, { cause })
      }
    }
  })
}

test('G1, G2, G3, G4, B5.1: after all of these deaths nothing is lost and nothing was done twice', async t => {
  assert.ok(FAULTS_ROUNDS !== null || points.length >= 50)
  const last = await next.start()
  await askAll(
    last,
    orders.filter(order => order.answer === null),
  )
  assert.ok(orders.every(order => order.answer !== null))
  await payOrders()
  await settle(last)
  await checkAnswers(last)
  await checkMoney()
  await checkWebhooks()
  assert.ok(lostAnswers > 0, 'some answers were lost between the commit and the customer')
  const deaths = points.filter(({ kind, place }) => kind === 'session' && place !== 'commit-before').length
  t.diagnostic(`${deaths} deaths between the commit of a session and its answer`)
  t.diagnostic(`${points.length} rounds, ${orders.length} sessions, ${lostAnswers} answers lost and given again`)
  t.diagnostic(`${receiver.requests.length} webhooks, ${new Set(receiver.requests.map(webhookId)).size} different`)
})

/** One life of a server: it takes up what the last one left, gets new orders, and dies at its point. */
async function runRound(round: number, prepared: PreparedServer, point: FaultPoint): Promise<void> {
  const told = receiver.requests.length
  const server = await prepared.start()
  const isOver = async () => !server.isRunning() || (await hasCaughtUp())
  // A watcher that reads many blocks in one go commits less often: it gets more work until it has died.
  for (let batch = 0; server.isRunning(); batch++) {
    assert.ok(batch < 20, 'the server dies at its point')
    addOrders(`round ${round} batch ${batch}`)
    await askAll(
      server,
      orders.filter(order => order.answer === null),
    )
    await payOrders()
    await waitUntil('the server dies, or has nothing left to do', isOver, ENDED).catch(cause => {
      throw new Error(server.log(), { cause })
    })
  }
  assert.equal(await server.exited, 'SIGKILL')
  assert.deepEqual(await server.reached, point)
  if (point.place.startsWith('webhook')) await receiver.waitForCount(told + point.count)
  assert.deepEqual(await findViolations(world), [])
  await checkNothingMissed()
}

/** What the database says was read and delivered was: each payment in a block that is read, each webhook that succeeded. */
async function checkNothingMissed(): Promise<void> {
  const [cursor] = await world.rows<{ number: string }>('select number from cursors')
  const read = Number(cursor?.number ?? 0)
  const found = await world.rows<{ key: string; raw: string }>(
    `select s.client_reference_id as key, sum(t.amount_raw) as raw
     from transfers t join checkout_sessions s on s.id = t.checkout_session_id where t.orphaned_at is null group by 1`,
  )
  const expected = orders.flatMap(({ key, amount8, paidIn }) =>
    paidIn !== null && paidIn <= read ? [`${key}: ${amount8 / RAW_TO_8}`] : [],
  )
  assert.deepEqual(found.map(({ key, raw }) => `${key}: ${raw}`).sort(), expected.sort())
  const received = new Set(receiver.requests.map(request => `${request.path} ${webhookId(request)}`))
  const succeeded = await world.rows<{ path: string; id: string }>(
    `select w.description as path, d.event_id as id from deliveries d join webhook_endpoints w on w.id = d.webhook_endpoint_id
     where d.status = 'succeeded'`,
  )
  assert.deepEqual(
    succeeded.map(({ path, id }) => `${path} ${id}`).filter(delivery => !received.has(delivery)),
    [],
  )
}

/** Five orders: one stays unpaid, one is paid in two transfers. */
function addOrders(name: string): void {
  for (const [index, parts] of [0, 2, 1, 1, 1].entries()) {
    const amount8 = BigInt(1 + random(1_000_000)) * RAW_TO_8 * 2n
    orders.push({ key: `${name} order ${index}`, amount8, parts, answer: null, paidIn: null })
  }
}

/** Whether all blocks are read and all webhooks made that are due. */
async function hasCaughtUp(): Promise<boolean> {
  const [found] = await world.rows<{ waiting: number }>(
    `select (select count(*) from deliveries where status = 'pending' and next_attempt_at <= now())::int
      + (select count(*) from cursors where number < $1)::int as waiting`,
    [await payer.height()],
  )
  return found?.waiting === 0
}

/** Asks for the sessions of these orders as an impatient customer does, twice at once, while the server lasts. */
async function askAll(server: ServerProcess, asked: readonly Order[]): Promise<void> {
  const ask = async (order: Order) => {
    const reply = await askForSession(world, server.url, order.key, order.amount8).catch(() => null)
    if (reply === null) return assert.ok(!server.isRunning() || (await server.reached), 'only the dead do not answer')
    if (reply.status === 409) return assert.match(reply.body, /"idempotency_key_in_use"/)
    assert.equal(reply.status, 200, reply.body)
    if (order.answer === null && reply.replayed) lostAnswers += 1
    order.answer ??= reply.body
    assert.equal(reply.body, order.answer)
  }
  await Promise.all(asked.flatMap(order => [ask(order), ask(order)]))
}

/** Pays what was answered: the first two in one block, the others in a block each; then what makes them final. */
async function payOrders(): Promise<void> {
  const due = orders.filter(order => order.answer !== null && order.paidIn === null && order.parts > 0)
  const [together, apart] = [due.slice(0, 2), due.slice(2)]
  for (const group of [together, ...apart.map(order => [order])]) {
    await payer.payTogether(group.flatMap(paymentsOf))
    const height = await payer.height()
    for (const order of group) order.paidIn = height
  }
  for (let block = 0; block < 3; block++) await payer.mine(1)
}

function paymentsOf({ amount8, parts, answer }: Order): Payment[] {
  const session: SessionView = JSON.parse(answer ?? '')
  const amountRaw = amount8 / RAW_TO_8 / BigInt(parts)
  return Array.from({ length: parts }, () => ({ to: depositOf(session), amountRaw }))
}

async function settle(server: ServerProcess): Promise<void> {
  const isSettled = async () => {
    assert.ok(server.isRunning(), server.log())
    const waiting = await world.rows("select from deliveries where status = 'pending' limit 1")
    return waiting.length === 0 && (await hasCaughtUp())
  }
  await waitUntil('all blocks are read and all webhooks delivered', isSettled, SETTLED)
  assert.deepEqual(await findViolations(world), [])
}

async function checkAnswers(server: ServerProcess): Promise<void> {
  const stored = new Map<string, string>()
  for (const row of await world.rows<{ key: string; response: string }>('select key, response from idempotency_keys')) {
    stored.set(row.key, row.response)
  }
  const sessions = await world.rows<{ id: string; client_reference_id: string }>(
    'select id, client_reference_id from checkout_sessions',
  )
  assert.equal(sessions.length, orders.length)
  const idOf = new Map(sessions.map(row => [row.client_reference_id, row.id]))
  for (const order of orders) {
    const again = await askForSession(world, server.url, order.key, order.amount8)
    assert.ok(again.status === 200 && again.replayed, again.body)
    assert.equal(again.body, order.answer)
    assert.equal(again.body, stored.get(order.key))
    assert.equal((JSON.parse(again.body) as SessionView).id, idOf.get(order.key))
  }
}

/** Each session has exactly what was sent to it, in its facts as in the ledger, and the events of its life, each once. */
async function checkMoney(): Promise<void> {
  const found = await world.rows<{
    key: string
    status: string
    intent: string
    received: string | null
    raw: string
    held: string
    types: string
  }>(
    `select s.client_reference_id as key, s.status, i.status as intent, i.amount_received as received,
      (select coalesce(sum(t.amount_raw), 0) from transfers t
       where t.checkout_session_id = s.id and t.orphaned_at is null and t.posted_at is not null) as raw,
      (select coalesce(sum(case when e.debit = 'deposits' then e.amount_raw else -e.amount_raw end), 0) from entries e
       where e.checkout_session_id = s.id and 'deposits' in (e.debit, e.credit)) as held,
      (select string_agg(e.type, ' ' order by e.object, e.sequence) from events e where e.object_id in (s.id, i.id)) as types
     from checkout_sessions s join payment_intents i on i.checkout_session_id = s.id`,
  )
  const rowOf = new Map(found.map(row => [row.key, row]))
  let [sent, received] = [0n, 0n]
  for (const { key, amount8, paidIn } of orders) {
    const isPaid = paidIn !== null
    const row = rowOf.get(key)
    assert.ok(row)
    const raw = isPaid ? amount8 / RAW_TO_8 : 0n
    assert.deepEqual(row, {
      key,
      status: isPaid ? 'complete' : 'open',
      intent: isPaid ? 'succeeded' : 'requires_payment_method',
      received: isPaid ? `${amount8}` : null,
      raw: `${raw}`,
      held: `${raw}`,
      types: isPaid
        ? 'checkout_session.processing checkout_session.completed payment_intent.processing payment_intent.succeeded'
        : null,
    })
    sent += raw
    received += BigInt(row.raw)
  }
  assert.equal(received, sent)
}

/** Every event reached every endpoint that asked for it, always with the same id and content, and signed. */
async function checkWebhooks(): Promise<void> {
  const events = await world.rows<{ id: string; type: EventType }>('select id, type from events')
  assert.ok(events.length >= orders.filter(order => order.paidIn !== null).length * 4)
  assert.deepEqual(badlySigned, [])
  for (const { path, events: enabled } of endpoints) {
    const bodies = new Map<string, string>()
    for (const request of receiver.requests.filter(request => request.path === path)) {
      const body = request.body.toString()
      assert.equal((JSON.parse(body) as { id: string }).id, webhookId(request))
      assert.equal(bodies.get(webhookId(request)) ?? body, body)
      bodies.set(webhookId(request), body)
    }
    const meant = events.filter(event => enabled.includes('*') || enabled.includes(event.type)).map(event => event.id)
    assert.deepEqual([...bodies.keys()].sort(), meant.sort())
  }
}

async function addEndpoint(server: ServerProcess, path: string, events: Endpoint['events']): Promise<void> {
  const body = { description: path, url: `${receiver.url}${path}`, enabledEvents: { events } }
  const reply = await callApi(world, server.url, { path: '/webhook-endpoints', body })
  assert.equal(reply.status, 200, reply.body)
  const { id, secret }: { id: string; secret: string } = JSON.parse(reply.body)
  endpoints.push({ id, path, secret, events })
}

/** Checks the signature, which is good for some minutes only, and refuses about one event in sixteen when it comes first. */
function takeWebhook(request: ReceivedRequest): Answer {
  const { path, body, headers } = request
  const secret = endpoints.find(endpoint => endpoint.path === path)?.secret ?? ''
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
  } catch (error) {
    badlySigned.push(`${path} ${webhookId(request)}: ${error}`)
  }
  const id = webhookId(request) + path
  if (refused.has(id) || !webhookId(request).endsWith('0')) return {}
  // Attempts that failed are recorded too.
  refused.add(id)
  return { status: 500 }
}

function webhookId({ headers }: ReceivedRequest): string {
  return String(headers['webhook-id'])
}

/** Whole numbers from 0 up to but not including `below` (at most 2^31), the same for the same seed (Park and Miller, 1988). */
function pseudoRandom(start: number): (below: number) => number {
  let state = (start % 2_147_483_646) + 1
  return below => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
