import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { recordImage } from '../actions/recordImage.ts'
import { createApp } from './app.ts'

let t: TestContext
before(async () => {
  t = await createTestContext({ clock: testClock() })
})
after(() => t.close())

/** A picture of noise. */
function noise(width: number, height: number, channels: 3 | 4 = 3) {
  return sharp(randomBytes(width * height * channels), { raw: { width, height, channels } })
}

function imageForm(bytes: Uint8Array, name = 'picture.png'): FormData {
  const form = new FormData()
  form.set('image', new File([new Uint8Array(bytes)], name))
  return form
}

async function served(path: unknown) {
  const response = await createApp(t.ctx).request(String(path))
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

test('F180: a picture is kept upright, smaller and without metadata, and served to everybody for ever', async () => {
  const api = await openApiCaller(t.ctx)
  const bytes = await noise(1600, 800)
    .withExif({ IFD0: { Copyright: 'GPS of a home' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const { status, answer } = await api.send('POST', '/storage/files/product_image', imageForm(bytes, 'a.svg'))
  assert.equal(status, 200, JSON.stringify(answer))
  assert.equal(answer.imageUrl, `http://127.0.0.1:8080${answer.filePath}`)
  const picture = await served(answer.filePath)
  assert.deepEqual(
    Object.fromEntries(
      ['content-type', 'cache-control', 'x-content-type-options', 'content-security-policy', 'content-disposition'].map(
        name => [name, picture.headers.get(name)],
      ),
    ),
    {
      'content-type': 'image/jpeg',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline',
    },
  )
  const { width, height, exif } = await sharp(picture.bytes).metadata()
  assert.deepEqual({ width, height, exif }, { width: 512, height: 1024, exif: undefined })
  assert.ok(!picture.bytes.includes('GPS'))
})

test('F180: PNG and WebP stay what they are, and what cannot be packed is kept as WebP', async () => {
  const api = await openApiCaller(t.ctx)
  const typeOf = async (bytes: Buffer, kind = 'product_image') => {
    const { answer } = await api.send('POST', `/storage/files/${kind}`, imageForm(bytes))
    return (await served(answer.filePath)).headers.get('content-type')
  }
  assert.equal(await typeOf(await noise(20, 10, 4).png().toBuffer()), 'image/png')
  assert.equal(await typeOf(await noise(20, 10).webp().toBuffer()), 'image/webp')
  assert.equal(await typeOf(await noise(1024, 1024, 4).png().toBuffer()), 'image/webp')
  assert.equal(await typeOf(await noise(1024, 1024, 4).webp().toBuffer(), 'brand_logo'), 'image/png')
})

test('F180: what is no picture, or hides something, is refused with the reason or made harmless', async () => {
  const api = await openApiCaller(t.ctx)
  const png = await noise(300, 200).png().toBuffer()
  const jpeg = await noise(300, 200).jpeg().toBuffer()
  const flat = { channels: 3, background: 'red' } as const
  const wide = await sharp({ create: { width: 50_000, height: 20, ...flat } })
    .png()
    .toBuffer()
  const gif = await sharp({ create: { width: 9, height: 9, ...flat } })
    .gif()
    .toBuffer()
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const refused: [string, Buffer][] = [
    ['SVG', svg],
    ['SVG behind a signature', Buffer.concat([png.subarray(0, 8), svg])],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['GIF', gif],
    ['50,000 pixels', wide],
    ['half a PNG', png.subarray(0, png.length / 2)],
    ['half a JPEG', jpeg.subarray(0, jpeg.length / 2)],
    ['more than 5 MB', Buffer.concat([png, randomBytes(5 * 1024 * 1024)])],
    ['nothing', Buffer.alloc(0)],
  ]
  for (const [what, bytes] of refused) {
    const { status, answer } = await api.send('POST', '/storage/files/product_image', imageForm(bytes))
    assert.deepEqual([status, answer.code, answer.param], [400, 'image_invalid', 'image'], what)
    assert.match(String(answer.message), /^The picture .+\.$/)
  }
  const polyglot = Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')])
  const { answer } = await api.send('POST', '/storage/files/product_image', imageForm(polyglot))
  assert.ok(!(await served(answer.filePath)).bytes.includes('script'))
})

test('an upload is idempotent by the bytes of its file, whatever the file is called', async () => {
  const api = await openApiCaller(t.ctx)
  const send = (bytes: Uint8Array, name: string) =>
    api.send('POST', '/storage/files/brand_logo', imageForm(bytes, name), { 'idempotency-key': 'logo' })
  const [one, other] = [await noise(8, 8).png().toBuffer(), await noise(8, 8).png().toBuffer()]
  const first = await send(one, 'a.png')
  const again = await send(one, 'b.png')
  assert.deepEqual(again.answer, first.answer)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal((await send(other, 'a.png')).answer.code, 'idempotency_key_reused')
})

test('a form is refused by its parts, and a picture that is not there is missing', async () => {
  const api = await openApiCaller(t.ctx)
  const code = async (form: FormData, path = '/storage/files/brand_logo') => {
    const { status, answer } = await api.send('POST', path, form)
    return `${status} ${answer.code} ${answer.param}`
  }
  const text = new FormData()
  text.set('image', 'text')
  const more = imageForm(Buffer.alloc(1))
  more.set('images', 'x')
  assert.equal(await code(new FormData()), '400 parameter_missing image')
  assert.equal(await code(text), '400 parameter_invalid image')
  assert.equal(await code(more), '400 parameter_unknown images')
  assert.equal(await code(imageForm(Buffer.alloc(1)), '/storage/files/other'), '404 resource_missing null')
  assert.equal(await api.refused('POST', '/storage/files/brand_logo', {}), '415 content_type')
  assert.equal((await served('/files/00000000-0000-7000-8000-000000000000')).status, 404)
  assert.equal((await served('/files/logo')).status, 404)
  assert.equal((await createApp(t.ctx).request('/files/logo', { method: 'DELETE' })).status, 405)
  const restricted = await openApiCaller(t.ctx, { key: ['organization:write'] })
  const refused = await restricted.send('POST', '/storage/files/brand_logo', imageForm(Buffer.alloc(1)))
  assert.equal(refused.answer.code, 'insufficient_permissions')
})

test('C5.5: a field called __proto__ is unknown like any other, and no form has more parts or headers than a reader takes', async () => {
  const api = await openApiCaller(t.ctx)
  const send = async (parts: string[]) => {
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'multipart/form-data; boundary=bound' }
    const body = `${parts.map(part => `--bound\r\n${part}\r\n`).join('')}--bound--\r\n`
    const response = await createApp(t.ctx).request('/api/v1/organization/brand', { method: 'PUT', headers, body })
    const { code, param } = (await response.json()) as Record<string, unknown>
    return [response.status, code, param]
  }
  const field = (name: string, more = '') => `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n#aabbcc`
  assert.deepEqual(await send([field('brandColor')]), [200, undefined, undefined])
  assert.deepEqual(await send([field('__proto__')]), [400, 'parameter_unknown', '__proto__'])
  const many = Array.from({ length: 21 }, (_, index) => field(`f${index}`))
  assert.deepEqual(await send(many), [400, 'invalid_form', null])
  assert.deepEqual(await send([field('brandColor', `\r\n${'X-Y: z\r\n'.repeat(2_000)}X: y`)]), [
    400,
    'invalid_form',
    null,
  ])
})

test('an organization keeps so many pictures at most, uploaded or fetched', async () => {
  const api = await openApiCaller(t.ctx)
  const { organizationId } = api.caller
  await t.ctx.db.owner.query(
    `insert into files (organization_id, id, created_at, kind, content_type, bytes)
     select $1, gen_random_uuid(), now(), 'product_image', 'image/png', '' from generate_series(1, 19999)`,
    [organizationId],
  )
  const bytes = await noise(4, 4).png().toBuffer()
  const upload = async () => (await api.send('POST', '/storage/files/product_image', imageForm(bytes))).answer.code
  assert.equal(await upload(), undefined)
  assert.equal(await upload(), 'file_limit')
  const logo = new FormData()
  logo.set('brandLogo', new File([new Uint8Array(bytes)], 'logo.png'))
  assert.equal((await api.send('PUT', '/organization/brand', logo)).answer.code, 'file_limit')
  const image = { organizationId, url: 'https://images.example/chair.png' }
  await t.ctx.db.owner.query('insert into image_fetches (organization_id, url) values ($1, $2)', [
    organizationId,
    image.url,
  ])
  await recordImage(t.ctx, image, { bytes, error: null })
  const { rows } = await t.ctx.db.owner.query('select error from image_fetches where organization_id = $1', [
    organizationId,
  ])
  assert.match(rows[0].error, /20000 pictures/)
})
