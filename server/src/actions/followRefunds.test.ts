import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testBatchAddress } from '@bitstream/contracts/testBatch.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, eventTypes, hashFor, readSession } from '../../test/harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../../test/harness/readWorld.ts'
import type { ChainNode, Sent } from '../chain/chainNode.ts'
import { watchedChain } from '../chain/watchedChain.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { followRefunds } from './followRefunds.ts'

type Json = Record<string, unknown>

const DUE = 10_000_000n
const ETHER = 10n ** 18n
const HOUR = 3_600_000

let world: ReadWorld
let api: ApiCaller
before(async () => {
  world = await openReadWorld()
  api = await openApiCaller(world.ctx)
  await world.wallet.mintUsdc(world.wallet.accounts[0], 10_000_000_000n)
  await world.read()
})
after(() => world.close())

let receivers = 0

/** A wallet that nothing was ever sent to. */
function newReceiver(): Hex {
  receivers += 1
  return `0x${'7e'.repeat(19)}${receivers.toString(16).padStart(2, '0')}`
}

/** Mines `blocks` empty blocks, reads the chain and follows refunds. */
async function follow(blocks = 3): Promise<void> {
  if (blocks > 0) await world.mine(blocks)
  await world.read()
  await followRefunds(world.ctx, new AbortController().signal)
}

/** A refund, to a new wallet, of a session of 10 USDC, or 1 ether, that is paid. */
async function newRefund(options: { coin?: boolean; body?: Json } = {}) {
  const { coin = false, body = {} } = options
  const asked = coin ? { amount: 1_00000000n, currency: 'eth' as const } : {}
  const session = await createSession(world.ctx, api.caller, asked)
  const to = session.deposit.address
  await (coin ? world.wallet.send({ to, value: ETHER }) : world.wallet.transferUsdc(to, DUE))
  await world.mine(3)
  await world.read()
  const toAddress = newReceiver()
  // Refunds are followed in the order of time.
  world.clock.advance(1)
  const refund = await api.ok('POST', '/refunds', { paymentIntentId: session.intent.id, toAddress, ...body })
  return { id: String(refund.id), to: toAddress, session }
}

const submit = (id: string, transactionHash: Hex) => api.ok('POST', `/refunds/${id}/submit`, { transactionHash })

/** Status and failure of a refund. */
async function stateOf(id: string): Promise<string> {
  const { status, failure } = await api.ok('GET', `/refunds/${id}`)
  return failure === null ? String(status) : `${status}: ${failure}`
}

/** Lets a refund succeed that `pay` pays, and takes back the blocks in which it did; returns the transaction as it was sent. */
async function lose(id: string, pay: () => Promise<Hex>): Promise<string> {
  let raw = ''
  await world.undo(async () => {
    const hash = await pay()
    raw = String(await world.wallet.call('eth_getRawTransactionByHash', hash))
    await submit(id, hash)
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
  })
  return raw
}

/** The place of the payment that settled a refund. */
async function placeOf(id: string): Promise<string | null> {
  const { rows } = await world.ctx.db.owner.query<{ place: string | null }>('select place from refunds where id = $1', [
    id,
  ])
  return rows[0]?.place ?? null
}

/** The live entries of a refund in the ledger. */
async function bookedFor(id: string): Promise<string[]> {
  const { rows } = await world.ctx.db.owner.query<{ entry: string }>(
    `select e.debit || ' to ' || e.credit || ' ' || e.amount_raw as entry from entries e
     where e.subject_id = $1 and e.reverses is null and not exists (select from entries r where r.reverses = e.id)`,
    [id],
  )
  return rows.map(({ entry }) => entry)
}

