import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'

const FILE = readFileSync(new URL('../../../web/checkout/embed.js', import.meta.url), 'utf8')
const PAGE_FILE = readFileSync(new URL('../../../web/checkout/checkout.js', import.meta.url), 'utf8')

let t: TestContext
before(async () => {
  t = await createTestContext()
})
after(() => t.close())

const HEADERS = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-cache',
  'content-type': 'text/javascript; charset=utf-8',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}

test('any site may load the script, byte for byte as reviewed, and is told when it has the newest', async () => {
  const app = createApp(t.ctx)
  const first = await app.request('/checkout.js')
  const { etag = '', 'request-id': _, ...headers } = Object.fromEntries(first.headers)
  assert.deepEqual([first.status, headers], [200, HEADERS])
  assert.equal(await first.text(), FILE)
  assert.match(etag, /^"[0-9a-f]{32}"$/)
  for (const [known, status] of [
    [etag, 304],
    [`W/${etag}`, 304],
    [`"other", ${etag}`, 304],
    ['"other"', 200],
  ] as const) {
    const again = await app.request('/checkout.js', { headers: { 'if-none-match': known } })
    assert.deepEqual([again.status, again.headers.get('etag')], [status, etag], known)
    assert.equal(await again.text(), status === 304 ? '' : FILE)
  }
  assert.equal((await app.request('/checkout.js', { method: 'POST' })).status, 405)
})

test('the script is at most 3,000 bytes gzipped, builds no markup from text, and sets no style that a policy could refuse', () => {
  assert.ok(gzipSync(FILE).length <= 3_000, `${gzipSync(FILE).length} bytes`)
  assert.doesNotMatch(
    FILE,
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|Function\(|srcdoc/,
  )
  assert.doesNotMatch(FILE, /cssText|setAttribute\('style'|createElement\('(style|link|script)'/)
})

test('what is said between page and site has an address, and the page hears nothing', () => {
  assert.deepEqual(PAGE_FILE.match(/postMessage\(.*\)/g), ['postMessage({ bitstream: 1, type, ...fields }, embedder)'])
  const listeners = PAGE_FILE.match(/.*addEventListener\('message'/g) ?? []
  assert.ok(
    listeners.every(line => /\bevents\.addEventListener|source\.addEventListener/.test(line)),
    listeners.join(),
  )
  assert.doesNotMatch(PAGE_FILE, /onmessage\b/)
  assert.doesNotMatch(FILE, /postMessage/)
})
