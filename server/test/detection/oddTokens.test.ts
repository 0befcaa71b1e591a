// What tokens do to those who read their logs. Only a well-formed transfer of a listed contract, to the very address, is money.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pad, toHex } from 'viem'
import { TRANSFER_TOPIC } from '../../src/chain/tokenTransfers.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { createSession, readSession } from '../harness/fixtures.ts'
import { type DetectionWorld, openDetectionWorld, outcomeOf } from './detectionWorld.ts'

const DUE = 100_00000000n
const DUE_RAW = 100_000_000n

let world: DetectionWorld
before(async () => {
  world = await openDetectionWorld()
  const [payer] = world.wallet.accounts
  for (const token of [world.usdc, world.dai, world.fake]) await token.call('mint', payer, 10n ** 40n)
})
after(() => world.stop())

const inUsdc = (amount = DUE) => createSession(world.ctx, world.caller, { amount })
const PAID = { status: 'complete', intent: 'succeeded', exceptions: [], received: DUE }
const UNPAID = { status: 'open', intent: 'requires_payment_method', exceptions: [], received: null }
const SHORT = { status: 'incomplete', intent: 'requires_payment_method', exceptions: ['underpaid'] }

const addressTopic = (address: Hex) => pad(address, { size: 32 })

/** Nothing is stored, and nobody is told. */
async function leavesNoTrace(session: CheckoutSession): Promise<void> {
  const settled = await world.settled(session)
  assert.deepEqual(outcomeOf(settled), UNPAID)
  assert.deepEqual(settled.transfers, [])
  const { rows } = await world.ctx.db.owner.query('select type from events where object_id = $1', [session.id])
  assert.deepEqual(rows, [])
}

describe('what is nobody’s money leaves no trace', () => {
  test('F76, B7.1: a transfer of an unknown contract', async () => {
    const session = await inUsdc()
    await world.fake.call('transfer', session.deposit.address, DUE_RAW)
    await leavesNoTrace(session)
  })

  test('F77: a look-alike with the symbol of a listed token, and 10^30 units', async () => {
    const session = await inUsdc()
    await world.fake.call('transfer', session.deposit.address, 10n ** 30n)
    await leavesNoTrace(session)
  })

  test('F78, B7.8: ten thousand transfers of nothing', async () => {
    const session = await inUsdc()
    const [victim] = world.wallet.accounts
    for (let block = 0; block < 5; block++) {
      await world.usdc.call('transferNothing', victim, session.deposit.address, 2_000n)
    }
    await leavesNoTrace(session)
  })

  test('F79, B7.3, F91: an ERC-721 transfer, whose fourth topic looks like an amount', async () => {
    const session = await inUsdc()
    const to = session.deposit.address
    const topics = [TRANSFER_TOPIC, addressTopic(NATIVE), addressTopic(to), toHex(5_000n, { size: 32 })]
    await world.usdc.call('emitLog', topics, '0x')
    await world.usdc.call('emitLog', topics, toHex(DUE_RAW, { size: 32 }))
    await leavesNoTrace(session)
  })

  test('F80: data of 31 and of 64 bytes, two topics, a topic that is no address', async () => {
    const session = await inUsdc()
    const to = addressTopic(session.deposit.address)
    const whole = [TRANSFER_TOPIC, addressTopic(NATIVE), to]
    await world.usdc.call('emitLog', whole, toHex(DUE_RAW, { size: 31 }))
    await world.usdc.call('emitLog', whole, toHex(DUE_RAW, { size: 64 }))
    await world.usdc.call('emitLog', whole, '0x')
    await world.usdc.call('emitLog', [TRANSFER_TOPIC, to], toHex(DUE_RAW, { size: 32 }))
    const oversized: Hex = `0x01${to.slice(4)}`
    await world.usdc.call('emitLog', [TRANSFER_TOPIC, addressTopic(NATIVE), oversized], toHex(DUE_RAW, { size: 32 }))
    await leavesNoTrace(session)
    await world.usdc.call('transfer', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), PAID, 'and the chain is read on')
  })

  test('F81: a transaction that was reverted', async () => {
    const session = await inUsdc()
    await world.usdc.call('transferAndRevert', session.deposit.address, DUE_RAW)
    await leavesNoTrace(session)
  })

  test('F82, B7.4: a transfer that answers false and succeeds', async () => {
    const session = await inUsdc()
    await world.usdc.call('transferInVain', session.deposit.address, DUE_RAW)
    await leavesNoTrace(session)
  })
})

