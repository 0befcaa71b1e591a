import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createOrganization, createSession, eventTypes, readSession } from '../../test/harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../../test/harness/readWorld.ts'
import type { Caller } from '../actions/caller.ts'
import { closeDueSessions } from '../actions/closeDueSessions.ts'
import type { ChainNode } from '../chain/chainNode.ts'
import { watchedChain } from '../chain/watchedChain.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { readChain } from './watchChain.ts'

const ETHER = 10n ** 18n
const HOUR = 3_600_000

let world: ReadWorld
let caller: Caller
before(async () => {
  world = await openReadWorld()
  caller = await createOrganization(world.ctx)
  await world.mine(1)
  await readBy({})
})
after(() => world.close())

const down: Partial<ChainNode> = {
  check: async () => {
    throw new UpstreamError('It fails on purpose.', { retryable: true })
  },
}

/** Reads the chain up to its head as a new process does, by three nodes of which two must agree: `first`, and two like `others`. */
async function readBy(first: Partial<ChainNode>, others: Partial<ChainNode> = {}): Promise<void> {
  const { ctx, chainId } = world
  const honest = ctx.nodes.get(chainId)
  invariant(honest, 'the chain has nodes')
  const named = (name: string, node: Partial<ChainNode>) => {
    return { name, isOwn: false, wsUrl: null, node: { ...honest, ...node } }
  }
  const nodes = [named('alpha', first), named('beta', others), named('gamma', others)]
  const watched = watchedChain(nodes, { chainId, quorum: 2 })
  for await (const step of readChain(ctx, chainId, watched, new AbortController().signal)) {
    if (step.kind === 'idle') return
  }
}

async function newSession(): Promise<CheckoutSession> {
  const options = { amount: 1_00000000n, currency: 'eth' as const }
  return await createSession(world.ctx, caller, options)
}

const pay = (session: CheckoutSession) => world.sendInside([{ to: session.deposit.address, amountRaw: ETHER }])

async function outcome(session: CheckoutSession) {
  const { status, isClosed, transfers } = await readSession(world.ctx, session)
  return [status, isClosed, transfers.map(({ unmatchedReason }) => unmatchedReason ?? 'counts')]
}

describe('coin that came in time and that too few nodes can vouch for', () => {
  test('keeps its session open past its deadline, and counts once they do', async () => {
    const [session, unpaid] = [await newSession(), await newSession()]
    await pay(session)
    await readBy({}, down)
    assert.deepEqual(await outcome(session), ['open', false, []])
    for (let hour = 0; hour < 6; hour++) {
      await world.pass(HOUR)
      await readBy({}, down)
    }
    await closeDueSessions(world.ctx, 10)
    assert.deepEqual(await outcome(session), ['open', false, []])
    assert.deepEqual(await outcome(unpaid), ['expired', true, []])
    await world.mine(3)
    await readBy({})
    assert.deepEqual(await outcome(session), ['complete', true, ['counts']])
    const told = ['checkout_session.processing', 'checkout_session.completed']
    assert.deepEqual((await eventTypes(world.ctx, session.id)).sort(), told.sort())
  })

  test('keeps it open too when the next node that is asked tells nothing of it', async () => {
    const session = await newSession()
    await pay(session)
    await readBy({}, down)
    await world.pass(3 * HOUR)
    await readBy({ balances: async wanted => wanted.map(() => 0n) }, down)
    assert.equal(await closeDueSessions(world.ctx, 10), 0)
    assert.deepEqual(await outcome(session), ['open', false, []])
    await world.mine(1)
    await readBy({})
    assert.deepEqual(await outcome(session), ['open', true, ['counts']])
  })

  test('that never came closes it, once enough nodes say so', async () => {
    const session = await newSession()
    await world.mine(1)
    await readBy({ balances: async wanted => wanted.map(() => ETHER) }, down)
    await world.pass(3 * HOUR)
    await readBy({}, down)
    assert.equal(await closeDueSessions(world.ctx, 10), 0)
    await world.mine(1)
    await readBy({})
    assert.equal(await closeDueSessions(world.ctx, 10), 1)
    assert.deepEqual(await outcome(session), ['expired', true, []])
  })
})

test('coin that came after the deadline keeps no session open, whoever tells of it', async () => {
  const session = await newSession()
  await world.pass(3 * HOUR)
  await pay(session)
  await readBy({}, down)
  assert.equal(await closeDueSessions(world.ctx, 10), 1)
  await world.mine(1)
  await readBy({})
  assert.deepEqual(await outcome(session), ['expired', true, ['late']])
})
