import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { createOrganization, paymentTo, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import { openMember } from '../../test/harness/memberVisitor.ts'
import { addLink } from '../../test/harness/paymentLinkFixtures.ts'
import { getCheckoutSession } from '../actions/getCheckoutSession.ts'
import { payPaymentLink } from '../actions/payPaymentLink.ts'
import { invariant } from '../domain/errors.ts'

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

test('what was paid at a link and for its product is added up by currency, and neither what is open nor what is another’s', async () => {
  const api = await openApiCaller(ctx)
  const chain = await recordChain(ctx)
  const { organizationId } = api.caller
  const viewer = await openMember(ctx, organizationId, 'viewer')
  const product = await api.ok('POST', '/products', {
    name: 'Clay',
    defaultPriceData: { currency: 'usdc', unitAmount: '320000000' },
  })
  const link = await addLink(api, { amount: null, currency: null, productId: product.id })
  const begun = async () => {
    const id = await payPaymentLink(ctx, link.id, null)
    const seen = id === null ? null : await getCheckoutSession(ctx, organizationId, id)
    invariant(seen, 'the link makes a session')
    return seen.found
  }
  const none = { payments: 0, lastAt: null, totals: [] }
  assert.deepEqual(await viewer.ok('GET', `/api/account/payment-links/${link.id}/received`), none)
  const first = await begun()
  ctx.clock.advance(60_000)
  const second = await begun()
  await begun()
  await chain.mine(header => [paymentTo(first, header), paymentTo(second, header, { logIndex: 1 })])
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  const both = {
    payments: 2,
    lastAt: second.createdAt.toISOString(),
    totals: [{ currency: 'usdc', payments: 2, amount: '640000000' }],
  }
  for (const place of [`payment-links/${link.id}`, `products/${product.id}`]) {
    assert.deepEqual(await viewer.ok('GET', `/api/account/${place}/received`), both)
  }
  const { organizationId: other } = await createOrganization(ctx)
  const stranger = await openMember(ctx, other, 'owner')
  assert.deepEqual(await stranger.ok('GET', `/api/account/payment-links/${link.id}/received`), none)
  assert.equal(await stranger.refused('GET', `/api/account/payment-links/${link.id}/qr`), '404 resource_missing')
  assert.match((await viewer.ok<{ qr: string }>('GET', `/api/account/payment-links/${link.id}/qr`)).qr, /^<svg /)
})

test('an id in a path that is none is as absent as another’s', async () => {
  const { organizationId } = await createOrganization(ctx)
  const viewer = await openMember(ctx, organizationId, 'viewer')
  for (const path of ['products/none/received', 'payment-links/none/qr', 'payments/none/timeline']) {
    assert.equal(await viewer.refused('GET', `/api/account/${path}`), '404 resource_missing', path)
  }
})
