import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { newSession } from '../../test/harness/sessionFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import { loadAssets } from './pages/assets.ts'
import type { App } from './router.ts'

let world: TestContext
let app: App
before(async () => {
  world = await createTestContext({ clock: testClock() })
  app = createApp(world.ctx)
})
after(() => world.close())

async function get(path: string, acceptEncoding: string | null) {
  const headers = acceptEncoding === null ? {} : { 'accept-encoding': acceptEncoding }
  const answer = await app.request(path, { headers })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const isSmall = answer.headers.get('content-encoding') === 'gzip'
  return { answer, isSmall, text: (isSmall ? gunzipSync(bytes) : bytes).toString() }
}

test('pages and their files are compressed for those who take gzip, and the same for the others', async () => {
  const session = await newSession(await openApiCaller(world.ctx))
  const { script, style } = loadAssets()
  for (const path of [
    `/payment/checkout-session/${session.id}`,
    '/payment/checkout-session/none',
    script.path,
    style.path,
  ]) {
    const plain = await get(path, null)
    for (const [accepted, isSmall] of [
      ['gzip, deflate, br, zstd', true],
      ['br;q=1.0, GZIP;q=0.8', true],
      ['identity', false],
      ['br, gzip;q=0', false],
      ['gzip;q=0.0, br', false],
    ] as const) {
      const found = await get(path, accepted)
      assert.equal(found.isSmall, isSmall, `${path} ${accepted}`)
      assert.equal(found.text, plain.text)
      assert.equal(found.answer.status, plain.answer.status)
      assert.equal(found.answer.headers.get('content-type'), plain.answer.headers.get('content-type'))
      assert.equal(
        found.answer.headers.get('content-security-policy'),
        plain.answer.headers.get('content-security-policy'),
      )
    }
  }
  const file = await get(script.path, 'gzip')
  assert.equal(file.answer.headers.get('vary'), 'Accept-Encoding', 'caches may keep it')
})

test('HEAD of a page has its headers and no body', async () => {
  const session = await newSession(await openApiCaller(world.ctx))
  const headers = { 'accept-encoding': 'gzip' }
  const answer = await app.request(`/payment/checkout-session/${session.id}`, { method: 'HEAD', headers })
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), '')
})