describe('a refund that is paid', () => {
  test('in a token succeeds once it is final, with its event and its entry in the ledger', async () => {
    const { id, to, session } = await newRefund()
    const hash = await world.wallet.transferUsdc(to, DUE)
    await submit(id, hash)
    await follow(0)
    assert.equal(await stateOf(id), 'submitted')
    await follow(1)
    assert.equal(await stateOf(id), 'submitted')
    await follow(1)
    assert.equal(await stateOf(id), 'succeeded')
    await follow()
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created', 'refund.succeeded'])
    assert.deepEqual(await bookedFor(id), [`posted to refunded ${DUE}`])
    const { status, exceptions } = await readSession(world.ctx, session)
    assert.deepEqual([status, exceptions], ['complete', []])
    const again = { paymentIntentId: session.intent.id, toAddress: to }
    assert.equal(await api.refused('POST', '/refunds', again), '409 nothing_to_refund')
    assert.equal(await api.refused('POST', `/refunds/${id}/submit`, { transactionHash: hash }), '409 refund_not_open')
  })

  test('in coin, by a plain transaction or by a wallet that is a contract', async () => {
    const [plain, inner] = [await newRefund({ coin: true }), await newRefund({ coin: true })]
    await submit(plain.id, await world.wallet.send({ to: plain.to, value: ETHER }))
    await submit(inner.id, await world.sendInside([{ to: inner.to, amountRaw: ETHER }]))
    await follow()
    assert.deepEqual([await stateOf(plain.id), await stateOf(inner.id)], ['succeeded', 'succeeded'])
  })

  test('with more than was asked is paid too', async () => {
    const { id, to } = await newRefund()
    await submit(id, await world.wallet.transferUsdc(to, DUE + 1n))
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
    assert.deepEqual(await bookedFor(id), [`posted to refunded ${DUE}`])
  })

  test('of an unmatched payment resolves it', async () => {
    const session = await createSession(world.ctx, api.caller)
    await world.pass(3 * HOUR)
    await world.wallet.transferUsdc(session.deposit.address, DUE)
    await follow()
    const unmatched = async () =>
      ((await api.ok('GET', `/unmatched-payments?checkoutSessionId=${session.id}`)).data as Json[])[0] ?? {}
    const [before, to] = [await unmatched(), newReceiver()]
    assert.deepEqual([before.reason, before.status], ['late', 'open'])
    const refund = await api.ok('POST', '/refunds', { unmatchedPaymentId: before.id, toAddress: to })
    await submit(String(refund.id), await world.wallet.transferUsdc(to, DUE))
    assert.equal((await unmatched()).status, 'open')
    await follow()
    const { status, resolution } = await unmatched()
    assert.deepEqual([status, resolution], ['resolved', 'refunded'])
    assert.deepEqual(await bookedFor(String(refund.id)), [`unmatched to refunded ${DUE}`])
  })
})

describe('a refund that is not paid', () => {
  test('fails where its transaction was reverted, and can be made again', async () => {
    const { id, to, session } = await newRefund()
    const data: Hex = `0xa9059cbb${to.slice(2).padStart(64, '0')}${'f'.repeat(64)}`
    await submit(id, await world.wallet.send({ to: testUsdcAddress, data, gas: 100_000n }))
    await follow(1)
    assert.equal(await stateOf(id), 'submitted')
    await follow()
    assert.equal(await stateOf(id), 'failed: reverted')
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created', 'refund.failed'])
    assert.deepEqual(await bookedFor(id), [])
    const again = { paymentIntentId: session.intent.id, toAddress: to }
    assert.equal((await api.ok('POST', '/refunds', again)).amount, '1000000000')
  })

  test('fails where it pays less, somebody else, or in another coin', async () => {
    for (const pay of [
      (to: Hex) => world.wallet.transferUsdc(to, DUE - 1n),
      (_: Hex) => world.wallet.transferUsdc(newReceiver(), DUE),
      (to: Hex) => world.wallet.send({ to, value: DUE }),
    ]) {
      const { id, to } = await newRefund()
      await submit(id, await pay(to))
      await follow()
      assert.equal(await stateOf(id), 'failed: pays_something_else')
    }
    const coin = await newRefund({ coin: true })
    await submit(coin.id, await world.sendInside([{ to: coin.to, amountRaw: ETHER - 1n }]))
    await follow()
    assert.equal(await stateOf(coin.id), 'failed: pays_something_else')
  })

  test('waits for a transaction that nobody has seen, which may be replaced by another', async () => {
    const { id, to } = await newRefund()
    await submit(id, hashFor('never sent'))
    await follow()
    assert.equal(await stateOf(id), 'submitted')
    const sent = await world.wallet.transferUsdc(to, DUE)
    await submit(id, sent)
    const other = { transactionHash: hashFor('another') }
    assert.equal(await api.refused('POST', `/refunds/${id}/submit`, other), '409 refund_not_open')
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
  })
})

