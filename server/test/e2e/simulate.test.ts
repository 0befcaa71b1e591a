// Every outcome of a payment, played on the local chain of the test world by one request, and the clock that moves all of it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { proveWorld, startDevWorld } from '../harness/devWorld.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { createMerchant, type Session } from './merchant.ts'

const DAY_MS = 24 * 3_600_000

const folder = mkdtempSync(join(tmpdir(), 'simulate-test-'))
let world = await startDevWorld(['--data', folder])
after(async () => {
  await world.stop()
  rmSync(folder, { recursive: true })
})

type Simulation = { checkoutSessionId: string; outcome: string; transactionHashes: string[] }

/** Plays `outcome` for a new session and answers with it once it has come to `end`. */
async function play(outcome: string, end: { status: string; intent: string; exceptions?: string[] }): Promise<Session> {
  const merchant = createMerchant(world)
  const session = await merchant.createSession()
  const played = await merchant.request<Simulation>('POST', '/test/simulate', {
    checkoutSessionId: session.id,
    outcome,
  })
  assert.equal(played.outcome, outcome)
  for (const hash of played.transactionHashes) assert.match(hash, /^0x[0-9a-f]{64}$/)
  const { exceptions = [] } = end
  let last = ''
  return await waitUntil(`${outcome} comes to ${end.status}`, async () => {
    const now = await merchant.getSession(session)
    last = JSON.stringify([now.status, now.exceptions, now.paymentIntent])
    const isThere =
      now.status === end.status &&
      now.paymentIntent.status === end.intent &&
      now.exceptions.join() === exceptions.join()
    return isThere ? now : null
  }).catch(cause => assert.fail(`${cause.message}; it is ${last}`))
}

// One after the other: a reorg deals all other payments of its blocks out again, with other times.
test('POST /test/simulate reorged', async () => {
  const end = { status: 'open', intent: 'requires_payment_method', exceptions: ['reorged'] }
  assert.equal((await play('reorged', end)).paymentIntent.transactions.length, 0)
})

test('POST /test/simulate replaced: the payer’s next transaction has taken its place', async () => {
  const end = { status: 'open', intent: 'requires_payment_method', exceptions: ['replaced'] }
  assert.equal((await play('replaced', end)).paymentIntent.transactions.length, 0)
})

test('POST /test/simulate late', async () => {
  const session = await play('late', { status: 'expired', intent: 'canceled', exceptions: ['late'] })
  assert.equal(session.paymentIntent.amountReceived, null)
  assert.equal(session.paymentIntent.transactions.length, 1, 'the merchant sees the money all the same')
})

describe('POST /test/simulate', { concurrency: 3 }, () => {
  const whole = (session: Session) => assert.equal(session.paymentIntent.amountReceived, session.amountTotal)

  test('paid', async () => whole(await play('paid', { status: 'complete', intent: 'succeeded' })))

  test('batch: one transaction of a contract that pays others too', async () =>
    whole(await play('batch', { status: 'complete', intent: 'succeeded' })))

  test('underpaid', async () => {
    const end = { status: 'incomplete', intent: 'requires_payment_method', exceptions: ['underpaid'] }
    const { paymentIntent, amountTotal } = await play('underpaid', end)
    assert.equal(BigInt(paymentIntent.amountReceived ?? 0) * 2n, BigInt(amountTotal))
  })

  test('overpaid', async () => {
    const end = { status: 'complete', intent: 'succeeded', exceptions: ['overpaid'] }
    const { paymentIntent, amountTotal } = await play('overpaid', end)
    assert.equal(BigInt(paymentIntent.amountReceived ?? 0) * 2n, BigInt(amountTotal) * 3n)
  })

  test('wrong_token', async () => {
    const end = { status: 'open', intent: 'requires_payment_method', exceptions: ['wrong_token'] }
    assert.equal((await play('wrong_token', end)).paymentIntent.amountReceived, null)
  })

  test('wrong_chain: the same address on a network that the session is not for', async () => {
    const end = { status: 'open', intent: 'requires_payment_method', exceptions: ['wrong_chain'] }
    assert.equal((await play('wrong_chain', end)).paymentIntent.amountReceived, null)
  })
})

test('POST /test/simulate says what cannot be played', async () => {
  const merchant = createMerchant(world)
  const refused = async (body: object, pattern: RegExp) =>
    await assert.rejects(merchant.request('POST', '/test/simulate', body), pattern)
  await refused({ checkoutSessionId: crypto.randomUUID(), outcome: 'paid' }, /404 .*resource_missing/)
  const session = await merchant.createSession()
  await refused({ checkoutSessionId: session.id, outcome: 'stolen' }, /400 .*"param":"outcome"/)
  await merchant.request('POST', `/checkout/sessions/${session.id}/expire`)
  await waitUntil('the session expires', async () => (await merchant.getSession(session)).status === 'expired')
  await refused({ checkoutSessionId: session.id, outcome: 'paid' }, /409 .*create a new one/)
})

test('POST /test/clock moves the server and its chains together, for good', async () => {
  const merchant = createMerchant(world)
  const session = await merchant.createSession()
  const moved = await merchant.request<{ now: string }>('POST', '/test/clock', { advanceMs: DAY_MS })
  assert.ok(Math.abs(Date.parse(moved.now) - Date.now() - DAY_MS) < 60_000)
  await waitUntil(
    'the session expires a day early',
    async () => (await merchant.getSession(session)).status === 'expired',
  )
  await assert.rejects(merchant.request('POST', '/test/clock', { advanceMs: -1 }), /400 .*"param":"advanceMs"/)

  assert.equal(await world.stop(), 0)
  world = await startDevWorld(['--data', folder])
  const later = await play('paid', { status: 'complete', intent: 'succeeded' })
  assert.ok(Date.parse(later.expiresAt) - Date.now() > DAY_MS, 'after a restart it is still tomorrow')
})

test('after all of this, a sweep too, the books equal the chains, to the unit', async () => {
  const merchant = createMerchant(world)
  const sweep = await merchant.request<{ id: string }>('POST', '/sweeps', { chainId: 80_001 })
  await waitUntil('the money is swept', async () => {
    const { data } = await merchant.request<{ data: { id: string; status: string }[] }>('GET', '/sweeps')
    return data.find(({ id }) => id === sweep.id)?.status === 'succeeded'
  })
  const { code, output } = await proveWorld(folder)
  assert.equal(code, 0, output)
  assert.match(output, /swept/)
})
