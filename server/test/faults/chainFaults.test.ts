import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, type TestContext as T, test } from 'node:test'
import { openTemporaryFolder } from '../../src/dev/dataFolder.ts'
import { type LocalChain, startLocalChain } from '../../src/dev/localChain.ts'
import { isRunning, readPid } from '../../src/dev/process.ts'
import { startReceiver } from '../harness/receiver.ts'
import { createTestDatabase } from '../harness/testDatabase.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { type ChainPayer, openPayer } from './chainPayer.ts'
import { FAULTS_ROUNDS } from './faultsRounds.ts'
import {
  callApi,
  createSession,
  depositOf,
  eventsOf,
  type FaultWorld,
  getSession,
  openFaultWorld,
  type SessionView,
} from './faultWorld.ts'
import { findViolations } from './findViolations.ts'
import type { Place } from './killPoints.ts'
import { endServers, type ServerOptions, type ServerProcess, startServer } from './serverProcess.ts'
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts'

/** A chain with its payer, and a database; servers come and go. */
type Scene = {
  world: FaultWorld
  payer: ChainPayer
  proxy: TcpProxy
  /** Starts a server that lives until the test ends it, or ends. */
  serve: (options?: Partial<ServerOptions>) => Promise<ServerProcess>
  /** Kills the chain's process, and starts it anew from what `saveChain` saved last. */
  saveChain: () => Promise<void>
  setChainBack: () => Promise<void>
}

const DUE_8 = 100_00000000n
const DUE_RAW = 100_000000n
const SLOW = { timeoutMs: 60_000 }

after(endServers)

async function openScene(t: T): Promise<Scene> {
  const ends: (() => Promise<void> | void)[] = []
  t.after(async () => {
    await Promise.all(servers.map(server => server.signal('SIGKILL')))
    for (const end of ends.reverse()) await end()
  })
  const servers: ServerProcess[] = []
  const folder = openTemporaryFolder()
  ends.push(folder.close)
  const dataDir = join(folder.path, 'chain')
  const [state, saved] = [join(dataDir, 'state.json'), join(folder.path, 'saved.json')]
  let chain: LocalChain = await startLocalChain({ dataDir, chainId: 80001 })
  ends.push(() => chain.stop())
  const port = Number(new URL(chain.rpcUrl).port)
  const restart = async () => {
    chain = await startLocalChain({ dataDir, chainId: 80001, port })
    await payer.call('evm_setAutomine', false)
  }
  const payer = await openPayer(chain.rpcUrl)
  const proxy = await startTcpProxy(chain.rpcUrl)
  ends.push(proxy.stop)
  const database = await createTestDatabase()
  ends.push(database.drop)
  const world = await openFaultWorld(database.url, proxy.url)
  ends.push(world.close)
  return {
    world,
    proxy,
    payer,
    serve: async (options = {}) => {
      const server = await startServer({ config: world.config, ...options })
      servers.push(server)
      return server
    },
    saveChain: async () => {
      await chain.stop()
      copyFileSync(state, saved)
      await restart()
    },
    setChainBack: async () => {
      const pid = readPid(join(dataDir, 'pid'))
      assert.ok(pid !== null)
      process.kill(pid, 'SIGKILL')
      await waitUntil('the chain is dead', () => !isRunning(pid))
      await chain.exited
      copyFileSync(saved, state)
      await restart()
    },
  }
}

type Expected = { status: string; intent: string; exceptions?: string[]; received?: bigint | null }

const COMPLETE: Expected = { status: 'complete', intent: 'succeeded', received: DUE_8 }
const PROCESSING: Expected = { status: 'open', intent: 'processing', received: DUE_8 }
/** Another transaction of the payer, with the nonce of the lost one, is final. */
const REPLACED: Expected = {
  status: 'open',
  intent: 'requires_payment_method',
  exceptions: ['replaced'],
  received: null,
}
const LOST: Expected = { status: 'open', intent: 'requires_payment_method', exceptions: ['reorged'], received: null }