describe('one node alone', () => {
  /** Follows refunds by three nodes of which two must agree: the first, which is asked before the others, does as `lie` has it. */
  async function followBy(lie: Partial<ChainNode>, others: Partial<ChainNode> = {}): Promise<void> {
    await world.mine(3)
    await world.read()
    const named = (name: string, node: Partial<ChainNode>) => {
      return { name, isOwn: false, wsUrl: null, node: { ...honest(), ...node } }
    }
    const nodes = [named('alpha', lie), named('beta', others), named('gamma', others)]
    const watched = watchedChain(nodes, { chainId: world.chainId, quorum: 2 })
    await followRefunds({ ...world.ctx, nodes: new Map([[world.chainId, watched]]) }, new AbortController().signal)
  }

  function honest(): ChainNode {
    const node = world.ctx.nodes.get(world.chainId)
    invariant(node, 'the chain has nodes')
    return node
  }

  const sentBut = (change: Partial<Sent>) => ({
    sent: async (txHash: Hex) => {
      const sent = await honest().sent(txHash)
      return sent && { ...sent, ...change }
    },
  })

  test('does not make a refund fail that others saw paid', async () => {
    const { id, to } = await newRefund()
    await submit(id, await world.wallet.transferUsdc(to, DUE))
    await followBy(sentBut({ succeeded: false }))
    assert.equal(await stateOf(id), 'submitted')
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created'])
    await followBy({})
    assert.equal(await stateOf(id), 'succeeded')
  })

  test('does not make a refund succeed that others saw reverted', async () => {
    // It takes no coin without a call.
    const toAddress = testBatchAddress
    const { id } = await newRefund({ coin: true, body: { toAddress } })
    await submit(id, await world.wallet.send({ to: toAddress, value: ETHER, gas: 100_000n }))
    await followBy(sentBut({ succeeded: true }))
    assert.equal(await stateOf(id), 'submitted')
    await followBy({})
    assert.equal(await stateOf(id), 'failed: reverted')
  })

  test('does not tell what came by a contract', async () => {
    const { id } = await newRefund({ coin: true })
    await submit(id, await world.sendInside([{ to: newReceiver(), amountRaw: ETHER }]))
    const told = [ETHER, 0n]
    await followBy({ balances: async () => [told.shift() ?? 0n] })
    assert.equal(await stateOf(id), 'submitted')
    await followBy({})
    assert.equal(await stateOf(id), 'failed: pays_something_else')
  })

  test('is not believed where no other can be asked', async () => {
    const { id, to } = await newRefund()
    await submit(id, await world.wallet.transferUsdc(to, DUE))
    const down = async () => {
      throw new UpstreamError('It fails on purpose.', { retryable: true })
    }
    await followBy(sentBut({ succeeded: false }), { check: down })
    assert.equal(await stateOf(id), 'submitted')
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
  })
})

