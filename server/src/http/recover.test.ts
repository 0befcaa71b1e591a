import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { allAgree, createSession, hashFor, readSession } from '../../test/harness/fixtures.ts'
import { openReadWorld, type ReadWorld } from '../../test/harness/readWorld.ts'
import { LeadLostError, leadChain } from '../actions/leadChain.ts'
import { recordBlocks } from '../actions/recordBlocks.ts'
import { recoverTransaction } from '../actions/recoverTransaction.ts'
import type { Block } from '../chain/chainNode.ts'
import type { Hex } from '../domain/hex.ts'
import type { CheckoutSession } from '../domain/session.ts'
import { checkoutSessionSchema } from './sessionObjects.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const BY_HASH = '/checkout/sessions/auto-recover-by-transaction-hash'
const DUE = 10_000_000n
const WEI = 7n

let world: ReadWorld
let api: ApiCaller
// Paid before the chain was ever read, and so far back that the reading began later.
let foreign: ApiCaller
// Paid before the chain was ever read, and so far back that the reading begins later.
let early: {
  token: CheckoutSession
  tokenHash: Hex
  /** Takes USDC and was sent ether, which nobody watches for. */
  stray: CheckoutSession
  strayHash: Hex
  /** Of several sessions, the first of them another merchant's. */
  shared: CheckoutSession[]
  sharedHash: Hex
}
before(async () => {
  world = await openReadWorld()
  api = await openApiCaller(world.ctx)
  foreign = await openApiCaller(world.ctx)
  const { wallet } = world
  await wallet.mintUsdc(wallet.accounts[0], 1_000_000_000n)
  const [token, stray] = [await newSession(), await newSession()]
  const shared = [await createSession(world.ctx, foreign.caller), await newSession(), await newSession()]
  const payments = shared.map(({ deposit }) => ({ to: deposit.address, amountRaw: DUE }))
  early = {
    token,
    stray,
    shared,
    tokenHash: await wallet.transferUsdc(token.deposit.address, DUE),
    strayHash: await wallet.send({ to: stray.deposit.address, value: WEI }),
    sharedHash: await world.sendInside(payments, testUsdcAddress),
  }
  await world.mine(50)
  await world.read()
})
after(() => world.close())

function newSession(options: Parameters<typeof createSession>[2] = {}): Promise<CheckoutSession> {
  return createSession(world.ctx, api.caller, options)
}

const ask = (chainId: number, transactionHash: Hex) => ({ chainId, transactionHash })
const pathOf = ({ id }: { id: string }) => `/checkout/sessions/${id}/auto-recover`

async function transfersOf(session: CheckoutSession): Promise<[string, bigint, Hex | null][]> {
  const { transfers } = await readSession(world.ctx, session)
  return transfers.map(({ place, amountRaw, txHash }) => [place.split(':')[0] ?? '', amountRaw, txHash])
}