describe('what arrives counts, to the unit', () => {
  test('B7.11: coins that are minted to the address', async () => {
    const session = await inUsdc()
    await world.usdc.call('mint', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), PAID)
  })

  test('F84, F85, B7.6: a fee on transfer is the payer’s: what arrived is what counts', async () => {
    const session = await inUsdc()
    const { usdc } = world
    await usdc.call('setFee', 100n)
    await usdc.call('transfer', session.deposit.address, DUE_RAW)
    await usdc.call('setFee', 0n)
    assert.deepEqual(outcomeOf(await world.settled(session)), { ...SHORT, received: 99_00000000n })
    await usdc.call('transfer', session.deposit.address, DUE_RAW / 100n)
    assert.deepEqual(outcomeOf(await world.settled(session)), PAID)
  })

  test('F85: a fee that is switched on leaves a payment within the tolerance of its merchant complete', async () => {
    const tolerant = { ...world.caller, toleranceBps: 100 }
    const [within, beyond] = [
      await createSession(world.ctx, tolerant, { amount: DUE }),
      await createSession(world.ctx, tolerant, { amount: DUE }),
    ]
    await world.usdc.call('setFee', 100n)
    await world.usdc.call('transfer', within.deposit.address, DUE_RAW)
    await world.usdc.call('setFee', 101n)
    await world.usdc.call('transfer', beyond.deposit.address, DUE_RAW)
    await world.usdc.call('setFee', 0n)
    assert.deepEqual(outcomeOf(await world.settled(within)), { ...PAID, received: 99_00000000n })
    assert.deepEqual(outcomeOf(await readSession(world.ctx, beyond)), { ...SHORT, received: 98_99000000n })
  })

  test('F97, F98: a unit less is underpaid, a unit more overpaid', async () => {
    const [less, more] = [await inUsdc(), await inUsdc()]
    await world.usdc.call('transfer', less.deposit.address, DUE_RAW - 1n)
    await world.usdc.call('transfer', more.deposit.address, DUE_RAW + 1n)
    assert.deepEqual(outcomeOf(await world.settled(less)), { ...SHORT, received: DUE - 100n })
    const over = { ...PAID, exceptions: ['overpaid'], received: DUE + 100n }
    assert.deepEqual(outcomeOf(await readSession(world.ctx, more)), over)
  })

  test('F99, B6.5: a hundred and one parts, in one transaction', async () => {
    const session = await inUsdc(101_00000000n)
    await world.usdc.call('transferOften', session.deposit.address, 1_000_000n, 101n)
    const settled = await world.settled(session)
    assert.deepEqual(outcomeOf(settled), { ...PAID, received: 101_00000000n })
    assert.equal(settled.transfers.length, 101)
  })

  test('F101, B6.1, B6.5: one transaction pays three sessions and forty-seven strangers', async () => {
    const sessions = [await inUsdc(), await inUsdc(), await inUsdc()]
    const strangers = Array.from({ length: 47 }, (_, index) => toHex(index + 1, { size: 20 }))
    const receivers = [...strangers, ...sessions.map(({ deposit }) => deposit.address)]
    await world.usdc.call('transferToMany', receivers, DUE_RAW)
    for (const session of sessions) assert.deepEqual(outcomeOf(await world.settled(session)), PAID)
  })

  test('F112: a block with 50,400 transfers of the token to strangers, and one to us', async () => {
    const session = await inUsdc()
    await world.wallet.call('evm_setBlockGasLimit', '0x9502f900')
    await world.wallet.inOneBlock(async () => {
      for (let part = 0; part < 56; part++) {
        await world.usdc.call('transferOften', toHex(part + 1, { size: 20 }), 1n, 900n)
      }
      await world.usdc.call('transfer', session.deposit.address, DUE_RAW)
    })
    const settled = await world.settled(session)
    assert.deepEqual(outcomeOf(settled), PAID)
    const { rows } = await world.ctx.db.owner.query<{ hash: string }>(
      `select '0x' || encode(block_hash, 'hex') as hash from transfers where checkout_session_id = $1`,
      [session.id],
    )
    const logs = await world.wallet.call('eth_getLogs', { blockHash: rows[0]?.hash, address: world.usdc.address })
    assert.equal((logs as unknown[]).length, 50_401)
  })

  test('B7.13: the largest amount that there is', async () => {
    const session = await inUsdc()
    const topics = [TRANSFER_TOPIC, addressTopic(NATIVE), addressTopic(session.deposit.address)]
    const most = 2n ** 256n - 1n
    await world.usdc.call('setBalance', session.deposit.address, most)
    await world.usdc.call('emitLog', topics, toHex(most, { size: 32 }))
    const { status, transfers } = await world.settled(session)
    assert.deepEqual([status, transfers.map(({ amountRaw }) => amountRaw)], ['complete', [most]])
  })
})