describe('one transaction', () => {
  test('pays as many refunds as it has payments for', async () => {
    const [first, second] = [await newRefund(), await newRefund()]
    const third = await newRefund({ body: { toAddress: first.to, amount: '300000000' } })
    const fourth = await newRefund({ body: { toAddress: first.to, amount: '300000000' } })
    const payments = [
      { to: first.to, amountRaw: DUE },
      { to: second.to, amountRaw: DUE },
      { to: first.to, amountRaw: 3_000_000n },
    ]
    const hash = await world.sendInside(payments, testUsdcAddress)
    for (const { id } of [third, fourth, first, second]) await submit(id, hash)
    await follow()
    assert.deepEqual([await stateOf(first.id), await stateOf(second.id)], ['succeeded', 'succeeded'])
    const equals = [await stateOf(third.id), await stateOf(fourth.id)]
    assert.deepEqual(equals.sort(), ['failed: pays_something_else', 'succeeded'])
  })

  test('pays each refund with its own payment, whichever is looked at first', async () => {
    const first = await newRefund({ body: { amount: '300000000' } })
    const second = await newRefund({ body: { toAddress: first.to, amount: '500000000' } })
    const amounts = [5_000_000n, 7_000_000n]
    const hash = await world.sendInside(
      amounts.map(amountRaw => ({ to: first.to, amountRaw })),
      testUsdcAddress,
    )
    for (const { id } of [first, second]) await submit(id, hash)
    await follow()
    assert.deepEqual([await stateOf(first.id), await stateOf(second.id)], ['succeeded', 'succeeded'])
    assert.ok(Number(await placeOf(first.id)) > Number(await placeOf(second.id)))
  })

  test('that pays one of two refunds exactly settles that one, whichever is looked at first', async () => {
    const first = await newRefund({ body: { amount: '300000000' } })
    const second = await newRefund({ body: { toAddress: first.to, amount: '500000000' } })
    const hash = await world.wallet.transferUsdc(first.to, 5_000_000n)
    for (const { id } of [first, second]) await submit(id, hash)
    await follow()
    assert.deepEqual([await stateOf(first.id), await stateOf(second.id)], ['failed: pays_something_else', 'succeeded'])
  })

  test('of one merchant is not used up by another who names it too', async () => {
    const foreign = await openApiCaller(world.ctx)
    const session = await createSession(world.ctx, foreign.caller)
    await world.wallet.transferUsdc(session.deposit.address, DUE)
    const { id, to } = await newRefund()
    const claimed = { paymentIntentId: session.intent.id, toAddress: to, amount: '1000000' }
    const claim = await foreign.ok('POST', '/refunds', claimed)
    const hash = await world.wallet.transferUsdc(to, DUE)
    await foreign.ok('POST', `/refunds/${claim.id}/submit`, { transactionHash: hash })
    await follow()
    await submit(id, hash)
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
  })

  test('that a reorg takes away is waited for again, and told of once however often it is mined', async () => {
    const { id, to, session } = await newRefund()
    const raw = await lose(id, () => world.wallet.transferUsdc(to, DUE))
    await follow(6)
    assert.equal(await stateOf(id), 'submitted')
    assert.deepEqual(await bookedFor(id), [])
    assert.deepEqual((await readSession(world.ctx, session)).exceptions, [])
    await world.wallet.call('eth_sendRawTransaction', raw)
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
    assert.deepEqual(await bookedFor(id), [`posted to refunded ${DUE}`])
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created', 'refund.succeeded'])
  })

  test('that is named when a reorg took another is told of too', async () => {
    const { id, to } = await newRefund()
    await lose(id, () => world.wallet.transferUsdc(to, DUE))
    await follow(6)
    await submit(id, await world.wallet.transferUsdc(to, DUE + 1n))
    await follow()
    assert.equal(await stateOf(id), 'succeeded')
    const types = ['refund.created', 'refund.succeeded', 'refund.succeeded']
    assert.deepEqual(await eventTypes(world.ctx, id), types)
    const { rows } = await world.ctx.db.owner.query<{ hash: string }>(
      `select distinct data->>'transactionHash' as hash from events where object_id = $1 and type = 'refund.succeeded'`,
      [id],
    )
    assert.equal(rows.length, 2)
  })

  test('that fails after a reorg gave it back is told of as failed', async () => {
    const { id, to } = await newRefund()
    const raw = await lose(id, () => world.sendInside([{ to, amountRaw: DUE }], testUsdcAddress))
    // In place of the one that gave the contract what it pays.
    await world.wallet.send({ to: newReceiver(), value: 1n })
    await world.wallet.call('eth_sendRawTransaction', raw)
    await follow(6)
    await follow()
    assert.equal(await stateOf(id), 'failed: reverted')
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created', 'refund.succeeded', 'refund.failed'])
  })

  test('that two processes look up at the same moment is told of once', async () => {
    const { id, to } = await newRefund({ coin: true })
    await submit(id, await world.wallet.send({ to, value: ETHER }))
    await world.mine(3)
    await world.read()
    const { signal } = new AbortController()
    await Promise.all([followRefunds(world.ctx, signal), followRefunds(world.ctx, signal)])
    assert.deepEqual(await eventTypes(world.ctx, id), ['refund.created', 'refund.succeeded'])
  })
})
