import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, eventTypes, testChainConfig, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { BlockHeader, WatchedChain } from '../chain/chainNode.ts'
import { checksumAddress } from '../domain/address.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { withdrawalAddressSchema } from './organizationObjects.ts'

const PATH = '/organization/withdrawal-addresses'
const ABSENT = '00000000-0000-7000-8000-000000000000'
const clock = testClock()
let t: TestContext
let live: TestContext
before(async () => {
  const chains = [testChainConfig(), testChainConfig({ chainId: 80002 })]
  t = await createTestContext({ clock, chains })
  live = await createTestContext({ clock, mode: 'live' })
})
after(async () => {
  await t.close()
  await live.close()
})

const wallet = () => `0x${randomBytes(20).toString('hex')}` as Hex

type Saved = Record<string, unknown> & { id: string; isDefault: boolean; chainId: number }

/** A caller without wallets, and what it saves. */
async function newMerchant() {
  const api = await openApiCaller(t.ctx)
  const remove = 'delete from withdrawal_addresses where organization_id = $1'
  await t.ctx.db.owner.query(remove, [api.caller.organizationId])
  const save = async (chainId = 80001, address = wallet()) => {
    clock.advance(1)
    return (await api.ok('POST', PATH, { name: 'Cold', address, chainId })) as Saved
  }
  return { api, save }
}

/** All that are saved, which `list` shows newest first. */
async function list({ call }: ApiCaller): Promise<Saved[]> {
  return (await call('GET', PATH)).answer as unknown as Saved[]
}

async function defaults(api: ApiCaller, chainId = 80001): Promise<string[]> {
  return (await list(api)).filter(saved => saved.isDefault && saved.chainId === chainId).map(({ id }) => id)
}

test('a withdrawal address from its creation to its deletion, each told once', async () => {
  const { api, save } = await newMerchant()
  const address = wallet()
  const saved = await save(80001, checksumAddress(address))
  assert.deepEqual(withdrawalAddressSchema.strict().parse(saved), saved)
  assert.deepEqual([saved.address, saved.isDefault], [address, true])
  assert.deepEqual(await api.ok('GET', `${PATH}/${saved.id}`), saved)
  assert.deepEqual(await list(api), [saved])
  clock.advance(1000)
  const next = wallet()
  const changed = { ...saved, name: 'Hot', address: next, updatedAt: clock.now().toISOString() }
  assert.deepEqual(await api.ok('PUT', `${PATH}/${saved.id}`, { name: 'Hot', address: next }), changed)
  assert.deepEqual(await api.ok('PUT', `${PATH}/${saved.id}`, { name: 'Hot' }), changed)
  await api.ok('DELETE', `${PATH}/${saved.id}`)
  assert.deepEqual(await list(api), [])
  assert.deepEqual(await eventTypes(t.ctx, saved.id), [
    'withdrawal_address.created',
    'withdrawal_address.updated',
    'withdrawal_address.deleted',
  ])
})

test('the first of a network is its default; one is marked; the oldest takes the place of one that is deleted', async () => {
  const { api, save } = await newMerchant()
  const [first, second, third] = [await save(), await save(), await save()]
  const elsewhere = await save(80002)
  assert.deepEqual(await defaults(api), [first.id])
  assert.deepEqual(await defaults(api, 80002), [elsewhere.id])
  const { status } = await api.call('POST', `${PATH}/${third.id}/mark-as-default`)
  assert.equal(status, 200)
  assert.deepEqual(await defaults(api), [third.id])
  await api.ok('DELETE', `${PATH}/${third.id}`)
  assert.deepEqual(await defaults(api), [first.id])
  await api.ok('DELETE', `${PATH}/${second.id}`)
  assert.deepEqual(await defaults(api), [first.id])
  assert.deepEqual(await defaults(api, 80002), [elsewhere.id])
  assert.deepEqual(await eventTypes(t.ctx, first.id), [
    'withdrawal_address.created',
    'withdrawal_address.updated',
    'withdrawal_address.updated',
  ])
})

