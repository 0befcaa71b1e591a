// The same address exists on every chain: what arrives on one that the session does not take is told and never counted, whether it
// could be swept there or not.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import type { Caller } from '../../src/actions/caller.ts'
import { checkChain } from '../../src/actions/checkChain.ts'
import { openChain } from '../../src/chain/openChain.ts'
import { chainHealth } from '../../src/domain/chainHealth.ts'
import { createApp } from '../../src/http/app.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { type ChainWallet, openChainWallet } from '../harness/chainWallet.ts'
import {
  createOrganization,
  createSession,
  openBareContext,
  readSession,
  recordChain,
  testChainConfig,
} from '../harness/fixtures.ts'
import { startTestChain, type TestChain } from '../harness/testChain.ts'
import { createTestDatabase, type TestDatabase } from '../harness/testDatabase.ts'
import { outcomeOf } from './detectionWorld.ts'

/** The chain that sessions are paid on is made by hand; the other one is real. */
const [TAKEN, OTHER] = [80002, 80001]
const UNPAID = { status: 'open', intent: 'requires_payment_method', exceptions: ['wrong_chain'], received: null }

let chain: TestChain
let wallet: ChainWallet
let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let caller: Caller
let read: () => Promise<void>
before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  await wallet.mintUsdc(wallet.accounts[0], 10n ** 12n)
  const usdc = testChainConfig({ chainId: OTHER, rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
  const real = { ...usdc, assets: usdc.assets.filter(({ currency }) => currency === 'usdc' || currency === 'eth') }
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, { chains: [testChainConfig({ chainId: TAKEN }), real] })
  caller = await createOrganization(ctx)
  await recordChain(ctx, TAKEN)
  const node = openChain(real)
  const reading = readChain(ctx, OTHER, node, new AbortController().signal)
  read = async () => {
    for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
  }
  await read()
})
after(async () => {
  await ctx.close()
  await database.drop()
  await chain.stop()
})

/** Pays the whole price on the other chain, where it becomes final. */
async function payThere(session: Awaited<ReturnType<typeof createSession>>): Promise<void> {
  await wallet.transferUsdc(session.deposit.address, 10_000_000n)
  await wallet.call('anvil_mine', '0x3')
  await read()
}

async function pageOf({ id }: { id: string }): Promise<string> {
  const page = await createApp(ctx).request(`/payment/checkout-session/${id}`)
  assert.equal(page.status, 200)
  return (await page.text()).replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
}

async function checkOther(): Promise<string | null> {
  const config = ctx.chains.get(OTHER)
  assert.ok(config)
  await checkChain(ctx, config, openChain(config))
  return chainHealth(ctx.health.now(), OTHER).reason
}

test('F89: the right token on another chain that is served is unmatched, with its reason', async () => {
  assert.equal(await checkOther(), null)
  const session = await createSession(ctx, caller, { chainIds: [TAKEN] })
  await payThere(session)
  const found = await readSession(ctx, session)
  assert.deepEqual(outcomeOf(found), UNPAID)
  assert.deepEqual(
    found.transfers.map(({ unmatchedReason, asset }) => [unmatchedReason, asset.chainId, asset.currency]),
    [['wrong_chain', OTHER, 'usdc']],
  )
})

test('F90: where the factory is absent nothing is offered, the page warns before, and what comes all the same is told with whom to ask', async () => {
  const code = await wallet.call('eth_getCode', depositFactoryAddress, 'latest')
  await wallet.call('anvil_setCode', depositFactoryAddress, '0x')
  assert.equal(await checkOther(), 'factory_missing')
  await assert.rejects(createSession(ctx, caller, { chainIds: [OTHER] }), { code: 'chain_unavailable' })
  const session = await createSession(ctx, caller)
  assert.deepEqual(
    session.paymentSetting.allowedChains.map(({ chainId }) => chainId),
    [TAKEN],
  )
  assert.match(
    await pageOf(session),
    new RegExp(`Send only USDC on Test chain ${TAKEN}\\. Another coin or network may be lost\\.`),
  )

  await payThere(session)
  assert.deepEqual(outcomeOf(await readSession(ctx, session)), UNPAID)
  const page = await pageOf(session)
  assert.match(page, /Money arrived on a network that is not accepted here, so it was not counted\. .*Ask them/)
  assert.ok(page.includes(session.id), 'with the reference to tell')
  const api = await openApiCaller(ctx, { of: caller })
  const { data } = await api.ok('GET', `/unmatched-payments?checkoutSessionId=${session.id}`)
  assert.deepEqual(
    (data as { reason: string; status: string }[]).map(({ reason, status }) => [reason, status]),
    [['wrong_chain', 'open']],
  )
  await wallet.call('anvil_setCode', depositFactoryAddress, code)
})
