// The package as it is published, in a shop's page and in a worker: nothing but what browsers have.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { signWebhook } from '../../server/src/domain/webhook.ts'
import { createApp } from '../../server/src/http/app.ts'
import { launchBrowser } from '../../server/test/harness/browser.ts'
import { createTestContext } from '../../server/test/harness/testContext.ts'
import { Bitstream } from '../src/bitstream.ts'
import { buildSdk } from './buildSdk.ts'

/** What a page or a worker does with the package; its file is served beside `dist`. */
const PROGRAM = `
import { Bitstream, verifySession, verifyWebhook } from '/dist/bitstream.js'
import given from '/given.json' with { type: 'json' }

const shop = new Bitstream(given.publishableKey, { baseUrl: given.apiUrl })
const session = await shop.checkout.sessions.create(given.order)
const page = await shop.paymentPages.forCheckoutSession.get(session.id)
const event = await verifyWebhook(given.body, new Headers(given.headers), given.secret)
verifySession(given.session, { wallets: given.wallets })
const codeOf = promise => promise.then(() => 'done', error => error.code)
const told = {
  id: session.id,
  amountTotal: page.amountTotal,
  event,
  forged: await codeOf(verifyWebhook(given.body + ' ', given.headers, given.secret)),
  tampered: await codeOf((async () => verifySession(given.session, { wallets: {} }))()),
  secretKey: await codeOf(new Bitstream(given.apiKey, { baseUrl: given.apiUrl, maxRetries: 0 }).auth.me()),
  refused: await codeOf(shop.checkout.sessions.expire(session.id, { maxRetries: 0 })),
}
globalThis.document ? (globalThis.told = told) : postMessage(told)
`

const folder = mkdtempSync(join(tmpdir(), 'sdk-browser-'))
const [world, browser] = await Promise.all([createTestContext(), launchBrowser()])
const api = createServer(getRequestListener(createApp(world.ctx).fetch))
const files = createServer((request, response) => {
  const path = request.url ?? ''
  const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.json') ? 'application/json' : 'text/html'
  response.writeHead(200, { 'content-type': type })
  if (path === '/program.js') response.end(PROGRAM)
  else if (path === '/given.json') response.end(JSON.stringify(given))
  else if (path.startsWith('/dist/')) response.end(readFileSync(join(folder, path)))
  else response.end('<!doctype html><title>Shop</title>')
})
after(async () => {
  await browser.close()
  for (const server of [api, files]) {
    server.closeAllConnections()
    server.close()
  }
  await world.close()
  rmSync(folder, { recursive: true })
})
await Promise.all([api, files].map(server => once(server.listen(0, '127.0.0.1'), 'listening')))
const [apiUrl, shopUrl] = [api, files].map(server => `http://127.0.0.1:${(server.address() as AddressInfo).port}`) as [
  string,
  string,
]
buildSdk(folder)

const merchant = new Bitstream(world.apiKey, { baseUrl: apiUrl })
const price = await merchant.prices.create({
  currency: 'usdc',
  unitAmount: '500000000',
  productData: { name: 'Tea' },
  isPublic: true,
})
const publishable = await merchant.apiKeys.create({ name: 'Shop', type: 'publishable' })
const order = { lineItems: { data: [{ priceId: price.id }] }, successUrl: `${shopUrl}/thanks` }
const session = await merchant.checkout.sessions.create(order)
const proof = session.addresses[0]?.proof ?? assert.fail('the session has an address')
const secret = `whsec_${btoa('a secret of a webhook: 32 bytes.')}`
const body = JSON.stringify({ id: 'é' })
const given = {
  apiUrl,
  apiKey: world.apiKey,
  publishableKey: publishable.token,
  order,
  session,
  wallets: Object.fromEntries(proof.payouts.map(({ chainId, receiver }) => [chainId, receiver])),
  secret,
  body,
  headers: signWebhook({ id: 'msg_1', timestampS: Math.floor(Date.now() / 1000), body, secrets: [secret] }),
}

type Told = Record<'id' | 'amountTotal' | 'forged' | 'tampered' | 'secretKey' | 'refused', string> & { event: object }

async function works(told: Told): Promise<void> {
  const { id, ...rest } = told
  assert.equal((await merchant.checkout.sessions.get(id)).amountTotal, '500000000')
  assert.deepEqual(rest, {
    amountTotal: '500000000',
    event: { id: 'é' },
    forged: 'signature_mismatch',
    tampered: 'wallet_mismatch',
    // The API lets pages of others do what a publishable key may, and nothing else.
    secretKey: 'connection_failed',
    refused: 'connection_failed',
  })
}

test('in a page', async () => {
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.message))
  await page.goto(shopUrl)
  await page.addScriptTag({ type: 'module', url: '/program.js' })
  const told = await page.waitForFunction('globalThis.told').catch(() => assert.fail(problems.join('\n')))
  await works((await told.jsonValue()) as Told)
  await page.close()
})

test('in a worker', async () => {
  const page = await browser.newPage()
  await page.goto(shopUrl)
  const told = await page.evaluate(`new Promise((resolve, reject) => {
    const worker = new Worker('/program.js', { type: 'module' })
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
  })`)
  await works(told as Told)
  await page.close()
})
