import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { paymentTo, recordChain, type TestClock, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { getPayersSession } from '../actions/getCheckoutSession.ts'
import type { TestWallet } from '../context.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

let t: TestContext
let app: App
let clock: TestClock

before(async () => {
  clock = testClock()
  t = await createTestContext({ clock })
  app = createApp(t.ctx)
})
after(() => t.close())

async function post<T>(path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' }
  const answer = await app.request(`/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body ?? {}) })
  assert.equal(answer.status, 200)
  return (await answer.json()) as T
}

test('a session that the merchant ended hides its address, before any chain has passed that moment', async () => {
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
  await waitUntil('pages are told', async () => (await shown()).status === 'This payment has expired')
  assert.equal((await shown()).hasAddress, false)

  const answer = await app.request(`/api/v1/payment-pages/for-checkout-session/${session.id}`)
  const view = (await answer.json()) as { expiresAt: string; serverTime: string }
  assert.ok(view.expiresAt <= view.serverTime, 'the payer’s time is over')
  assert.ok(view.expiresAt < ended.expiresAt, 'the merchant’s terms stay as they were')
})

const PARTNER = `0x${'b2'.repeat(20)}`

test('the payer sees neither the merchant’s metadata, the products’ included, nor whom the merchant shares with', async () => {
  const secret = { margin: 'private-42' }
  const productData = { name: 'Basic', metadata: secret }
  const session = await post<{ id: string; lineItems: unknown }>('/checkout/sessions', {
    successUrl: 'https://shop.example/thanks',
    metadata: secret,
    lineItems: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData } }],
    paymentSetting: {
      allowedChains: [
        {
          chainId: 80001,
          withdrawalAddresses: [
            { splitPercentage: 70, address: `0x${'a1'.repeat(20)}` },
            { splitPercentage: 30, address: PARTNER },
          ],
        },
      ],
    },
  })
  assert.match(JSON.stringify(session.lineItems), /private-42/, 'the merchant sees it')
  for (const path of ['/api/v1/payment-pages/for-checkout-session', '/payment/checkout-session']) {
    const answer = await app.request(`${path}/${session.id}`)
    assert.equal(answer.status, 200)
    const text = await answer.text()
    assert.ok(!text.includes('private-42') && !text.includes(PARTNER), path)
  }
})

/** A test wallet that moves nothing, and what it was told to pay. */
function countingWallet(): { paid: string[]; testWallet: TestWallet } {
  const paid: string[] = []
  const testWallet: TestWallet = {
    pay: async ({ asset, amountRaw }) => {
      paid.push(`${asset.symbol} ${amountRaw}`)
      return '0x'
    },
    payTogether: async () => '0x',
    give: async () => '0x',
    drop: async () => undefined,
    spendNonce: async () => '0x',
    pass: async () => undefined,
    advance: async () => undefined,
    transaction: async () => null,
  }
  return { paid, testWallet }
}

test('the test wallet pays what is left in the coin that the form names, whatever coin the rest came in', async () => {
  const line = { priceData: { currency: 'usd', unitAmount: '10000000000', productData: { name: 'Basic' } } }
  const { id, addresses } = await post<{ id: string; addresses: { id: string; asset: { symbol: string } }[] }>(
    '/checkout/sessions',
    { successUrl: 'https://shop.example/thanks', lineItems: [line] },
  )
  const seen = await getPayersSession(t.ctx, id)
  assert.ok(seen)
  const chain = await recordChain({ ...t.ctx, clock })
  await chain.mine(block => [paymentTo(seen.found, block, { amountRaw: 25_000_000n })])
  const { paid, testWallet } = countingWallet()
  const ether = addresses.find(({ asset }) => asset.symbol === 'ETH')
  const body = new URLSearchParams({ addressId: ether?.id ?? '' })
  const answer = await createApp({ ...t.ctx, testWallet }).request(`/payment/checkout-session/${id}/test-wallet`, {
    method: 'POST',
    body,
  })
  assert.equal(answer.status, 303)
  // 100 dollars are 0.04 ether in the test world, and a quarter was paid.
  assert.deepEqual(paid, [`ETH ${3n * 10n ** 16n}`])
})

test('the test wallet pays the way that the form names, whatever else the form is', async () => {
  const { paid, testWallet } = countingWallet()
  const withWallet = createApp({ ...t.ctx, testWallet })
  const line = { priceData: { currency: 'dai', unitAmount: '100000000', productData: { name: 'Basic' } } }
  const session = await post<{ id: string; addresses: { id: string }[] }>('/checkout/sessions', {
    successUrl: 'https://shop.example/thanks',
    lineItems: [line],
  })
  const pay = async (contentType: string, body: string, status = 303) => {
    const path = `/payment/checkout-session/${session.id}/test-wallet`
    const answer = await withWallet.request(path, { method: 'POST', headers: { 'content-type': contentType }, body })
    assert.equal(answer.status, status, contentType)
  }
  await pay('application/x-www-form-urlencoded', `addressId=${session.addresses[0]?.id}`)
  await pay('application/x-www-form-urlencoded', 'addressId=%00&addressId=%E0%A4')
  await pay('multipart/form-data', 'no boundary')
  await pay('multipart/form-data; boundary=a', 'no such boundary')
  await pay('application/x-www-form-urlencoded', `addressId=${'a'.repeat(65_536)}`, 413)
  assert.deepEqual(paid, Array(4).fill(`DAI ${10n ** 18n}`))
})
