import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testChainConfig, testClock } from '../../test/harness/fixtures.ts'
import { openMember } from '../../test/harness/memberVisitor.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { applyAddressChanges } from '../actions/addressChanges.ts'
import { checkAuditLog } from '../actions/auditLog.ts'
import { updateWithdrawalAddress } from '../actions/changeWithdrawalAddress.ts'
import { applyOwnerChanges } from '../actions/ownerChanges.ts'
import { checksumAddress } from '../domain/address.ts'
import type { Hex } from '../domain/hex.ts'

const PATH = '/api/v1/organization/withdrawal-addresses'
const HOUR = 3_600_000
const clock = testClock()
let live: TestContext
before(async () => {
  live = await createTestContext({
    clock,
    mode: 'live',
    chains: [testChainConfig(), testChainConfig({ chainId: 80002 })],
  })
})
after(() => live.close())

const wallet = () => `0x${randomBytes(20).toString('hex')}` as Hex

type Saved = { id: string; name: string; address: Hex; chainId: number; isDefault: boolean }
type Change = { id: string; kind: string; dueAt: string; requestedBy: { email: string }; before: Saved; after: Saved }

/** A merchant with a wallet on the first chain, and its owner. */
async function newMerchant() {
  const api = await openApiCaller(live.ctx)
  const { organizationId } = api.caller
  const remove = 'delete from withdrawal_addresses where organization_id = $1'
  await live.ctx.db.owner.query(remove, [organizationId])
  const owner = await openMember(live.ctx, organizationId, 'owner')
  const first = await owner.ok<Saved>('POST', PATH, { name: 'Cold', address: wallet(), chainId: 80001 })
  const wait = async (ms: number) => {
    clock.advance(ms)
    // As the worker does it.
    await applyOwnerChanges(live.ctx, 100)
    return await applyAddressChanges(live.ctx, 100)
  }
  const changes = async () => (await owner.ask<Change[]>('GET', '/address-changes')).body
  return { api, organizationId, owner, first, wait, changes }
}

/** What is saved, as sessions are made with it. */
async function saved({ call }: ApiCaller): Promise<Saved[]> {
  return (await call('GET', '/organization/withdrawal-addresses')).answer as unknown as Saved[]
}

async function mails(organizationId: string): Promise<{ recipient: string; text: string }[]> {
  const query = `select recipient, text from emails where organization_id = $1 and kind = 'address_change' order by id`
  return (await live.ctx.db.owner.query(query, [organizationId])).rows
}

test('A5.8: in live mode an address is changed by an owner who has confirmed with two factors, a day after all owners were told', async () => {
  const { api, organizationId, owner, first, wait, changes } = await newMerchant()
  const second = await openMember(live.ctx, organizationId, 'owner')
  const next = wallet()
  const ask = (who = owner) => who.fetch<Saved>('PUT', `${PATH}/${first.id}`, { address: next })
  const told = (await mails(organizationId)).length

  // Each condition in turn is missing.
  assert.equal(
    await api.refused('PUT', `/organization/withdrawal-addresses/${first.id}`, { address: next }),
    '403 dashboard_only',
  )
  const admin = await openMember(live.ctx, organizationId, 'admin')
  assert.equal((await ask(admin)).code, 'insufficient_permissions')
  await owner.enter({ isStrong: false })
  assert.deepEqual([(await ask()).status, (await ask()).code], [403, 'second_factor_missing'])
  const person = { userId: owner.userId, role: 'owner', confirmedAt: clock.now(), isStrong: false } as const
  const weak = updateWithdrawalAddress(live.ctx, { ...api.caller, person }, first.id, { address: next })
  await assert.rejects(weak, { code: 'second_factor_missing' })
  await owner.enter()
  clock.advance(10 * 60_000)
  assert.deepEqual([(await ask()).status, (await ask()).code], [403, 'confirmation_required'])
  assert.deepEqual(await changes(), [])

  await owner.enter()
  const { status, body } = await ask()
  assert.deepEqual([status, body.address], [200, first.address])
  const [change] = await changes()
  assert.ok(change)
  assert.deepEqual([change.kind, change.requestedBy.email], ['update', owner.email])
  assert.deepEqual([change.before.address, change.after.address], [first.address, next])
  assert.equal(change.dueAt, new Date(clock.now().getTime() + 24 * HOUR).toISOString())
  const sent = (await mails(organizationId)).slice(told)
  assert.deepEqual(sent.map(({ recipient }) => recipient).toSorted(), [owner.email, second.email].toSorted())
  for (const { text } of sent) {
    assert.ok(text.includes(checksumAddress(first.address)) && text.includes(checksumAddress(next)), text)
    assert.ok(text.includes(owner.email), text)
  }

  assert.equal(await wait(24 * HOUR - 1), 0)
  assert.deepEqual(await saved(api), [body])
  assert.equal(await wait(1), 1)
  assert.deepEqual(
    (await saved(api)).map(({ address }) => address),
    [next],
  )
  await owner.enter()
  assert.deepEqual(await changes(), [])
  assert.equal((await checkAuditLog(live.ctx, organizationId)).isIntact, true)
})