/** Waits until the chain is read to its head and the session is as expected, and checks what must always hold. */
async function becomes(scene: Scene, server: ServerProcess, id: string, expected: Expected): Promise<SessionView> {
  const { status, intent, exceptions = [], received = null } = expected
  const target = { status, intent, exceptions, received: received === null ? null : `${received}` }
  let seen: object = {}
  let session: SessionView | null = null
  const isThere = async () => {
    session = await getSession(scene.world, server.url, id)
    const { paymentIntent } = session
    seen = {
      status: session.status,
      intent: paymentIntent.status,
      exceptions: session.exceptions,
      received: paymentIntent.amountReceived,
    }
    return JSON.stringify(seen) === JSON.stringify(target) && (await isAtHead(scene))
  }
  await waitUntil(`session ${id} is as expected`, isThere, SLOW).catch(() => {
    assert.deepEqual(seen, target, server.log())
    assert.fail(`the chain is not read to its head: ${server.log()}`)
  })
  assert.deepEqual(await findViolations(scene.world), [])
  assert.ok(session)
  return session
}

async function isAtHead({ world, payer }: Scene): Promise<boolean> {
  const { hash } = (await payer.call('eth_getBlockByNumber', 'latest', false)) as { hash: string }
  const rows = await world.rows<{ hash: string }>(`select '0x' || encode(hash, 'hex') as hash from cursors`)
  return rows[0]?.hash === hash
}

/** What is credited to a session: its live transfers, in base units. */
async function credits({ world }: Scene, id: string): Promise<string[]> {
  const rows = await world.rows<{ amount_raw: string }>(
    'select amount_raw from transfers where checkout_session_id = $1 and orphaned_at is null',
    [id],
  )
  return rows.map(row => row.amount_raw)
}

async function fenceOf({ world }: Scene): Promise<number> {
  const rows = await world.rows<{ fence: string }>('select fence from cursors')
  return Number(rows[0]?.fence)
}

async function newSession({ world }: Scene, server: ServerProcess, key: string): Promise<SessionView> {
  return await createSession(world, server.url, key, DUE_8)
}

const whole = (session: SessionView) => ({ to: depositOf(session), amountRaw: DUE_RAW })

/** A leader stands still at `place` while it writes a block, is replaced, goes on, and `learns` it by what it logs. */
async function standStill(scene: Scene, round: number, place: Place, learns: RegExp): Promise<void> {
  const { payer } = scene
  const fence = round === 0 ? 0 : await fenceOf(scene)
  // The first one of all reads what there is before it is paid.
  const count = round === 0 ? 4 : 1
  const stopped = await scene.serve({ point: { place, kind: 'block', count, signal: 'SIGSTOP' } })
  await waitUntil('the chain is led', async () => (await fenceOf(scene)) === fence + 1)
  const standby = await scene.serve()
  const session = await newSession(scene, standby, `fenced ${round}`)
  await payer.pay(whole(session))
  await payer.mine(4)
  await stopped.reached
  await becomes(scene, standby, session.id, COMPLETE)
  assert.equal(await fenceOf(scene), fence + 2)
  await stopped.signal('SIGCONT')
  await waitUntil('the old leader learns it', () => learns.test(stopped.log()), SLOW)
  await becomes(scene, stopped, session.id, COMPLETE)
  assert.deepEqual(await credits(scene, session.id), [`${DUE_RAW}`])
  const types = ['checkout_session.processing', 'checkout_session.completed']
  assert.deepEqual(await eventsOf(scene.world, session.id), types)
  await standby.signal('SIGKILL')
  const later = await newSession(scene, stopped, `later ${round}`)
  await payer.pay(whole(later))
  await payer.mine(2)
  await becomes(scene, stopped, later.id, COMPLETE)
  assert.equal(await fenceOf(scene), fence + 3)
  await stopped.signal('SIGKILL')
}

