import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, openBareContext, paymentTo, recordChain, testChainConfig } from '../../test/harness/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/testDatabase.ts'
import { recordHealth } from '../actions/chainHealth.ts'
import type { AssetReason, ChainReason, Finding } from '../domain/chainHealth.ts'
import { chainEventId } from '../domain/chainView.ts'
import { createApp } from './app.ts'

const CHAIN_ID = 80001
const OTHER_CHAIN = 80002
const WELL = { status: 'ok', reason: null, since: null }

let database: TestDatabase
let ctx: Awaited<ReturnType<typeof openBareContext>>
let merchant: ApiCaller

before(async () => {
  database = await createTestDatabase()
  ctx = await openBareContext(database.url, {
    chains: [testChainConfig(), testChainConfig({ chainId: OTHER_CHAIN })],
  })
  merchant = await openApiCaller(ctx)
})

after(async () => {
  await ctx.close()
  await database.drop()
})

const usdc = () => testChainConfig().assets[0]?.id ?? ''

const chainIs = (reason: ChainReason, isWrong: boolean): Finding => ({ assetId: null, reason, isWrong })

const usdcIs = (reason: AssetReason, isWrong: boolean): Finding => ({ assetId: usdc(), reason, isWrong })

async function find(...findings: Finding[]): Promise<void> {
  ctx.clock.advance(1000)
  await recordHealth(ctx, CHAIN_ID, findings)
}

const healthOf = async (path: string) => (await merchant.ok('GET', path)).health

type Page = { chains: { id: number; health: string }[] }

/** What a payer is told of the session's chain, and the page that says so. */
async function seenByPayer(sessionId: string): Promise<[string | undefined, string]> {
  const app = createApp(ctx)
  const view = await app.request(`/api/v1/payment-pages/for-checkout-session/${sessionId}`)
  const { chains } = (await view.json()) as Page
  const page = await (await app.request(`/payment/checkout-session/${sessionId}`)).text()
  const text = page.replace(/<[^>]*>/g, '')
  const notice = /Test chain 80001 is [^.]*\. [^.]*\./.exec(text)?.[0] ?? ''
  return [chains.find(({ id }) => id === CHAIN_ID)?.health, notice]
}

test('chains are listed by their numbers, coins by their ids, with the parameters of every list', async () => {
  const list = async (path: string) => ((await merchant.ok('GET', path)).data as { id: unknown }[]).map(({ id }) => id)
  assert.deepEqual(await list('/chains'), [CHAIN_ID, OTHER_CHAIN])
  assert.deepEqual(await list('/chains?limit=1&page=2'), [OTHER_CHAIN])
  assert.deepEqual(await list(`/chains?startingAfter=${CHAIN_ID}`), [OTHER_CHAIN])
  assert.deepEqual(await list(`/chains?ids=${OTHER_CHAIN},1`), [OTHER_CHAIN])
  const assets = await list('/assets')
  assert.equal(assets.length, 8)
  assert.deepEqual(await list(`/assets?limit=2&startingAfter=${assets[2]}`), assets.slice(3, 5))
  assert.deepEqual(await list(`/assets?ids=${assets[5]},${assets[1]}`), [assets[1], assets[5]])
  // What is configured has no time of creation.
  for (const path of ['/chains', '/assets']) {
    assert.equal((await list(`${path}?createdAt[isnull]=true`)).length, path === '/chains' ? 2 : 8)
    assert.deepEqual(await list(`${path}?createdAt[notnull]=true`), [])
    assert.deepEqual(await list(`${path}?createdAt[lt]=${encodeURIComponent('2030-01-01T00:00:00.000Z')}`), [])
  }
  for (const [path, refusal] of [
    ['/chains?ids=polygon', 'parameter_invalid ids[0]'],
    [`/chains?startingAfter=${assets[0]}`, 'parameter_invalid startingAfter'],
    ['/chains?startingAfter=1', 'cursor_invalid startingAfter'],
    ['/assets?ids=1', 'parameter_invalid ids'],
    ['/assets?startingAfter=1', 'cursor_invalid startingAfter'],
    ['/assets?chainId=1', 'parameter_unknown chainId'],
  ]) {
    assert.equal(await merchant.refused('GET', String(path)), `400 ${refusal}`)
  }
  assert.equal(await merchant.refused('GET', '/chains/1'), '404 resource_missing')
  assert.equal(await merchant.refused('GET', `/assets/00000000-0000-7000-8000-000000000000`), '404 resource_missing')
})

test('what is not public is not listed, and can be asked for by name', async t => {
  const hidden = testChainConfig({ chainId: OTHER_CHAIN })
  const [usdc, usdt] = testChainConfig().assets
  assert.ok(usdc !== undefined && usdt !== undefined)
  const own = await createTestDatabase()
  const apart = await openBareContext(own.url, {
    chains: [
      { ...testChainConfig(), assets: [usdc, { ...usdt, isPublic: false }] },
      { ...hidden, chain: { ...hidden.chain, isPublic: false } },
    ],
  })
  t.after(async () => {
    await apart.close()
    await own.drop()
  })
  const api = await openApiCaller(apart)
  const list = async (path: string) => ((await api.ok('GET', path)).data as { id: unknown }[]).map(({ id }) => id)
  assert.deepEqual([await list('/chains'), await list('/assets')], [[CHAIN_ID], [usdc.id]])
  assert.equal((await api.ok('GET', `/chains/${OTHER_CHAIN}`)).isPublic, false)
  assert.equal((await api.ok('GET', `/assets/${usdt.id}`)).symbol, 'USDT')
})

