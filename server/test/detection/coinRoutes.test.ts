// Native coin reaches an address in ways that no list of transactions shows: each of them counts to the unit, and what only seems to
// arrive counts nothing.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createWalletClient, encodeFunctionData, http, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { createSession, readSession } from '../harness/fixtures.ts'
import { type Contract, type DetectionWorld, openDetectionWorld, outcomeOf } from './detectionWorld.ts'

const DUE = 50_00000000n
const DUE_RAW = 50n * 10n ** 18n

let world: DetectionWorld
let routes: Contract
before(async () => {
  world = await openDetectionWorld()
  routes = await world.deploy('test/mocks/CoinRoutes.sol')
  await world.wallet.call('anvil_setBalance', routes.address, `0x${(10n ** 24n).toString(16)}`)
})
after(() => world.stop())

const inCoin = () => createSession(world.ctx, world.caller, { amount: DUE, currency: 'eth' })
const PAID = { status: 'complete', intent: 'succeeded', exceptions: [], received: DUE }
const UNPAID = { status: 'open', intent: 'requires_payment_method', exceptions: [], received: null }

/** Raises the balance of `address` without a transaction, as block rewards, withdrawals and bridges do. */
async function credit(address: Hex, amountRaw: bigint): Promise<void> {
  const held = BigInt(String(await world.wallet.call('eth_getBalance', address, 'latest')))
  await world.wallet.call('anvil_setBalance', address, `0x${(held + amountRaw).toString(16)}`)
}

/** From an ordinary account with a contract's code for the length of its life (EIP-7702). */
async function byDelegation(to: Hex, amountRaw: bigint): Promise<Hex> {
  const account = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
  await credit(account.address, amountRaw + 10n ** 18n)
  const [provider] = world.config.providers
  const chain = { ...anvil, id: world.config.chain.id }
  const client = createWalletClient({ account, chain, transport: http(provider.rpcUrl) })
  const answer = String(await world.wallet.call('eth_call', { to: routes.address, data: '0xc89e4361' }, 'latest'))
  const contractAddress: Hex = `0x${answer.slice(-40)}`
  const authorization = await client.signAuthorization({ contractAddress, executor: 'self' })
  const abi = parseAbi(['function execTransaction(address to, uint256 value, bytes data, bool delegates)'])
  const data = encodeFunctionData({ abi, functionName: 'execTransaction', args: [to, amountRaw, '0x', false] })
  return await client.sendTransaction({ to: account.address, data, authorizationList: [authorization] })
}

type Way = (to: Hex, amountRaw: bigint) => Promise<unknown>
const by =
  (name: string): Way =>
  (to, amountRaw) =>
    routes.call(name, to, amountRaw)

const WAYS: Record<string, Way> = {
  'an ordinary account': (to, value) => world.wallet.send({ to, value }),
  'a Safe’s execTransaction': by('bySafe'),
  'a multisend of a Safe': by('byMultisend'),
  'an exchange’s batcher': async (to, value) => {
    const batch = await world.deploy('src/test/TestBatch.sol')
    await world.wallet.call('anvil_setBalance', batch.address, `0x${(value * 3n).toString(16)}`)
    await batch.call('pay', NATIVE, [world.wallet.accounts[1], to, world.wallet.accounts[1]], [1n, value, 1n])
  },
  'unwrapping a wrapped coin': by('byUnwrapping'),
  SELFDESTRUCT: by('bySelfdestruct'),
  'a withdrawal or a bridge, with no transaction at all': credit,
  'the reward of a block': async (to, value) => {
    const [from] = world.wallet.accounts
    await world.wallet.call('anvil_setCoinbase', to)
    await world.wallet.call('anvil_setNextBlockBaseFeePerGas', '0x0')
    const gasPrice = `0x${(value / 21_000n).toString(16)}`
    await world.wallet.call('eth_sendTransaction', { from, to: from, gas: '0x5208', gasPrice })
    await world.wallet.call('anvil_setCoinbase', NATIVE)
  },
  'an ERC-4337 bundle with an operation that fails': by('byBundle'),
  'the fees of an ERC-4337 bundle': by('asBeneficiary'),
  'an EIP-7702 account': byDelegation,
  'a contract’s creation': by('byCreation'),
  'a router’s refund': by('byRefund'),
}

describe('B8.1, B8.2, F93, F95: native coin counts by balance, whatever brought it', () => {
  for (const [name, way] of Object.entries(WAYS)) {
    test(`by ${name}`, async () => {
      const session = await inCoin()
      await way(session.deposit.address, DUE_RAW)
      const { transfers, ...settled } = await world.settled(session)
      const rest = (DUE_RAW / 21_000n) * 21_000n
      const received = transfers.reduce((sum, { amountRaw }) => sum + amountRaw, 0n)
      // A fee is a price times an amount of gas: it comes to the last multiple below.
      if (name === 'the reward of a block') return assert.equal(received, rest)
      assert.equal(received, DUE_RAW)
      assert.deepEqual(outcomeOf({ transfers, ...settled }), PAID)
    })
  }

  test('a top-level transaction gives the payment its name; without one it has none', async () => {
    const [direct, hidden] = [await inCoin(), await inCoin()]
    const hash = await world.wallet.send({ to: direct.deposit.address, value: DUE_RAW })
    await routes.call('byRefund', hidden.deposit.address, DUE_RAW)
    const [transfer] = (await world.settled(direct)).transfers
    assert.deepEqual([transfer?.txHash, transfer?.from], [hash, world.wallet.accounts[0]])
    const [unnamed] = (await readSession(world.ctx, hidden)).transfers
    assert.deepEqual([unnamed?.txHash, unnamed?.from, unnamed?.amountRaw], [null, null, DUE_RAW])
  })
})