// Most of these wait for time-outs most of the time.
describe('chains, nodes and watchers that fail', { concurrency: 4 }, () => {
  test('F113: a node that drops, hangs or talks nonsense does no harm, and all heals by itself', async t => {
    const scene = await openScene(t)
    const { payer, proxy } = scene
    const server = await scene.serve()
    for (const mode of ['drop', 'garbage', 'hang'] as const) {
      await waitUntil('the chain is read', () => isAtHead(scene), SLOW)
      proxy.setMode(mode)
      const session = await newSession(scene, server, mode)
      const txHash = await payer.pay(whole(session))
      await payer.mine(2)
      // Long enough for every kind of nonsense.
      await waitUntil(`the watcher meets ${mode}`, () => proxy.met() >= (mode === 'garbage' ? 16 : 1), SLOW)
      await payer.reorg(3, [{ txHash, block: 1 }])
      await payer.mine(2)
      assert.deepEqual(await findViolations(scene.world), [])
      proxy.setMode('pass')
      await becomes(scene, server, session.id, COMPLETE)
      assert.deepEqual(await credits(scene, session.id), [`${DUE_RAW}`])
    }
  })

  test('G47, B5.6: one watches, and another takes over when it is killed', async t => {
    const scene = await openScene(t)
    const { payer } = scene
    let leader = await scene.serve()
    await waitUntil('the chain is read', () => isAtHead(scene))
    for (const round of [1, 2, 3]) {
      const fence = await fenceOf(scene)
      const standby = await scene.serve()
      const first = await newSession(scene, standby, `first ${round}`)
      await payer.pay(whole(first))
      await payer.mine(2)
      await becomes(scene, standby, first.id, COMPLETE)
      assert.equal(await fenceOf(scene), fence)
      await leader.signal('SIGKILL')
      const second = await newSession(scene, standby, `second ${round}`)
      await payer.pay(whole(second))
      await payer.mine(2)
      await becomes(scene, standby, second.id, COMPLETE)
      assert.equal(await fenceOf(scene), fence + 1)
      leader = standby
    }
  })

  for (const [where, place, learns] of [
    ['before it writes a block', 'move-before', /Another process leads this chain now/],
    ['before it commits a block', 'commit-before', /Watching this chain failed/],
  ] as const) {
    test(`G46, B5.6: one that stands still ${where} is replaced, and can write nothing when it goes on`, async t => {
      const scene = await openScene(t)
      for (let round = 0; round < (FAULTS_ROUNDS ?? 1); round++) await standStill(scene, round, place, learns)
    })
  }

  test('G4: the webhooks of one that stands still are sent by another', async t => {
    const scene = await openScene(t)
    const { world, payer } = scene
    const receiver = await startReceiver()
    t.after(receiver.stop)
    receiver.answerNext({ kind: 'hang' })
    const stopped = await scene.serve({ point: { place: 'webhook-sent', kind: 'any', count: 1, signal: 'SIGSTOP' } })
    const body = { description: 'x', url: receiver.url, enabledEvents: { events: ['checkout_session.processing'] } }
    assert.equal((await callApi(world, stopped.url, { path: '/webhook-endpoints', body })).status, 200)
    const session = await newSession(scene, stopped, 'told')
    await payer.pay(whole(session))
    await stopped.reached
    await scene.serve()
    const [first, second] = await receiver.waitForCount(2, SLOW)
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    await waitUntil(
      'the delivery is recorded',
      async () => (await world.rows("select from deliveries where status = 'succeeded'")).length === 1,
    )
    assert.deepEqual(await findViolations(world), [])
  })

  test('a restart after 200 missed blocks credits all payments in them', async t => {
    const scene = await openScene(t)
    const { payer } = scene
    const server = await scene.serve()
    const sessions: SessionView[] = []
    for (let index = 0; index < 8; index++) sessions.push(await newSession(scene, server, `missed ${index}`))
    await payer.mine(1)
    await waitUntil('the chain is read', () => isAtHead(scene))
    await server.signal('SIGKILL')
    const height = await payer.height()
    for (const session of sessions) {
      await payer.pay(whole(session))
      await payer.mine(25)
    }
    assert.ok((await payer.height()) >= height + 200)
    const next = await scene.serve()
    for (const session of sessions) {
      await becomes(scene, next, session.id, COMPLETE)
      assert.deepEqual(await credits(scene, session.id), [`${DUE_RAW}`])
      assert.deepEqual(await eventsOf(scene.world, session.id), [
        'checkout_session.processing',
        'checkout_session.completed',
      ])
    }
  })

  test('F108, F109: a reorg of 1 to 5 blocks that drops a payment is followed, at the same height', async t => {
    const scene = await openScene(t)
    const { world, payer } = scene
    const server = await scene.serve()
    for (const depth of [1, 2, 3, 4, 5]) {
      const session = await newSession(scene, server, `dropped ${depth}`)
      await payer.pay(whole(session))
      if (depth > 1) await payer.mine(depth - 1)
      const wasComplete = depth >= 3
      await becomes(scene, server, session.id, wasComplete ? COMPLETE : PROCESSING)
      const height = await payer.height()
      await payer.reorg(depth)
      assert.equal(await payer.height(), height)
      await becomes(scene, server, session.id, LOST)
      const page = await fetch(`${server.url}/payment/checkout-session/${session.id}`)
      assert.match(await page.text(), /The network took a payment back that it had shown before/)
      const told = [
        'checkout_session.processing',
        ...(wasComplete ? ['checkout_session.completed', 'checkout_session.reverted'] : []),
      ]
      const isLoss = (type: string) => type === 'checkout_session.exception'
      assert.deepEqual(
        (await eventsOf(world, session.id)).filter(type => !isLoss(type)),
        told,
      )
      assert.deepEqual(await credits(scene, session.id), [])
      await payer.pay(whole(session))
      await payer.mine(2)
      await becomes(scene, server, session.id, { ...COMPLETE, exceptions: ['replaced'] })
      const types = await eventsOf(world, session.id)
      assert.deepEqual(types.filter(type => !isLoss(type)).slice(-2), [
        'checkout_session.processing',
        'checkout_session.completed',
      ])
      // By now what was lost cannot come back: its place is taken.
      assert.ok(types.filter(isLoss).length > 0)
      assert.deepEqual(await credits(scene, session.id), [`${DUE_RAW}`])
    }
  })

  test('F110, B2.3: a reorg that moves a payment to another block leaves one credit, and no trace where nothing was told', async t => {
    const scene = await openScene(t)
    const { world, payer } = scene
    const server = await scene.serve()
    for (const [depth, block] of [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
      [5, 4],
    ] as const) {
      const session = await newSession(scene, server, `moved ${depth}`)
      const txHash = await payer.pay(whole(session))
      if (depth > 1) await payer.mine(depth - 1)
      const wasComplete = depth >= 3
      await becomes(scene, server, session.id, wasComplete ? COMPLETE : PROCESSING)
      await payer.reorg(depth, [{ txHash, block }])
      await payer.mine(3)
      await becomes(scene, server, session.id, COMPLETE)
      const taken = wasComplete ? ['completed', 'reverted'] : []
      // It is given up once the chain is as far again as makes payments final.
      const given = block >= 4 ? ['exception'] : []
      const types = ['processing', ...taken, ...given, 'completed'].map(type => `checkout_session.${type}`)
      assert.deepEqual(await eventsOf(world, session.id), types)
      assert.deepEqual(await credits(scene, session.id), [`${DUE_RAW}`])
    }
  })

  test('B2.4: a payment that a reorg replaces by a smaller one counts as what it is now', async t => {
    const scene = await openScene(t)
    const { payer } = scene
    const server = await scene.serve()
    const session = await newSession(scene, server, 'replaced')
    await payer.pay(whole(session))
    await payer.mine(2)
    await becomes(scene, server, session.id, COMPLETE)
    await payer.reorg(3)
    await payer.pay({ to: depositOf(session), amountRaw: (DUE_RAW * 3n) / 5n })
    await payer.mine(2)
    const received = (DUE_8 * 3n) / 5n
    const expected = {
      status: 'incomplete',
      intent: 'requires_payment_method',
      exceptions: ['replaced', 'underpaid'],
      received,
    }
    await becomes(scene, server, session.id, expected)
    assert.deepEqual(await credits(scene, session.id), ['60000000'])
  })

  test('G30: a reorg while no server runs is found at the next start', async t => {
    const scene = await openScene(t)
    const { world, payer } = scene
    const server = await scene.serve()
    const dropped = await newSession(scene, server, 'dropped')
    const moved = await newSession(scene, server, 'moved')
    const unseen = await newSession(scene, server, 'unseen')
    const txHash = await payer.pay(whole(moved))
    await payer.pay(whole(dropped))
    await payer.mine(3)
    await becomes(scene, server, dropped.id, COMPLETE)
    await becomes(scene, server, moved.id, COMPLETE)
    await server.signal('SIGKILL')
    await payer.reorg(5, [{ txHash, block: 3 }])
    await payer.pay(whole(unseen))
    await payer.mine(1)
    await payer.reorg(1)
    await payer.mine(2)
    const next = await scene.serve()
    await becomes(scene, next, dropped.id, REPLACED)
    await becomes(scene, next, moved.id, COMPLETE)
    await becomes(scene, next, unseen.id, COMPLETE)
    const types = ['processing', 'completed', 'reverted', 'completed'].map(type => `checkout_session.${type}`)
    assert.deepEqual(await eventsOf(world, moved.id), types)
    for (const { id } of [moved, unseen]) assert.deepEqual(await credits(scene, id), [`${DUE_RAW}`])
  })

  for (const isServing of [true, false]) {
    test(`a chain that comes back lower after kill -9 is followed, ${isServing ? 'watched' : 'unwatched'} meanwhile`, async t => {
      const scene = await openScene(t)
      const { world, payer } = scene
      let server = await scene.serve()
      const [kept, lost, later] = [
        await newSession(scene, server, 'kept'),
        await newSession(scene, server, 'lost'),
        await newSession(scene, server, 'later'),
      ]
      await payer.pay(whole(kept))
      await payer.mine(3)
      await becomes(scene, server, kept.id, COMPLETE)
      await scene.saveChain()
      await payer.pay(whole(lost))
      await payer.mine(6)
      await becomes(scene, server, lost.id, COMPLETE)
      const height = await payer.height()

      if (!isServing) await server.signal('SIGKILL')
      await scene.setChainBack()
      assert.equal(await payer.height(), height - 7)
      if (!isServing) server = await scene.serve()
      await payer.pay(whole(later))
      await payer.mine(2)
      assert.ok((await payer.height()) < height)
      await becomes(scene, server, later.id, COMPLETE)
      await becomes(scene, server, kept.id, COMPLETE)
      await becomes(scene, server, lost.id, REPLACED)
      await payer.pay(whole(lost))
      await payer.mine(6)
      await becomes(scene, server, lost.id, { ...COMPLETE, exceptions: ['replaced'] })
      const types = ['processing', 'completed', 'reverted', 'exception', 'processing', 'completed']
      assert.deepEqual(
        await eventsOf(world, lost.id),
        types.map(type => `checkout_session.${type}`),
      )
      assert.deepEqual(await eventsOf(world, kept.id), ['checkout_session.processing', 'checkout_session.completed'])
    })
  }
})