test('whatever is done at once, each network with wallets has one default', async () => {
  const { api, save } = await newMerchant()
  const saved = await Promise.all([save(), save(), save()])
  assert.equal((await defaults(api)).length, 1)
  await Promise.all(saved.map(({ id }) => api.call('POST', `${PATH}/${id}/mark-as-default`)))
  assert.equal((await defaults(api)).length, 1)
  const [a, b] = saved
  await Promise.all([
    api.call('DELETE', `${PATH}/${a?.id}`),
    api.call('POST', `${PATH}/${b?.id}/mark-as-default`),
    save(),
  ])
  assert.equal((await defaults(api)).length, 1)
  const same = wallet()
  const twice = await Promise.all(
    [1, 2].map(() => api.call('POST', PATH, { name: 'Twice', address: same, chainId: 80001 })),
  )
  assert.deepEqual(twice.map(({ status }) => status).toSorted(), [200, 400])
})

test('the first wallet of a network enables it at checkout, and the last takes it away', async () => {
  const { api, save } = await newMerchant()
  const one = await save(80001)
  await api.ok('PUT', '/organization/payment-setting', { allowedChains: [{ chainId: 80001 }], preferredChainId: 80001 })
  await save(80002)
  const setting = await api.ok('GET', '/organization/payment-setting')
  assert.deepEqual(setting.allowedChains, [{ chainId: 80001 }, { chainId: 80002 }])
  await api.ok('DELETE', `${PATH}/${one.id}`)
  const left = await api.ok('GET', '/organization/payment-setting')
  assert.deepEqual([left.allowedChains, left.preferredChainId], [[{ chainId: 80002 }], null])
})

