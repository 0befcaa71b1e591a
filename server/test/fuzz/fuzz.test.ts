import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { createApp } from '../../src/http/app.ts'
import { openApiDocument } from '../../src/http/docs.ts'
import type { App } from '../../src/http/router.ts'
import { problemsOf } from '../contract/conform.ts'
import type { Document, Operation } from '../contract/document.ts'
import { type Merchant, type MerchantWorld, openMerchantWorld, sampleBody } from '../harness/merchantWorld.ts'
import { type FuzzRequest, requestsOf } from './arbitraries.ts'

// FUZZ_SEED repeats a run, FUZZ_RUNS makes it longer.
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))
const RUNS = Number(process.env.FUZZ_RUNS ?? 200)
const AT_ONCE = 8
const FRESH = 5

type Place = { method: string; path: string; operation: Operation }

let world: MerchantWorld
let merchants: Merchant[]
let app: App
let document: Document
let pictures: Uint8Array[]
before(async () => {
  world = await openMerchantWorld()
  merchants = [await world.newMerchant('ann'), await world.newMerchant('ben'), await world.newMerchant('cem')]
  app = createApp(world.ctx)
  document = JSON.parse(JSON.stringify(openApiDocument(app, '')))
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
  pictures = await Promise.all([picture.clone().png().toBuffer(), picture.clone().jpeg().toBuffer()])
})
after(() => world.close())

/** The ids of what a merchant has, by kind of path; of the kinds that `path` names, the newest objects too. */
async function idsNow({ api, ids }: Merchant, path: string): Promise<Record<string, string[]>> {
  const found = Object.fromEntries(Object.entries(ids).map(([kind, id]) => [kind, [id]]))
  const parts = path.replace('/api/v1', '').split(/(?<=\})|(?=\{)/)
  for (const [at, part] of parts.entries()) {
    if (!part.startsWith('{')) continue
    const kind = [...parts.slice(0, at), '{}'].join('').replaceAll(/\{\w+\}/g, '{}')
    const list = ofSession(kind.slice(0, -3)).replace('{}', ids['/webhook-endpoints/{}'] ?? '')
    const { status, answer } = await api.call('GET', `${list}${NO_PAGES.has(list) ? '' : '?limit=8'}`)
    const rows = (Array.isArray(answer) ? answer : answer.data) as { id: unknown; name?: string }[] | undefined
    // Not the key that asks.
    const mine = (status === 200 ? (rows ?? []) : []).filter(row => row.name !== 'Key').slice(0, 8)
    found[kind] = [...(found[kind] ?? []), ...mine.map(row => String(row.id))]
  }
  return found
}

const NO_PAGES = new Set(['/users', '/invites', '/organization/withdrawal-addresses'])

async function send({ method, path, headers, body, form }: FuzzRequest, key: string): Promise<Response> {
  const fields = new FormData()
  for (const [name, value] of form ?? [])
    fields.append(name, typeof value === 'string' ? value : new Blob([new Uint8Array(value)]))
  const sent = form === null ? body : fields
  // Lists are in the order of time.
  world.ctx.clock.advance(1)
  // What no client can put into a header is no request.
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\x20-\xff]*$/.test(value)))
  return await app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...given },
    ...(sent !== null && { body: sent }),
  })
}

/** What is wrong with an answer: a 5xx, an undocumented status or shape, an error outside the envelope, or one that says too much. */
async function problems({ operation }: Place, response: Response): Promise<string[]> {
  const { status } = response
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  const documented = operation.responses[status]
  if (status >= 500) return [`${status} ${await response.text()}`, ...world.errors.slice(-1)]
  if (documented === undefined) return [`${status} is not documented: ${(await response.text()).slice(0, 300)}`]
  const schema = documented.content?.[type]?.schema
  if (schema === undefined) return [`${status} with ${type} is not documented`]
  if (type === 'text/event-stream') {
    await response.body?.cancel()
    return []
  }
  if (type !== 'application/json') return (await response.arrayBuffer()).byteLength >= 0 ? [] : ['no bytes']
  const text = await response.text()
  const answer = JSON.parse(text)
  const leaks = status === 200 ? null : /\.ts:\d|node_modules|select .* from|pg_|sk_test_\w{20}/i.exec(text)
  return [
    ...problemsOf(document, schema, answer),
    ...(status !== 200 && answer.requestId !== response.headers.get('request-id') ? ['another request id'] : []),
    ...(status !== 200 && answer.statusCode !== status ? ['another status'] : []),
    ...(leaks === null ? [] : [`says ${leaks[0]}`]),
  ]
}