test('the first address of a chain counts at once, and every other change waits: another, another default, a deletion', async () => {
  const { api, organizationId, owner, first, wait, changes } = await newMerchant()
  clock.advance(1)
  const elsewhere = await owner.ok<Saved>('POST', PATH, { name: 'There', address: wallet(), chainId: 80002 })
  assert.deepEqual(
    (await saved(api)).map(({ id }) => id),
    [elsewhere.id, first.id],
  )
  const told = (await mails(organizationId)).at(-1)?.text ?? ''
  assert.ok(told.includes(checksumAddress(elsewhere.address)) && told.includes('This counts now'), told)
  assert.equal(
    await owner.refused('POST', PATH, { name: 'Twice', address: first.address, chainId: 80001 }),
    '400 address_exists',
  )

  const second = await owner.ok<Saved>('POST', PATH, { name: 'Hot', address: wallet(), chainId: 80001 })
  assert.equal(second.isDefault, false)
  assert.equal(await owner.refused('POST', `${PATH}/${second.id}/mark-as-default`), '404 resource_missing')
  await wait(24 * HOUR)
  await owner.enter()
  await owner.ok('POST', `${PATH}/${second.id}/mark-as-default`)
  const renamed = await owner.ok<Saved>('PUT', `${PATH}/${second.id}`, { name: 'Warm', address: second.address })
  assert.equal(renamed.name, 'Warm')
  clock.advance(1)
  await owner.ok('DELETE', `${PATH}/${elsewhere.id}`)
  assert.deepEqual(
    (await changes()).map(({ kind }) => kind),
    ['make_default', 'delete'],
  )
  assert.equal((await saved(api)).length, 3)
  await wait(24 * HOUR)
  const after = await saved(api)
  assert.deepEqual(
    after.map(({ id, name, isDefault }) => [id, name, isDefault]),
    [
      [second.id, 'Warm', true],
      [first.id, 'Cold', false],
    ],
  )
})

test('any owner cancels a change, nobody else does, and what has become impossible changes nothing', async () => {
  const { api, organizationId, owner, first, wait, changes } = await newMerchant()
  const stranger = await openMember(live.ctx, (await openApiCaller(live.ctx)).caller.organizationId, 'owner')
  const other = await openMember(live.ctx, organizationId, 'owner')
  const admin = await openMember(live.ctx, organizationId, 'admin')
  await owner.ok('PUT', `${PATH}/${first.id}`, { address: wallet() })
  const [change] = await changes()
  const path = `/api/account/address-changes/${change?.id}`
  assert.equal(await admin.refused('DELETE', path), '403 insufficient_permissions')
  assert.equal(await stranger.refused('DELETE', path), '404 resource_missing')
  assert.deepEqual((await stranger.ask<Change[]>('GET', '/address-changes')).body, [])
  await other.ok('DELETE', path)
  assert.equal(await other.refused('DELETE', path), '404 resource_missing')
  assert.equal(await wait(24 * HOUR), 0)
  assert.deepEqual(
    (await saved(api)).map(({ address }) => address),
    [first.address],
  )

  await owner.enter()
  const twice = wallet()
  await owner.ok('PUT', `${PATH}/${first.id}`, { address: twice })
  clock.advance(1)
  await owner.ok('POST', PATH, { name: 'Same', address: twice, chainId: 80001 })
  await wait(24 * HOUR)
  assert.deepEqual(
    (await saved(api)).map(({ address }) => address),
    [twice],
  )
  const { rows } = await live.ctx.db.owner.query(
    'select status from address_changes where organization_id = $1 order by id',
    [organizationId],
  )
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['canceled', 'applied', 'impossible'],
  )
})