test('F26, F177: an address that is mistyped, or that nobody gets money back from, is refused', async () => {
  const { api, save } = await newMerchant()
  const other = await openApiCaller(t.ctx)
  const session = await createSession(t.ctx, other.caller)
  const chain = t.ctx.chains.get(80002)
  const known = await save()
  for (const [body, refusal] of [
    [{ address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD' }, '400 address_checksum address'],
    [{ address: '0x00' }, '400 address_invalid address'],
    [{ address: `0x${'00'.repeat(20)}` }, '400 address_forbidden address'],
    [{ address: `0x${'00'.repeat(19)}09` }, '400 address_forbidden address'],
    [{ address: `0x${'00'.repeat(18)}dead` }, '400 address_forbidden address'],
    [{ address: `0xdead${'0'.repeat(32)}dead` }, '400 address_forbidden address'],
    [{ address: `0x${'ee'.repeat(20)}` }, '400 address_forbidden address'],
    [{ address: chain?.assets[0]?.address }, '400 address_forbidden address'],
    [{ address: chain?.deposit.factory }, '400 address_forbidden address'],
    [{ address: session.deposit.address }, '400 address_forbidden address'],
    [{ address: known.address }, '400 address_exists address'],
    [{ chainId: 1 }, '400 network_unsupported chainId'],
    [{ name: '' }, '400 name_invalid name'],
  ] as const) {
    const asked = { name: 'Cold', address: wallet(), chainId: 80001, ...body }
    assert.equal(await api.refused('POST', PATH, asked), refusal, JSON.stringify(body))
    const { chainId, ...changes } = asked
    if (chainId === 80001 && body !== undefined && !('address' in body && body.address === known.address)) {
      assert.equal(await api.refused('PUT', `${PATH}/${known.id}`, changes), refusal)
    }
  }
})

test('C7.5, F177: that another organization has saved a wallet is neither refused nor told', async () => {
  const [one, other] = [await newMerchant(), await newMerchant()]
  const shared = wallet()
  const kept = await one.save(80001, shared)
  const again = await other.save(80001, shared)
  const { id, createdAt, updatedAt, ...seen } = again
  assert.notEqual(id, kept.id)
  assert.ok(createdAt === updatedAt)
  assert.deepEqual(seen, { name: 'Cold', address: shared, chainId: 80001, isDefault: true, provedAt: null })
})

test('F177: a contract that is on another chain alone is refused, and a chain that does not answer hinders nothing', async () => {
  const safe = wallet()
  const delegated = wallet()
  const header = {} as BlockHeader
  const nodeWith = (codes: Partial<Record<Hex, Hex>>) =>
    ({
      head: () => Promise.resolve(header),
      code: (address: Hex) => Promise.resolve(codes[address] ?? '0x'),
      call: () => Promise.resolve(null),
      nonce: () => Promise.resolve(1n),
    }) as Partial<WatchedChain> as WatchedChain
  const down = {
    head: () => Promise.reject(new UpstreamError('down', { retryable: true })),
  } as Partial<WatchedChain> as WatchedChain
  const there = nodeWith({ [safe]: '0x6080', [delegated]: `0xef0100${'12'.repeat(20)}` })
  const saveWith = async (nodes: [number, WatchedChain][], address: Hex, chainId: number) => {
    const api = await openApiCaller({ ...t.ctx, nodes: new Map(nodes) })
    const { status, answer } = await api.call('POST', PATH, { name: 'Safe', address, chainId })
    if (status === 200) assert.equal(await api.refused('PUT', `${PATH}/${answer.id}`, { address: token }), forbidden)
    return status === 200 ? 'saved' : `${status} ${answer.code} ${answer.param}`
  }
  const [token = safe] = (t.ctx.chains.get(80002)?.assets ?? []).map(({ address }) => address)
  const forbidden = '400 address_forbidden address'
  const both: [number, WatchedChain][] = [
    [80001, nodeWith({})],
    [80002, there],
  ]
  assert.equal(await saveWith(both, safe, 80001), forbidden)
  assert.equal(await saveWith(both, safe, 80002), 'saved')
  assert.equal(await saveWith(both, delegated, 80001), 'saved')
  assert.equal(await saveWith(both, wallet(), 80001), 'saved')
  assert.equal(
    await saveWith(
      [
        [80001, down],
        [80002, there],
      ],
      safe,
      80001,
    ),
    'saved',
  )
  assert.equal(
    await saveWith(
      [
        [80001, nodeWith({})],
        [80002, down],
      ],
      safe,
      80001,
    ),
    'saved',
  )
})

test('open sessions keep the address that they were created with', async () => {
  const { api, save } = await newMerchant()
  const old = await save()
  const body = {
    lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Tea' } } }] },
    successUrl: 'https://shop.example/thanks',
  }
  const session = await api.ok('POST', '/checkout/sessions', body)
  const next = wallet()
  await api.ok('PUT', `${PATH}/${old.id}`, { address: next })
  const receivers = (of: Record<string, unknown>) =>
    (of.addresses as { proof: { payouts: { receiver: string }[] } }[])[0]?.proof.payouts.map(row => row.receiver)
  assert.deepEqual(receivers(await api.ok('GET', `/checkout/sessions/${session.id}`)), [old.address])
  assert.deepEqual(receivers(await api.ok('POST', '/checkout/sessions', body)), [next])
})

test('foreign is as absent, keys need the scope, and a repeated POST saves once', async () => {
  const { api, save } = await newMerchant()
  const saved = await save()
  const stranger = await openApiCaller(t.ctx)
  const reader = await openApiCaller(t.ctx, { of: api.caller, key: ['organization:read'] })
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PUT', '', { name: 'Mine' }],
    ['DELETE', '', undefined],
    ['POST', '/mark-as-default', undefined],
  ] as const) {
    const { answer: foreign } = await stranger.call(method, `${PATH}/${saved.id}${path}`, body)
    const { answer: absent } = await stranger.call(method, `${PATH}/${ABSENT}${path}`, body)
    assert.deepEqual({ ...foreign, requestId: absent.requestId }, absent)
    assert.equal(foreign.code, 'resource_missing')
    if (method !== 'GET') {
      assert.equal(await reader.refused(method, `${PATH}/${saved.id}${path}`, body), '403 insufficient_permissions')
    }
  }
  const asked = { name: 'Once', address: wallet(), chainId: 80001 }
  const once = () => api.call('POST', PATH, asked, { 'idempotency-key': 'once' })
  const [first, again] = [await once(), await once()]
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(again.answer, first.answer)
  assert.equal((await list(api)).length, 2)
})

test('A5.8: in live mode no key changes a withdrawal address', async () => {
  const api = await openApiCaller(live.ctx)
  const [saved] = await list(api)
  assert.ok(saved)
  for (const [method, path, body] of [
    ['POST', PATH, { name: 'Mine', address: wallet(), chainId: 80001 }],
    ['PUT', `${PATH}/${saved.id}`, { name: 'Mine' }],
    ['DELETE', `${PATH}/${saved.id}`, undefined],
    ['POST', `${PATH}/${saved.id}/mark-as-default`, undefined],
  ] as const) {
    assert.equal(await api.refused(method, path, body), '403 dashboard_only')
  }
  assert.deepEqual(await list(api), [saved])
})