/** A payer's page is a session. */
function ofSession(path: string): string {
  return path.replace('/payment-pages/for-checkout-session', '/checkout/sessions')
}

/** Undoes what keeps others from succeeding, and makes new objects for an operation that uses them up, half of the invoices final. */
async function renew({ method, path, operation }: Place): Promise<void> {
  const collection = ofSession(path.slice(0, path.indexOf('/{')))
  const create = document.paths[collection]?.post?.operationId
  if (method === 'get') return
  for (const { api, ids } of merchants) {
    await api.call('PUT', '/organization/payment-setting', { allowedCurrencies: null, allowedChains: null })
    await api.call('PUT', `/products/${ids['/products/{}']}/activate`)
    await api.call('PUT', `/prices/${ids['/prices/{}']}`, { isActive: true })
    await api.call('PUT', `/tax-rates/${ids['/tax-rates/{}']}/activate`)
    for (let count = 0; count < FRESH && path.includes('{') && create !== undefined; count++) {
      const body = sampleBody(create, ids, `${operation.operationId}${count}`)
      if (body === null) return
      world.ctx.clock.advance(1)
      const { answer } = await api.call('POST', collection.replace('/api/v1', ''), body)
      if (collection.endsWith('/invoices') && count % 2 === 0) await api.call('POST', `/invoices/${answer.id}/finalize`)
    }
  }
}

/** Sends the requests, a few at once, each for one of the merchants; the first answer that is wrong ends it. */
async function fuzz(place: Place, seed: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  await renew(place)
  const all = await Promise.all(merchants.map(merchant => idsNow(merchant, place.path)))
  const each = merchants.map(({ ids }, who) => {
    const others = merchants[(who + 1) % merchants.length]?.ids ?? {}
    const name = place.operation.operationId ?? ''
    const samples = [ids, ids, ids, others].flatMap((named, at) => sampleBody(name, named, `${who}${at}`) ?? [])
    const sources = { own: all[who] ?? {}, foreign: all[(who + 1) % all.length] ?? {}, samples }
    return requestsOf(document, place, sources, pictures).map(request => ({ request, who }))
  })
  const requests = fc.sample(fc.oneof(...each), { numRuns: RUNS, seed })
  const next = requests.values()
  const worker = async () => {
    for (const { request, who } of next) {
      const response = await send(request, merchants[who]?.api.key ?? '')
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      const wrong = await problems(place, response)
      assert.deepEqual(wrong, [], `FUZZ_SEED=${SEED}: ${JSON.stringify(request).slice(0, 3000)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return statuses
}

const ORDER = ['get', 'post', 'put', 'delete']

test(`A2.1: whatever is sent, each route answers as it is documented, and never with a 5xx (FUZZ_SEED=${SEED})`, async t => {
  const places = Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })))
    .sort((left, right) => ORDER.indexOf(left.method) - ORDER.indexOf(right.method))
  let sent = 0
  for (const [index, place] of places.entries()) {
    await t.test(`${place.method.toUpperCase()} ${place.path}`, async each => {
      const statuses = await fuzz(place, SEED + index)
      each.diagnostic(
        [...statuses]
          .sort()
          .map(([status, count]) => `${status}: ${count}`)
          .join(', '),
      )
      sent += RUNS
    })
  }
  t.diagnostic(`${sent} requests to ${places.length} routes`)
})
