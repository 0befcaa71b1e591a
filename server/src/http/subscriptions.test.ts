import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'

const ABSENT = '00000000-0000-7000-8000-000000000000'
const NOW = encodeURIComponent('2026-03-01T12:00:00.000Z')

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

test('there are no subscriptions: the list is an empty page, whatever it is narrowed by', async () => {
  const api = await openApiCaller(ctx)
  for (const query of [
    '',
    '?limit=5&page=2',
    `?ids=${ABSENT}&customerId=${ABSENT}&priceId=${ABSENT}&productId=${ABSENT}`,
    '?clientReferenceId=7&currency=usdc&status=past_due',
    `?startDate[gte]=${NOW}&endedAt[isnull]=true&createdAt[lt]=${NOW}`,
  ]) {
    const { data, count, hasMore } = await api.ok('GET', `/subscriptions${query}`)
    assert.deepEqual([data, count, hasMore], [[], 0, false])
  }
  for (const [query, refusal] of [
    ['status=over', 'parameter_invalid status'],
    ['customerId=7', 'parameter_invalid customerId'],
    ['priceId=7', 'parameter_invalid priceId'],
    ['productId=7', 'parameter_invalid productId'],
    ['currency=gold', 'currency_unsupported currency'],
    ['startDate[gte]=soon', 'parameter_invalid startDate[gte]'],
    ['endedAt[isnull]=no', 'parameter_invalid endedAt[isnull]'],
    ['plan=gold', 'parameter_unknown plan'],
    [`startingAfter=${ABSENT}`, 'cursor_invalid startingAfter'],
  ]) {
    assert.equal(await api.refused('GET', `/subscriptions?${query}`), `400 ${refusal}`)
  }
})

test('a subscription that is named is absent, and the portal says that it is not there yet', async () => {
  const api = await openApiCaller(ctx)
  const missing = '404 resource_missing'
  assert.equal(await api.refused('GET', `/subscriptions/${ABSENT}`), missing)
  for (const step of ['cancel', 'resume', 'end', 'pause']) {
    assert.equal(await api.refused('POST', `/subscriptions/${ABSENT}/${step}`), missing, step)
  }
  const comment = { cancellationComment: 'Too dear' }
  assert.equal(await api.refused('POST', `/subscriptions/${ABSENT}/cancel`, comment), missing)
  assert.equal(
    await api.refused('POST', `/subscriptions/${ABSENT}/end`, { reason: 'x' }),
    '400 parameter_unknown reason',
  )
  assert.equal(await api.refused('POST', `/subscriptions/${ABSENT}/update`, { priceId: ABSENT }), missing)
  assert.equal(await api.refused('POST', `/subscriptions/${ABSENT}/update`, {}), '400 parameter_missing priceId')
  const portal = { customerId: ABSENT }
  assert.equal(await api.refused('POST', '/customer-portal/sessions', portal), '400 not_yet_available')
})

test('keys need the scope of what they do', async () => {
  const owner = await openApiCaller(ctx)
  const reader = await openApiCaller(ctx, { of: owner.caller, key: ['subscriptions:read'] })
  await reader.ok('GET', '/subscriptions')
  for (const path of [`/subscriptions/${ABSENT}/cancel`, '/customer-portal/sessions']) {
    assert.equal(await reader.refused('POST', path, {}), '403 insufficient_permissions')
  }
})
