import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { toHex } from 'viem'
import { createSession } from '../../test/harness/fixtures.ts'
import { type SweepWorld, startSweepWorld, USDC } from '../../test/harness/sweepWorld.ts'
import { createLocalWallet } from '../dev/localWallet.ts'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import { newSweepMemory, sweepOnce } from './sweepChain.ts'

let world: SweepWorld
before(async () => {
  world = await startSweepWorld()
})
after(() => world.stop())
beforeEach(async () => {
  await world.newMerchant()
  await world.setPolicy('now')
})

/** What is stored of the transactions of the newest sweep, in the order of their making. */
async function transactions(): Promise<{ hash: Hex; nonce: number; raw: Hex; isBroadcast: boolean; cap: bigint }[]> {
  const [newest] = await world.sweeps()
  const { rows } = await world.ctx.db.owner.query(
    `select '0x' || encode(hash, 'hex') as hash, nonce::int, '0x' || encode(raw, 'hex') as raw,
       broadcast_at is not null as "isBroadcast", fee_cap_raw::text as cap
     from gas_transactions where sweep_id = $1 order by nonce, fee_cap_raw`,
    [newest?.id],
  )
  return rows.map(row => ({ ...row, cap: BigInt(row.cap) }))
}

const statuses = async () => (await world.sweeps()).map(({ status }) => status)
const call = (method: string, ...params: unknown[]) => world.wallet.call(method, ...params)
const baseFee = async () => {
  const block = (await call('eth_getBlockByNumber', 'latest', false)) as { baseFeePerGas: Hex }
  return BigInt(block.baseFeePerGas)
}

/** Ten thousand dollars: what they cost to move is no reason to wait. */
const WORTH_ANY_GAS = 10_000_000_000n

/** A sweep that is sent while no block is made. */
async function sendWithoutBlocks(): Promise<void> {
  await world.paidSession()
  await world.settle()
  await call('evm_setAutomine', false)
  await world.sweep()
  assert.deepEqual(await statuses(), ['submitted'])
}

async function goOn(): Promise<void> {
  await call('evm_setAutomine', true)
  await world.settle()
  await world.sweepAll(1)
}

