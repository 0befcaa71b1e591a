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
  const honest = nodeOfChain()
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

const nodeOfChain = () => {
  const node = world.ctx.nodes.get(world.chainId)
  invariant(node, 'the chain has nodes')
  return node
}

/** The blocks that its payments are recorded in. */
async function blocksOf(session: CheckoutSession): Promise<bigint[]> {
  return (await readSession(world.ctx, session)).transfers.map(({ blockNumber }) => blockNumber)
}

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

describe('coin whose block is read when its state is gone', () => {
  const forgetful = (gone: bigint): Partial<ChainNode> => ({
    balances: async (wanted, block) => {
      return block.number <= gone ? null : await nodeOfChain().balances(wanted, block)
    },
  })

  test('is final no sooner than the block whose state shows it', async () => {
    const session = await newSession()
    await world.mine(10)
    await pay(session)
    await world.mine(1)
    const { number: head } = await nodeOfChain().head()
    await readBy(forgetful(head - 1n), forgetful(head - 1n))
    assert.deepEqual(await outcome(session), ['open', false, ['counts']])
    assert.deepEqual(await blocksOf(session), [head])
    await world.mine(3)
    await readBy({})
    assert.deepEqual(await outcome(session), ['complete', false, ['counts']])
  })

  test('counts where it may have come in time, however late the state is that shows it', async () => {
    const [session, unpaid] = [await newSession(), await newSession()]
    await pay(session)
    await world.pass(3 * HOUR)
    await world.mine(3)
    const { number: head } = await nodeOfChain().head()
    await readBy(forgetful(head - 1n), forgetful(head - 1n))
    await closeDueSessions(world.ctx, 10)
    assert.deepEqual(await outcome(session), ['open', true, ['counts']])
    assert.deepEqual(await outcome(unpaid), ['expired', true, []])
    await world.mine(3)
    await readBy({})
    assert.deepEqual(await outcome(session), ['complete', true, ['counts']])
  })

  test('is late where its transaction tells that it came so', async () => {
    const session = await newSession()
    await world.mine(1)
    await world.pass(3 * HOUR)
    await world.wallet.send({ to: session.deposit.address, value: ETHER })
    await world.mine(3)
    const { number: head } = await nodeOfChain().head()
    await readBy(forgetful(head - 1n), forgetful(head - 1n))
    assert.deepEqual(await outcome(session), ['expired', true, ['late']])
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
