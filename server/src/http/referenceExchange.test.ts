import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { testClock } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import { createApp } from './app.ts'
import type { App } from './router.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../test/contract/create-checkout-session.${name}.json`, import.meta.url), 'utf8')

type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

let t: TestContext
let app: App
let answer: { [key: string]: Json }
const clock = testClock(new Date('2026-01-31T12:00:00.000Z'))

before(async () => {
  t = await createTestContext({ clock })
  app = createApp(t.ctx)
  const reply = await app.request('/api/v1/checkout/sessions', {
    method: 'POST',
    headers: { authorization: `Bearer ${t.apiKey}`, 'content-type': 'application/json' },
    body: read('request'),
  })
  assert.equal(reply.status, 200, await reply.clone().text())
  answer = (await reply.json()) as typeof answer
})
after(() => t.close())

/** What the reference answers with null on some chains. */
const MAY_BE_NULL = /\.superToken$/

function differences(expected: Json, actual: Json | undefined, path: string): string[] {
  if (actual === undefined) return [`${path} is missing`]
  if (MAY_BE_NULL.test(path) && actual === null) return []
  if (kind(expected) !== kind(actual)) return [`${path} is ${kind(actual)}, not ${kind(expected)}`]
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return [`${path} has ${actual.length} entries, not ${expected.length}`]
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    const fields = actual as { [key: string]: Json }
    return Object.entries(expected).flatMap(([key, value]) => differences(value, fields[key], `${path}.${key}`))
  }
  return []
}

function kind(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

test('every key of the reference answer is there, at every depth, with the same type and nullability', () => {
  assert.deepEqual(differences(JSON.parse(read('response')), answer, '$'), [])
})

/** Fields whose values differ by nature: ids, times, hosts, addresses. */
const DIFFERS =
  /(^|\.)(id|createdAt|updatedAt|expiresAt|organizationId|checkoutSessionId|productId|defaultPriceId|address|paymentAddress|url|successUrl|name|coingeckoId|superToken)$/

function values(value: Json, path: string): [string, Json][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  const entries = Array.isArray(value) ? value.map((item, index) => [`${index}`, item] as const) : Object.entries(value)
  return entries.flatMap(([key, item]) => values(item, `${path}.${key}`))
}

test('every constant of the reference answer is the same', () => {
  const ours = new Map(values(answer, '$'))
  const expected = values(JSON.parse(read('response')), '$').filter(
    ([path]) => !DIFFERS.test(path) && !path.includes('.superToken.'),
  )
  assert.ok(expected.length > 60, 'the comparison covers the answer')
  assert.deepEqual(
    expected
      .filter(([path, value]) => ours.get(path) !== value)
      .map(([path, value]) => `${path}: ${ours.get(path)}, not ${value}`),
    [],
  )
})

test('the session expires in an hour, and its id is in the URLs', () => {
  assert.equal(Date.parse(String(answer.expiresAt)) - Date.parse(String(answer.createdAt)), 3_600_000)
  assert.equal(answer.successUrl, `https://bitstream.com/success?cid=${answer.id}`)
  assert.equal(answer.url, `${t.ctx.config.publicUrl}/payment/checkout-session/${answer.id}`)
})

test('a GET answers what the creation answered', async () => {
  const reply = await app.request(`/api/v1/checkout/sessions/${answer.id}`, {
    headers: { authorization: `Bearer ${t.apiKey}` },
  })
  assert.equal(reply.status, 200)
  assert.deepEqual(await reply.json(), answer)
})