test('G35, I22: a sweep that is stuck is replaced with the same nonce, and at most one of its transactions is mined', async () => {
  await sendWithoutBlocks()
  const [first] = await transactions()
  assert.ok(first)
  const fee = first.cap + 1n
  for (let count = 0; count < 5; count++) {
    await call('anvil_setNextBlockBaseFeePerGas', toHex(fee))
    await call('evm_mine')
    await world.sweep()
  }
  assert.equal((await transactions()).length, 1)
  await call('anvil_setNextBlockBaseFeePerGas', toHex(fee))
  await call('evm_mine')
  await world.sweep()
  const [old, replacement, ...more] = await transactions()
  assert.deepEqual(more, [])
  assert.ok(old && replacement)
  assert.equal(old.raw, first.raw)
  assert.equal(replacement.nonce, old.nonce)
  assert.ok(replacement.cap * 8n >= old.cap * 9n, 'an eighth more')
  await call('anvil_setNextBlockBaseFeePerGas', toHex(fee))
  await call('evm_mine')
  await goOn()
  const [swept] = await world.sweeps()
  assert.deepEqual([swept?.status, swept?.txHash], ['succeeded', replacement.hash])
  assert.equal(await call('eth_getTransactionReceipt', old.hash), null)
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('G35: a sweep that every node has dropped is sent again, byte for byte', async () => {
  await sendWithoutBlocks()
  const [first] = await transactions()
  await call('anvil_dropTransaction', first?.hash)
  await call('evm_mine')
  await world.sweep()
  await goOn()
  assert.deepEqual(await statuses(), ['succeeded'])
  assert.deepEqual(
    (await transactions()).map(({ raw }) => raw),
    [first?.raw],
  )
})

test('G35: a sweep that a reorg takes away is sent again, byte for byte', async () => {
  await world.paidSession()
  await world.settle()
  await world.sweep()
  await world.catchUp()
  const [first] = await transactions()
  await call('anvil_reorg', 1, [])
  await call('anvil_dropTransaction', first?.hash)
  await world.catchUp()
  await world.sweep()
  assert.deepEqual(await statuses(), ['submitted'])
  await goOn()
  assert.deepEqual(await statuses(), ['succeeded'])
  assert.deepEqual(
    (await transactions()).map(({ raw }) => raw),
    [first?.raw],
  )
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('G35: a sweep whose nonce another transaction of the account has taken is signed anew, once that is final', async () => {
  await sendWithoutBlocks()
  const [first] = await transactions()
  await call('anvil_dropTransaction', first?.hash)
  await call('evm_setAutomine', true)
  const { rpcUrl } = world.ctx.chains.get(world.chainId)?.providers[0] ?? { rpcUrl: '' }
  const foreign = createLocalWallet(rpcUrl, world.chainId, bytesToHex(world.gasKey))
  await foreign.send({ to: world.gasAccount })
  await world.catchUp()
  await world.sweep()
  assert.deepEqual(await statuses(), ['submitted'])
  assert.equal((await transactions()).length, 1)
  await world.settle()
  await world.sweepAll(3)
  assert.deepEqual(await statuses(), ['succeeded'])
  const all = await transactions()
  assert.deepEqual(
    all.map(({ nonce }) => nonce),
    [first?.nonce, (first?.nonce ?? 0) + 1],
  )
  assert.equal(await world.balanceOf(USDC, world.merchant), 10_000_000n)
})

test('I22: a process that ends between storing and sending leaves one transaction, which the next one sends', async () => {
  await world.paidSession()
  await world.settle()
  const gas = world.ctx.gas.get(world.chainId)
  assert.ok(gas)
  const dying = { ...gas, broadcast: () => Promise.reject(new Error('killed')) }
  const ctx = { ...world.ctx, gas: new Map([[world.chainId, dying]]) }
  await assert.rejects(sweepOnce(ctx, world.chainId, newSweepMemory()), /killed/)
  const [stored] = await transactions()
  assert.equal(stored?.isBroadcast, false)
  assert.equal(await call('eth_getTransactionByHash', stored?.hash), null)
  await sweepOnce(world.ctx, world.chainId, newSweepMemory())
  assert.notEqual(await call('eth_getTransactionByHash', stored?.hash), null)
  await world.settle()
  await sweepOnce(world.ctx, world.chainId, newSweepMemory())
  assert.deepEqual(await statuses(), ['succeeded'])
  assert.deepEqual(await transactions(), [{ ...stored, isBroadcast: true }])
})

test('many sweeps are under way at once, with nonces that follow one another', async () => {
  const merchants = []
  for (let count = 0; count < 4; count++) {
    await world.newMerchant()
    await world.setPolicy('now')
    await world.paidSession()
    merchants.push({ caller: world.caller, wallet: world.merchant })
  }
  await world.settle()
  await call('evm_setAutomine', false)
  await world.sweep()
  const { rows } = await world.ctx.db.owner.query<{ nonce: number }>(
    `select g.nonce::int from gas_transactions g join sweeps s on s.id = g.sweep_id where s.status = 'submitted' order by 1`,
  )
  assert.equal(rows.length, 4)
  assert.deepEqual(
    rows.map(({ nonce }) => nonce - (rows[0]?.nonce ?? 0)),
    [0, 1, 2, 3],
  )
  await goOn()
  for (const { caller, wallet } of merchants) {
    assert.equal((await world.sweeps(caller))[0]?.status, 'succeeded')
    assert.equal(await world.balanceOf(USDC, wallet), 10_000_000n)
  }
})

test('G34: while gas costs a hundred times the usual nothing is sent, and payments go on', async () => {
  const session = await world.paidSession({ amountRaw: WORTH_ANY_GAS })
  await world.settle()
  const usual = await baseFee()
  const spike = async () => await call('anvil_setNextBlockBaseFeePerGas', toHex((usual + 10n ** 9n) * 100n))
  await spike()
  await call('evm_mine')
  await world.sweep()
  assert.deepEqual(await world.sweeps(), [])
  const other = await createSession(world.ctx, world.caller)
  assert.notEqual(other.id, session.id)
  await call('anvil_setNextBlockBaseFeePerGas', toHex(usual))
  await call('evm_mine')
  world.clock.advance(10 * 60_000)
  await world.sweepAll(3)
  assert.deepEqual(await statuses(), ['succeeded'])
})

test('G34: what was planned before a spike waits for its end', async () => {
  await world.paidSession({ amountRaw: WORTH_ANY_GAS })
  await world.settle()
  await call('anvil_setBalance', world.gasAccount, '0x0')
  await world.sweep()
  assert.deepEqual(await statuses(), ['planned'])
  await call('anvil_setBalance', world.gasAccount, toHex(10n ** 20n))
  const usual = await baseFee()
  await call('anvil_setNextBlockBaseFeePerGas', toHex((usual + 10n ** 9n) * 100n))
  await call('evm_mine')
  await world.sweep()
  assert.deepEqual(await statuses(), ['planned'])
  await call('anvil_setNextBlockBaseFeePerGas', toHex(usual))
  await call('evm_mine')
  await world.sweepAll(2)
  assert.deepEqual(await statuses(), ['succeeded'])
})