describe('what arrives in vain is told and not counted', () => {
  test('F88, B6.6: another listed token', async () => {
    const session = await inUsdc()
    await world.dai.call('transfer', session.deposit.address, 100n * 10n ** 18n)
    const settled = await world.settled(session)
    assert.deepEqual(outcomeOf(settled), { ...UNPAID, exceptions: ['wrong_token'] })
    assert.ok(settled.updatedAt > session.updatedAt, 'an open page is told by it that it does not show this yet')
  })

  test('F100, B6.8: a second payer who pays the whole after the first is done', async () => {
    const session = await inUsdc()
    await world.usdc.call('transfer', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), PAID)
    await world.usdc.call('transfer', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), { ...PAID, exceptions: ['duplicate'] })
  })

  test('F100: two who pay at once overpay', async () => {
    const session = await inUsdc()
    await world.usdc.call('transferOften', session.deposit.address, DUE_RAW, 2n)
    const over = { ...PAID, exceptions: ['overpaid'], received: 2n * DUE }
    assert.deepEqual(outcomeOf(await world.settled(session)), over)
  })
})

test('F83, B7.5: a log without money is not credited, and the token is switched off with its reason', async t => {
  const lying = await openDetectionWorld()
  t.after(() => lying.stop())
  const session = await createSession(lying.ctx, lying.caller, { amount: DUE })
  const topics = [TRANSFER_TOPIC, addressTopic(NATIVE), addressTopic(session.deposit.address)]
  await lying.usdc.call('emitLog', topics, toHex(DUE_RAW, { size: 32 }))
  const { status, transfers } = await lying.settled(session)
  assert.deepEqual([status, transfers.map(({ postedAt }) => postedAt)], ['open', [null]])
  const { rows } = await lying.ctx.db.owner.query('select reason from asset_health')
  assert.deepEqual(rows, [{ reason: 'asset_unreliable' }])
})

test('B7.12: what the token takes back in the same transaction is not paid', async t => {
  const other = await openDetectionWorld()
  t.after(() => other.stop())
  const session = await createSession(other.ctx, other.caller, { amount: DUE })
  await other.usdc.call('mint', other.wallet.accounts[0], DUE_RAW)
  await other.usdc.call('giveAndTake', session.deposit.address, DUE_RAW)
  const { status, transfers } = await other.settled(session)
  assert.deepEqual([status, transfers.map(({ postedAt }) => postedAt)], ['open', [null]])
})

test('F86, B7.2: 10^18 units of a token with 18 decimals are one, though others of its name have 6', async () => {
  const session = await createSession(world.ctx, world.caller, { amount: 1_00000000n, currency: 'dai' })
  await world.dai.call('transfer', session.deposit.address, 10n ** 18n)
  assert.deepEqual(outcomeOf(await world.settled(session)), { ...PAID, received: 1_00000000n })
})