describe('B8.3, B8.4, F94: what is undone does not count', () => {
  test('an inner call that was reverted', async () => {
    const session = await inCoin()
    await routes.call('undone', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), UNPAID)
  })

  test('a transaction that was reverted after it had paid', async () => {
    const session = await inCoin()
    await routes.call('payAndRevert', session.deposit.address, DUE_RAW)
    assert.deepEqual(outcomeOf(await world.settled(session)), UNPAID)
  })
})

test('B8.5: one transaction that pays three times is one sum', async () => {
  const session = await createSession(world.ctx, world.caller, { amount: 3n * DUE, currency: 'eth' })
  await routes.call('thrice', session.deposit.address, DUE_RAW)
  const settled = await world.settled(session)
  assert.deepEqual(outcomeOf(settled), { ...PAID, received: 3n * DUE })
  assert.equal(settled.transfers.length, 1)
})

test('two payments in one block, and one in the next, are told apart by block', async () => {
  const session = await createSession(world.ctx, world.caller, { amount: 3n * DUE, currency: 'eth' })
  const to = session.deposit.address
  await world.wallet.inOneBlock(async () => {
    await world.wallet.send({ to, value: DUE_RAW })
    await world.wallet.send({ from: world.wallet.accounts[1], to, value: DUE_RAW })
  })
  await routes.call('bySafe', to, DUE_RAW)
  const settled = await world.settled(session)
  assert.deepEqual(outcomeOf(settled), { ...PAID, received: 3n * DUE })
  assert.deepEqual(settled.transfers.map(sumOf), [2n * DUE_RAW, DUE_RAW])
})

test('F92: coin sent to a session in USDC is told as a wrong token', async () => {
  const session: CheckoutSession = await createSession(world.ctx, world.caller)
  await world.wallet.send({ to: session.deposit.address, value: 7n })
  assert.deepEqual(outcomeOf(await world.settled(session)), { ...UNPAID, exceptions: ['wrong_token'] })
})

test('F97: a unit too little in coin is too little', async () => {
  const session = await inCoin()
  await world.wallet.send({ to: session.deposit.address, value: DUE_RAW - 1n })
  const received = DUE - 1n
  const short = { status: 'incomplete', intent: 'requires_payment_method', exceptions: ['underpaid'], received }
  assert.deepEqual(outcomeOf(await world.settled(session)), short)
  const api = await openApiCaller(world.ctx, { of: world.caller })
  const { addresses } = await api.ok('GET', `/checkout/sessions/${session.id}`)
  const [row] = addresses as { amountRaw: string; amountReceivedRaw: string }[]
  assert.equal(BigInt(row?.amountRaw ?? 0) - BigInt(row?.amountReceivedRaw ?? 0), 1n)
  await routes.call('bySafe', session.deposit.address, 1n)
  assert.deepEqual(outcomeOf(await world.settled(session)), PAID)
})

test('F96: coin whose transfer its alias logs too is one credit, by whatever way it came', async t => {
  const coinAlias: Hex = `0x${'00'.repeat(18)}1010`
  const other = await openDetectionWorld({ coinAlias })
  t.after(() => other.stop())
  const { wallet } = other
  await wallet.call('anvil_setCode', coinAlias, await wallet.call('eth_getCode', other.usdc.address, 'latest'))
  const ways = await other.deploy('test/mocks/CoinRoutes.sol')
  await wallet.call('anvil_setBalance', ways.address, `0x${(10n ** 24n).toString(16)}`)
  for (const way of [(to: Hex) => wallet.send({ to, value: DUE_RAW }), (to: Hex) => ways.call('bySafe', to, DUE_RAW)]) {
    const session = await createSession(other.ctx, other.caller, { amount: DUE, currency: 'eth' })
    const to = session.deposit.address
    await wallet.inOneBlock(async () => {
      await way(to)
      const data = encodeFunctionData({
        abi: parseAbi(['function mint(address to, uint256 value)']),
        args: [to, DUE_RAW],
      })
      await wallet.send({ to: coinAlias, data, gas: 200_000n })
    })
    const settled = await other.settled(session)
    assert.deepEqual(outcomeOf(settled), PAID)
    assert.deepEqual(settled.transfers.map(sumOf), [DUE_RAW])
  }
})

function sumOf({ amountRaw }: { amountRaw: bigint }): bigint {
  return amountRaw
}
