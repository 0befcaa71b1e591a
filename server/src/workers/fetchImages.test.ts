import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { createOrganization, testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { waitUntil } from '../../test/harness/waitUntil.ts'
import { inOrganization } from '../store/database.ts'
import { enqueueImageFetches } from '../store/imageFetches.ts'
import { fetchImages } from './fetchImages.ts'
import { startJobs } from './jobs.ts'
import { createSender } from './sendWebhook.ts'

let t: TestContext
before(async () => {
  t = await createTestContext({ clock: testClock() })
})
after(() => t.close())

type Answer = { status?: number; body?: Buffer | string; location?: string; endless?: boolean }

/** A host of pictures on loopback: its address, and what was asked of it. */
async function startHost(answers: Record<string, Answer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body = '', location, endless } = answers[request.url ?? ''] ?? { status: 404 }
    response.writeHead(status, { 'content-type': 'image/html', ...(location !== undefined && { location }) })
    if (endless !== true) return void response.end(body)
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise<void>(resolve => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop }
}

async function want(organizationId: string, urls: string[]) {
  await inOrganization(t.ctx.db, organizationId, tx => enqueueImageFetches(tx, organizationId, urls))
}

/** What is known of the organization's pictures, by path or whole address. */
async function known(organizationId: string, host: string) {
  const { rows } = await t.ctx.db.owner.query<{ url: string; error: string | null; content_type: string | null }>(
    `select i.url, i.error, f.content_type from image_fetches i left join files f on f.id = i.file_id
     where i.organization_id = $1 order by i.url`,
    [organizationId],
  )
  return Object.fromEntries(rows.map(row => [row.url.replace(host, ''), row.error ?? row.content_type]))
}

const picture = () =>
  sharp(randomBytes(40 * 30 * 3), { raw: { width: 40, height: 30, channels: 3 } })
    .png()
    .toBuffer()

test('F51: pictures are fetched once by a job, and refused ones keep their reason', async () => {
  const { organizationId } = await createOrganization(t.ctx)
  const good = await picture()
  const flat = { channels: 3, background: 'red' } as const
  const wide = await sharp({ create: { width: 50_000, height: 9, ...flat } })
    .png()
    .toBuffer()
  const host = await startHost({
    '/good.png': { body: good },
    '/moved': { status: 302, location: '/good.png' },
    '/loop': { status: 302, location: '/loop' },
    '/inside': { status: 302, location: 'http://169.254.169.254/latest/meta-data' },
    '/svg': { body: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    '/wide.png': { body: wide },
    '/huge': { endless: true },
    '/broken': { status: 500 },
  })
  after(host.stop)
  const own = await t.ctx.db.owner.query<{ id: string }>(
    `insert into files (organization_id, id, created_at, kind, content_type, bytes)
     values ($1, gen_random_uuid(), now(), 'product_image', 'image/png', $2) returning id`,
    [organizationId, good],
  )
  const paths = ['/good.png', '/moved', '/loop', '/inside', '/svg', '/wide.png', '/huge', '/broken', '/none']
  const others = [
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    `http://127.0.0.1:8080/files/${own.rows[0]?.id}`,
  ]
  await want(organizationId, [...paths.map(path => host.url + path), ...others])
  await fetchImages(t.ctx, organizationId, new AbortController().signal)
  const neither = 'The picture is neither PNG, JPEG nor WebP.'
  assert.deepEqual(await known(organizationId, host.url), {
    '/good.png': 'image/png',
    '/moved': 'image/png',
    '/loop': 'too_many_redirects',
    '/inside': 'host_forbidden',
    '/svg': neither,
    '/wide.png': 'The picture is 50000 × 9 pixels, and 4096 to a side are allowed.',
    '/huge': 'too_large',
    '/broken': 'status_500',
    '/none': 'status_404',
    'http://169.254.169.254/latest/meta-data': 'host_forbidden',
    'http://10.0.0.1/a.png': 'host_forbidden',
    'data:image/png;base64,iVBORw0KGgo=': 'url_forbidden',
    [`http://127.0.0.1:8080/files/${own.rows[0]?.id}`]: 'image/png',
  })
  const before = host.asked.length
  await want(organizationId, [`${host.url}/good.png`])
  await fetchImages(t.ctx, organizationId, new AbortController().signal)
  assert.equal(host.asked.length, before, 'a copy that is there is not fetched again')
  await want(organizationId, [`${host.url}/broken`])
  await fetchImages(t.ctx, organizationId, new AbortController().signal)
  assert.deepEqual(host.asked.slice(before), ['/broken'], 'what was refused is tried again when it is named again')
})

test('a redirect goes only where a first request could go', async () => {
  const host = await startHost({ '/away': { status: 302, location: 'http://inside.example/a.png' } })
  after(host.stop)
  const lookup = async () => [{ address: '10.1.2.3', family: 4 }]
  const sender = createSender({ mode: 'test', allowedHosts: [], lookup })
  assert.deepEqual(await sender.fetch(`${host.url}/away`, 100), { bytes: null, error: 'host_forbidden' })
  const live = createSender({ mode: 'live', allowedHosts: [] })
  assert.deepEqual(await live.fetch(`${host.url}/away`, 100), { bytes: null, error: 'url_forbidden' })
})

test('the job of a written product fetches its pictures, one organization beside another', async () => {
  const host = await startHost({ '/a.png': { body: await picture() } })
  after(host.stop)
  const [one, other] = [await createOrganization(t.ctx), await createOrganization(t.ctx)]
  await want(one.organizationId, [`${host.url}/a.png`])
  await want(other.organizationId, [`${host.url}/a.png`])
  const stopping = new AbortController()
  const jobs = startJobs(t.ctx, stopping.signal)
  after(() => stopping.abort())
  for (const { organizationId } of [one, other]) {
    await waitUntil('the copy', async () => (await known(organizationId, host.url))['/a.png'] === 'image/png')
  }
  stopping.abort()
  await jobs
  assert.equal(host.asked.length, 2)
})
