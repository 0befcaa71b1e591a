import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

let t: TestContext
let app: App

before(async () => {
  t = await createTestContext()
  app = createApp(t.ctx)
})
after(() => t.close())

async function post<T>(path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' }
  const answer = await app.request(`/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body ?? {}) })
  assert.equal(answer.status, 200)
  return (await answer.json()) as T
}

test('a session that the merchant ended hides its address at once, before any chain has passed that moment', async () => {
  const line = { priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Basic' } } }
  const session = await post<{ id: string; addresses: { paymentAddress: string }[] }>('/checkout/sessions', {
    successUrl: 'https://shop.example/thanks',
    lineItems: [line],
  })
  const address = session.addresses[0]?.paymentAddress ?? ''
  const shown = async () => {
    const page = await (await app.request(`/payment/checkout-session/${session.id}`)).text()
    const plain = page.replaceAll(/<\/?span>/g, '')
    return { status: /id="status"[^>]*>([^<]*)</.exec(plain)?.[1], hasAddress: plain.includes(address) }
  }
  assert.deepEqual(await shown(), { status: 'Waiting for your payment', hasAddress: true })

  const ended = await post<{ status: string; expiresAt: string }>(`/checkout/sessions/${session.id}/expire`)
  assert.equal(ended.status, 'open', 'no block was read yet')
  assert.deepEqual(await shown(), { status: 'This payment has expired', hasAddress: false })

  const answer = await app.request(`/api/v1/payment-pages/for-checkout-session/${session.id}`)
  const view = (await answer.json()) as { expiresAt: string; serverTime: string }
  assert.ok(view.expiresAt <= view.serverTime, 'the payer’s time is over')
  assert.ok(view.expiresAt < ended.expiresAt, 'the merchant’s terms stay as they were')
})