describe('a payment from before the chain was read', () => {
  test('in a token is found by its hash, counts once and completes the session', async () => {
    const { token, tokenHash } = early
    assert.deepEqual(await transfersOf(token), [])
    const recovered = await api.ok('POST', BY_HASH, ask(world.chainId, tokenHash))
    assert.deepEqual(checkoutSessionSchema.parse(recovered), recovered)
    assert.equal(recovered.id, token.id)
    for (let again = 0; again < 2; again++) {
      const done = await api.ok('POST', pathOf(token), ask(world.chainId, tokenHash))
      assert.equal(done.statusCode, 200)
    }
    assert.deepEqual(await transfersOf(token), [['0', DUE, tokenHash]])
    await world.mine(1)
    await world.read()
    const { status, exceptions } = await readSession(world.ctx, token)
    assert.deepEqual([status, exceptions], ['complete', []])
  })

  test('in coin too, however often and at once it is asked for, and the watcher goes on', async () => {
    const { stray, strayHash } = early
    assert.deepEqual(await transfersOf(stray), [])
    const node = world.ctx.nodes.get(world.chainId)
    assert.ok(node)
    const { lead } = await leadChain(world.ctx, world.chainId, () => node.head())
    const asked = [1, 2, 3, 4].map(() => api.call('POST', pathOf(stray), ask(world.chainId, strayHash)))
    assert.deepEqual(
      (await Promise.all(asked)).map(({ status }) => status),
      [200, 200, 200, 200],
    )
    const found = [['native', WEI, strayHash]]
    assert.deepEqual(await transfersOf(stray), found)
    await world.mine(3)
    const next = await node.header((await node.head()).number - 2n)
    // Whoever has looked at balances before and not recorded them yet must look again.
    const late = recordBlocks(world.ctx, lead, [{ header: next, transfers: [] }], allAgree(next.number))
    await assert.rejects(late, LeadLostError)
    await world.read()
    await api.ok('POST', pathOf(stray), ask(world.chainId, strayHash))
    assert.deepEqual(await transfersOf(stray), found)
    assert.deepEqual((await readSession(world.ctx, stray)).exceptions, ['wrong_token'])
  })

  test('of several sessions: the first of the logs is answered, and all of this organization are recorded', async () => {
    const { shared, sharedHash } = early
    const [theirs, first, second] = shared
    assert.ok(theirs && first && second)
    const recovered = await api.ok('POST', BY_HASH, ask(world.chainId, sharedHash))
    assert.equal(recovered.id, first.id)
    assert.deepEqual(await transfersOf(first), [['1', DUE, sharedHash]])
    assert.deepEqual(await transfersOf(second), [['2', DUE, sharedHash]])
    assert.deepEqual(await transfersOf(theirs), [])
  })

  test('and of several sessions only the one that is named', async () => {
    const [theirs, other] = [early.shared[0], await newSession()]
    assert.ok(theirs)
    const refusal = await api.refused('POST', pathOf(other), ask(world.chainId, early.sharedHash))
    assert.equal(refusal, '400 transaction_pays_nothing transactionHash')
    await foreign.ok('POST', pathOf(theirs), ask(world.chainId, early.sharedHash))
    assert.deepEqual(await transfersOf(theirs), [['0', DUE, early.sharedHash]])
  })
})

describe('what the watcher has seen', () => {
  test('is answered, and stays as it is', async () => {
    const [first, second] = [await newSession(), await newSession()]
    const hash = await world.wallet.transferUsdc(first.deposit.address, DUE)
    const other = await world.wallet.send({ to: second.deposit.address, value: 5n })
    await world.mine(3)
    await world.read()
    const [before, strayed] = [await transfersOf(first), await transfersOf(second)]
    assert.deepEqual([before.length, strayed], [1, [['native', 5n, other]]])
    await api.ok('POST', pathOf(first), ask(world.chainId, hash))
    await api.ok('POST', pathOf(second), ask(world.chainId, other))
    assert.deepEqual([await transfersOf(first), await transfersOf(second)], [before, strayed])
  })

  test('and the watcher that reads at the same moment records nothing twice', async () => {
    const session = await newSession()
    const hash = await world.wallet.transferUsdc(session.deposit.address, DUE)
    const asked = Array.from({ length: 4 }, () => api.call('POST', pathOf(session), ask(world.chainId, hash)))
    await Promise.all([world.read(), ...asked])
    assert.equal((await transfersOf(session)).length, 1)
  })

  test('not yet: the block is waited for', async () => {
    const session = await newSession()
    const hash = await world.wallet.transferUsdc(session.deposit.address, DUE)
    const { status, answer, headers } = await api.call('POST', pathOf(session), ask(world.chainId, hash))
    assert.deepEqual([status, answer.code, headers.get('retry-after')], [409, 'transaction_not_read', '60'])
    assert.deepEqual(await transfersOf(session), [])
    await world.read()
    await api.ok('POST', pathOf(session), ask(world.chainId, hash))
  })
})