test('callers see what is wrong with a chain and its coins, the gravest first, and since when', async () => {
  assert.deepEqual(await healthOf(`/chains/${CHAIN_ID}`), WELL)
  await find(chainIs('finality_stalled', true))
  const since = ctx.clock.now().toISOString()
  assert.deepEqual(await healthOf(`/chains/${CHAIN_ID}`), { status: 'degraded', reason: 'finality_stalled', since })
  await find(chainIs('probe_failed', true), usdcIs('decimals_changed', true))
  const later = ctx.clock.now().toISOString()
  assert.deepEqual(await healthOf(`/chains/${CHAIN_ID}`), { status: 'off', reason: 'probe_failed', since: later })
  assert.deepEqual(await healthOf(`/assets/${usdc()}`), { status: 'off', reason: 'decimals_changed', since: later })
  const { data } = (await merchant.ok('GET', '/chains')) as {
    data: { id: number; health: unknown; assets: object[] }[]
  }
  assert.deepEqual(data.find(({ id }) => id === OTHER_CHAIN)?.health, WELL)
  await find(chainIs('probe_failed', false))
  assert.deepEqual(await healthOf(`/chains/${CHAIN_ID}`), { status: 'degraded', reason: 'finality_stalled', since })
  await find(chainIs('finality_stalled', false), usdcIs('decimals_changed', false))
  assert.deepEqual(await healthOf(`/chains/${CHAIN_ID}`), WELL)
  assert.deepEqual(await healthOf(`/assets/${usdc()}`), WELL)
})

test('every merchant with a wallet there is told of each change once, with the chain as a GET answers it', async () => {
  const other = await openApiCaller(ctx)
  const { organizationId } = other.caller
  await find(chainIs('halted', true))
  await find(chainIs('halted', true))
  await find(chainIs('halted', true), chainIs('finality_stalled', false))
  const chain = await other.ok('GET', `/chains/${CHAIN_ID}`)
  await find(chainIs('halted', false))
  const { rows } = await ctx.db.owner.query(
    'select type, object, data, sequence from events where object_id = $1 order by sequence',
    [chainEventId(organizationId, CHAIN_ID)],
  )
  assert.deepEqual(
    rows.map(({ type, object, sequence }) => [type, object, sequence]),
    [
      ['chain.degraded', 'chain', 1],
      ['chain.recovered', 'chain', 2],
    ],
  )
  assert.deepEqual(rows[0].data, chain)
})

test('A2.5: a chain that is off is refused by name with the reason, and left out by default', async () => {
  const body = (setting?: object) => ({
    successUrl: 'https://shop.example/thanks',
    lineItems: {
      data: [{ quantity: 1, priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Tea' } } }],
    },
    ...(setting && { paymentSetting: setting }),
  })
  const chainsOf = async () => {
    const { paymentSetting } = await merchant.ok('POST', '/checkout/sessions', body())
    return (paymentSetting as { allowedChains: { chainId: number }[] }).allowedChains.map(({ chainId }) => chainId)
  }
  await find(chainIs('providers_missing', true))
  assert.deepEqual(await chainsOf(), [OTHER_CHAIN])
  const named = body({ allowedChains: [{ chainId: CHAIN_ID }] })
  const { status, answer, headers } = await merchant.call('POST', '/checkout/sessions', named)
  assert.deepEqual([status, answer.code, answer.type], [503, 'chain_unavailable', 'api_error'])
  assert.equal(answer.param, 'paymentSetting.allowedChains[0].chainId')
  assert.match(String(answer.message), /providers_missing/)
  assert.equal(headers.get('retry-after'), '60')
  await recordHealth(ctx, OTHER_CHAIN, [chainIs('factory_missing', true)])
  assert.equal((await merchant.call('POST', '/checkout/sessions', body())).status, 503)
  await recordHealth(ctx, OTHER_CHAIN, [chainIs('factory_missing', false), chainIs('halted', true)])
  assert.deepEqual(await chainsOf(), [OTHER_CHAIN], 'one that stands still is better than none')
  await find(chainIs('providers_missing', false))
  assert.deepEqual(await chainsOf(), [CHAIN_ID], 'and is left out where others go on')
  await recordHealth(ctx, OTHER_CHAIN, [chainIs('halted', false)])
})

test('F90 G31 G32: a payer is told in plain words when the network is slow, stands still or is unstable', async () => {
  const session = await createSession(ctx, merchant.caller, { chainIds: [CHAIN_ID] })
  assert.deepEqual(await seenByPayer(session.id), ['ok', ''])
  const cases = [
    [
      'finality_stalled',
      'slow',
      'slow to finalise payments at the moment. You can pay; confirming takes longer than usual.',
    ],
    ['halted', 'halted', 'making no blocks at the moment. Wait until it works again before you pay.'],
    ['halted_deep_reorg', 'unstable', 'unstable at the moment. Wait until it works again before you pay.'],
    ['factory_missing', 'unstable', 'unstable at the moment. Wait until it works again before you pay.'],
  ] as const
  for (const [reason, health, words] of cases) {
    await find(chainIs(reason, true))
    assert.deepEqual(await seenByPayer(session.id), [health, `Test chain 80001 is ${words}`])
    await find(chainIs(reason, false))
  }
  const chain = await recordChain(ctx)
  await chain.mine(block => [paymentTo(session, block)])
  await find(chainIs('finality_stalled', true))
  const [, notice] = await seenByPayer(session.id)
  assert.match(notice, /slow to finalise payments at the moment\. Your payment was seen/)
  await find(chainIs('finality_stalled', false))
})
