// When money came, and what became of it since, on a real chain with a clock of its own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { followRefunds } from '../../src/actions/followRefunds.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { type ApiCaller, openApiCaller } from '../harness/apiCaller.ts'
import { createSession, eventTypes, readSession } from '../harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../harness/readWorld.ts'
import { outcomeOf } from './detectionWorld.ts'

const MINUTE = 60_000
const DUE = 10_00000000n
const DUE_RAW = 10_000_000n

let world: ReadWorld
let api: ApiCaller
before(async () => {
  world = await openReadWorld()
  api = await openApiCaller(world.ctx)
  await world.wallet.mintUsdc(world.wallet.accounts[0], 10n ** 12n)
  await world.read()
})
after(() => world.close())

const pay = (session: CheckoutSession) => world.wallet.transferUsdc(session.deposit.address, DUE_RAW)

/** What has become of a session once every payment so far is final. */
async function settled(session: CheckoutSession) {
  await world.mine(3)
  await world.read()
  return await readSession(world.ctx, session)
}

const PAID = { status: 'complete', intent: 'succeeded', exceptions: [], received: DUE }

test('F103: a payment in a block whose time is before the session was made is credited', async () => {
  // Our clock runs ahead of the chain's.
  world.clock.advance(10 * MINUTE)
  const session = await createSession(world.ctx, api.caller)
  await pay(session)
  const found = await settled(session)
  assert.ok((found.transfers[0]?.blockTime ?? session.createdAt) < session.createdAt)
  assert.deepEqual(outcomeOf(found), PAID)
  await world.wallet.call('evm_increaseTime', `0x${(600).toString(16)}`)
  await world.mine(1)
})

test('F104: mined a second after the session expired is on time', async () => {
  const session = await createSession(world.ctx, api.caller)
  await world.pass(session.expiresAt.getTime() + 1_000 - world.clock.now().getTime())
  await pay(session)
  await closeDueSessions(world.ctx, 100)
  const found = await settled(session)
  assert.ok((found.transfers[0]?.blockTime ?? session.createdAt) > session.expiresAt)
  assert.deepEqual(outcomeOf(found), PAID)
})

test('F105: a token paid 40 days after expiry is unmatched as late, and completes nothing', async () => {
  const session = await createSession(world.ctx, api.caller)
  await world.pass(40 * 24 * 60 * MINUTE)
  await world.read()
  while ((await closeDueSessions(world.ctx, 100)) > 0);
  await pay(session)
  const { status, exceptions, transfers } = await settled(session)
  assert.deepEqual([status, exceptions, transfers[0]?.unmatchedReason], ['expired', ['late'], 'late'])
})

test('F106: paid again after completion and refund is a duplicate, and the session stays complete', async () => {
  const session = await createSession(world.ctx, api.caller)
  await pay(session)
  assert.deepEqual(outcomeOf(await settled(session)), PAID)
  const toAddress = `0x${'7e'.repeat(20)}` as const
  const { id } = await api.ok('POST', '/refunds', { paymentIntentId: session.intent.id, toAddress })
  const transactionHash = await world.wallet.transferUsdc(toAddress, DUE_RAW)
  await api.ok('POST', `/refunds/${id}/submit`, { transactionHash })
  await settled(session)
  await followRefunds(world.ctx, new AbortController().signal)
  assert.equal((await api.ok('GET', `/refunds/${id}`)).status, 'succeeded')
  await world.pass(MINUTE)
  await pay(session)
  const again = await settled(session)
  assert.deepEqual(outcomeOf(again), { ...PAID, exceptions: ['duplicate'] })
  assert.deepEqual(
    again.transfers.map(({ unmatchedReason }) => unmatchedReason),
    [null, 'duplicate'],
  )
})

test('F111: a payment that its sender cancels with another transaction of the same nonce is replaced: nothing is received', async () => {
  const session = await createSession(world.ctx, api.caller)
  const [from] = world.wallet.accounts
  const nonce = async () => BigInt(String(await world.wallet.call('eth_getTransactionCount', from, 'latest')))
  let used = -1n
  await world.undo(async () => {
    used = await nonce()
    await pay(session)
    await world.mine(1)
    await world.read()
    assert.equal((await readSession(world.ctx, session)).intent.status, 'processing')
  })
  assert.equal(await nonce(), used)
  await world.wallet.send({ to: from, value: 0n })
  // As far again as the branch was, and as makes what is there final.
  await world.mine(3)
  const found = await settled(session)
  const nothing = { status: 'open', intent: 'requires_payment_method', exceptions: ['replaced'], received: null }
  assert.deepEqual(outcomeOf(found), nothing)
  assert.deepEqual((await eventTypes(world.ctx, session.id)).at(-1), 'checkout_session.exception')
  const page = await api.ok('GET', `/checkout/sessions/${session.id}`)
  const [row] = page.addresses as { amountReceivedRaw: string }[]
  assert.equal(row?.amountReceivedRaw, '0')
})