test('a payment that a node invents is none: what is recovered is proven by its block', async () => {
  const [session, other] = [await newSession(), await newSession()]
  const hash = await world.wallet.transferUsdc(other.deposit.address, DUE)
  await world.mine(3)
  await world.read()
  const node = world.ctx.nodes.get(world.chainId)
  assert.ok(node)
  const invent = (block: Block): Block => {
    const invented = block.transfers.map(transfer => ({ ...transfer, to: session.deposit.address, place: '99' }))
    return { ...block, transfers: [...block.transfers, ...invented] }
  }
  const lying: typeof node = { ...node, block: async id => invent(await node.block(id)) }
  const ctx = { ...world.ctx, nodes: new Map([[world.chainId, lying]]) }
  const scope = { organizationId: api.caller.organizationId, deposit: session.deposit.address }
  await assert.rejects(recoverTransaction(ctx, scope, world.chainId, hash), { code: 'transaction_pays_nothing' })
  assert.deepEqual(await transfersOf(session), [])
})

test('F92: coin that a contract sent to a session that takes none is found for the session that is named', async () => {
  const session = await newSession()
  const hash = await world.sendInside([{ to: session.deposit.address, amountRaw: WEI }])
  await world.mine(3)
  await world.read()
  assert.deepEqual(await transfersOf(session), [])
  assert.equal(
    await api.refused('POST', BY_HASH, ask(world.chainId, hash)),
    '400 transaction_pays_nothing transactionHash',
  )
  await api.ok('POST', pathOf(session), ask(world.chainId, hash))
  await api.ok('POST', pathOf(session), ask(world.chainId, hash))
  assert.deepEqual(await transfersOf(session), [['native', WEI, null]])
  await world.mine(1)
  await world.read()
  const { exceptions } = await readSession(world.ctx, session)
  assert.deepEqual(exceptions, ['wrong_token'])
})

describe('what is refused', () => {
  test('unknown, reverted and unrelated transactions, chains that are not served, hashes that are none', async () => {
    const session = await newSession()
    const [from, to] = world.wallet.accounts
    const unrelated = await world.wallet.send({ from, to, value: 1n })
    // A token of which there is not enough.
    const data: Hex = `0xa9059cbb${session.deposit.address.slice(2).padStart(64, '0')}${'f'.repeat(64)}`
    const reverted = await world.wallet.send({
      from: to,
      to: early.token.assets[0]?.asset.address ?? to,
      data,
      gas: 100_000n,
    })
    await world.mine(1)
    await world.read()
    const refused = (chainId: number, hash: string) =>
      api.refused('POST', pathOf(session), { chainId, transactionHash: hash })
    const { chainId } = world
    assert.equal(await refused(chainId, hashFor('nothing')), '400 transaction_not_found transactionHash')
    assert.equal(await refused(chainId, reverted), '400 transaction_failed transactionHash')
    assert.equal(await refused(chainId, unrelated), '400 transaction_pays_nothing transactionHash')
    assert.equal(await refused(5, unrelated), '400 network_unsupported chainId')
    assert.equal(await refused(chainId, '0xabc'), '400 parameter_invalid transactionHash')
    assert.match(await api.refused('POST', BY_HASH, {}), /^400 parameter_missing/)
  })

  test("another's transaction and session are as absent as those that never were", async () => {
    const body = ask(world.chainId, early.tokenHash)
    assert.equal(await foreign.refused('POST', BY_HASH, body), '400 transaction_pays_nothing transactionHash')
    for (const id of [early.token.id, ABSENT]) {
      assert.equal(await foreign.refused('POST', pathOf({ id }), body), '404 resource_missing')
    }
  })

  test('keys that may not; and a key that was used is replayed', async () => {
    const body = ask(world.chainId, early.tokenHash)
    const reader = await openApiCaller(world.ctx, { of: api.caller, key: ['checkout_sessions:read'] })
    const page = await openApiCaller(world.ctx, { of: api.caller, key: 'publishable' })
    for (const path of [BY_HASH, pathOf(early.token)]) {
      assert.equal(await reader.refused('POST', path, body), '403 insufficient_permissions')
      assert.equal(await page.refused('POST', path, body), '403 key_type')
      const once = { 'idempotency-key': path }
      const first = await api.call('POST', path, body, once)
      const again = await api.call('POST', path, body, once)
      assert.deepEqual([first.status, again.answer], [200, first.answer])
      assert.equal(again.headers.get('idempotent-replayed'), 'true')
    }
  })
})