test('A5.8: what somebody asked for who is no owner any more when it is due changes nothing', async () => {
  const { api, organizationId, owner, first, wait } = await newMerchant()
  const thieves = [
    await openMember(live.ctx, organizationId, 'owner'),
    await openMember(live.ctx, organizationId, 'owner'),
  ]
  const [lowered, removed] = thieves
  await owner.ok('PUT', `/api/v1/users/${lowered?.userId}/role`, { role: 'admin' })
  await owner.ok('DELETE', `/api/v1/users/${removed?.userId}`)
  for (const thief of thieves) await thief.ok('PUT', `${PATH}/${first.id}`, { address: wallet() })
  await wait(24 * HOUR)
  assert.deepEqual(
    (await saved(api)).map(({ address }) => address),
    [first.address],
  )
  const { rows } = await live.ctx.db.owner.query<{ status: string }>(
    'select status from address_changes where organization_id = $1',
    [organizationId],
  )
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['impossible', 'impossible'],
  )
})

test('A5.8: who asks to unmake an owner cancels what that one asked for, which would count before', async () => {
  const { api, organizationId, owner, first, wait, changes } = await newMerchant()
  const thief = await openMember(live.ctx, organizationId, 'owner')
  const own = await owner.ok<Saved>('POST', PATH, { name: 'Mine', address: wallet(), chainId: 80001 })
  const steal = () => thief.ok('PUT', `${PATH}/${first.id}`, { address: wallet() })
  for (const hours of [0, 1]) {
    await steal()
    clock.advance(hours * HOUR)
    await owner.enter()
    await owner.ok('DELETE', `/api/v1/users/${thief.userId}`)
    assert.deepEqual(
      (await changes()).map(({ after, requestedBy }) => [after.id, requestedBy.email]),
      [[own.id, owner.email]],
    )
    await thief.enter()
  }
  await wait(24 * HOUR)
  // Of two of the same millisecond, either is the newer.
  assert.deepEqual(
    new Map((await saved(api)).map(({ id, address }) => [id, address])),
    new Map([first, own].map(({ id, address }) => [id, address])),
  )
  assert.equal((await checkAuditLog(live.ctx, organizationId)).isIntact, true)
})

test('A5.8: payers are not sent to the first wallet of a chain alone before it has been there for a day', async () => {
  const { owner, wait } = await newMerchant()
  const setting = '/api/v1/organization/payment-setting'
  await wait(24 * HOUR)
  await owner.enter()
  await owner.ok('POST', PATH, { name: 'There', address: wallet(), chainId: 80002 })
  const alone = { allowedChains: [{ chainId: 80002 }] }
  assert.equal(await owner.refused('PUT', setting, alone), '400 parameter_invalid')
  assert.equal(await owner.refused('PUT', setting, { preferredChainId: 80002 }), '400 parameter_invalid')
  await owner.ok('PUT', setting, { allowedChains: [{ chainId: 80001 }, { chainId: 80002 }], preferredChainId: 80001 })
  await owner.ok('PUT', setting, { allowedChains: [{ chainId: 80001 }] })
  await wait(24 * HOUR)
  await owner.enter()
  await owner.ok('PUT', setting, { ...alone, preferredChainId: 80002 })
})
