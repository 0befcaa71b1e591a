import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { strFromU8, unzipSync } from 'fflate'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, paymentTo, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'
import type { Context } from '../context.ts'
import { createApp } from './app.ts'

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ABSENT = '00000000-0000-7000-8000-000000000000'
const MANY = 50_000

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

type Api = Awaited<ReturnType<typeof openApiCaller>>

const download = (api: Api, query = '', headers: Record<string, string> = {}) =>
  createApp(ctx).request(`/api/v1/checkout/sessions/export${query}`, {
    headers: { authorization: `Bearer ${api.key}`, ...headers },
  })

/** The rows of a CSV whose cells hold no line breaks, by their columns. */
async function rowsOf(api: Api, query = ''): Promise<Record<string, string>[]> {
  const response = await download(api, query)
  assert.equal(response.status, 200)
  const text = await response.text()
  const [titles = [], ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map(line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)])
    .map(cells => cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''))
  return rows.map(row => Object.fromEntries(titles.map((title, column) => [title, row[column] ?? ''])))
}

async function newSession(api: Api) {
  ctx.clock.advance(1000)
  return await createSession(ctx, api.caller)
}

test('F178: every session in a row, newest first: exact amounts, payments, and nothing that a spreadsheet would run', async () => {
  const api = await openApiCaller(ctx)
  const chain = await recordChain(ctx)
  const [open, paid] = [await newSession(api), await newSession(api)]
  const danger = '=HYPERLINK("http://evil.example","x")'
  await ctx.db.owner.query(
    `update checkout_sessions set client_reference_id = $2, metadata = $3,
       options = jsonb_set(options::jsonb, '{customerDetails,name}', to_jsonb($2::text)) where id = $1`,
    [open.id, danger, JSON.stringify({ order: '7', note: 'a, "b"' })],
  )
  await ctx.db.owner.query("update products set name = '@SUM(1)' where organization_id = $1", [open.organizationId])
  const block = await chain.mine(header => [paymentTo(paid, header, { amountRaw: 9_999_999n })])
  for (let more = 0; more < 2; more++) await chain.mine()

  const response = await download(api)
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="checkout-sessions-2026-03-01.csv"')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.deepEqual([...new Uint8Array(await response.arrayBuffer()).subarray(0, 5)], [0xef, 0xbb, 0xbf, 0x69, 0x64])

  const [second, first] = await rowsOf(api)
  assert.deepEqual(
    [first?.clientReferenceId, first?.customerName, first?.metadata, first?.lineItems, first?.amountReceived],
    [`'${danger}`, `'${danger}`, '{"order":"7","note":"a, \\"b\\""}', '1 × @SUM(1)', ''],
  )
  const hash = paymentTo(paid, block).txHash
  assert.deepEqual(
    [second?.status, second?.exceptions, second?.amountTotal, second?.amountReceived, second?.payments],
    ['incomplete', 'underpaid', '10', '9.999999', '9.999999 USDC on 80001'],
  )
  assert.deepEqual(await rowsOf(api, '?receivedChainId=80001&receivedCurrency=usdc'), [second])
  assert.deepEqual(
    [second?.id, second?.createdAt, second?.transactionHashes, second?.paymentIntentId, second?.isMarkRefunded],
    [paid.id, paid.createdAt.toISOString(), hash, paid.intent.id, 'false'],
  )
})

test('the format is the one of the query, else the one that Accept asks for', async () => {
  const api = await openApiCaller(ctx)
  const { id } = await newSession(api)
  for (const [query, accept, type] of [
    ['', '*/*', 'text/csv; charset=utf-8'],
    ['', XLSX_TYPE, XLSX_TYPE],
    ['?format=xlsx', 'text/csv', XLSX_TYPE],
    ['?format=csv', XLSX_TYPE, 'text/csv; charset=utf-8'],
  ] as const) {
    const response = await download(api, query, { accept })
    assert.equal(response.headers.get('content-type'), type)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (type !== XLSX_TYPE) continue
    assert.match(String(response.headers.get('content-disposition')), /\.xlsx"$/)
    const sheet = strFromU8(unzipSync(bytes)['xl/worksheets/sheet1.xml'] ?? assert.fail())
    assert.ok(sheet.includes(`<c r="A2" t="inlineStr"><is><t xml:space="preserve">${id}</t></is></c>`))
  }
})

test('the filters of the list, and a stretch of time', async () => {
  const api = await openApiCaller(ctx)
  const sessions = [await newSession(api), await newSession(api), await newSession(api)].reverse()
  const [newest, middle, oldest] = sessions.map(({ id }) => id)
  const list = async (query: string) => (await rowsOf(api, query)).map(({ id }) => id)
  assert.deepEqual(await list(''), [newest, middle, oldest])
  const at = encodeURIComponent(String(sessions[1]?.createdAt.toISOString()))
  assert.deepEqual(await list(`?from=${at}`), [newest, middle])
  assert.deepEqual(await list(`?to=${at}`), [oldest])
  assert.deepEqual(await list(`?from=${at}&to=${at}`), [])
  await ctx.db.owner.query("update checkout_sessions set status = 'expired', payment_link_id = $2 where id = $1", [
    middle,
    ABSENT,
  ])
  assert.deepEqual(await list('?status=expired'), [middle])
  assert.deepEqual(await list(`?paymentLinkId=${ABSENT}`), [middle])
  assert.deepEqual(await list('?paymentStatus=paid'), [])
  for (const [query, refusal] of [
    ['?from=yesterday', 'parameter_invalid from'],
    ['?format=pdf', 'parameter_invalid format'],
    ['?status=done', 'parameter_invalid status'],
    ['?limit=5', 'parameter_unknown limit'],
  ]) {
    assert.equal(await api.refused('GET', `/checkout/sessions/export${query}`), `400 ${refusal}`)
  }
})

test("another organization's sessions are not in it, and it needs the scope of reading sessions", async () => {
  const [owner, stranger] = [await openApiCaller(ctx), await openApiCaller(ctx)]
  await newSession(owner)
  assert.deepEqual(await rowsOf(stranger), [])
  const restricted = await openApiCaller(ctx, { of: owner.caller, key: ['checkout_sessions:write'] })
  assert.equal(await restricted.refused('GET', '/checkout/sessions/export'), '403 insufficient_permissions')
  const publishable = await openApiCaller(ctx, { of: owner.caller, key: 'publishable' })
  assert.equal(await publishable.refused('GET', '/checkout/sessions/export'), '403 key_type')
})

/** Copies of the session with all that an export reads, each a millisecond older. */
async function copySession(id: string, count: number): Promise<void> {
  const { owner } = ctx.db
  await owner.query(
    `create temporary table copies as
     select n, gen_random_uuid() as intent_id, sha256(n::text::bytea) as digest, s.created_at - n * interval '1 ms' as at
     from generate_series(1, $2::int) n, checkout_sessions s where s.id = $1`,
    [id, count],
  )
  const copyId = `(lpad(to_hex((extract(epoch from c.at) * 1000)::bigint), 12, '0') || '7000' || '8' ||
    substr(encode(c.digest, 'hex'), 1, 15))::uuid`
  const copy = (table: string, changes: string, where: string) =>
    owner.query(
      `insert into ${table} select r.* from ${table} t, copies c, jsonb_populate_record(t, ${changes}) r where t.${where} = $1`,
      [id],
    )
  await copy('checkout_sessions', `jsonb_build_object('id', ${copyId}, 'created_at', c.at)`, 'id')
  const of = `'checkout_session_id', ${copyId}`
  await copy('payment_intents', `jsonb_build_object(${of}, 'id', c.intent_id)`, 'checkout_session_id')
  await copy('line_items', `jsonb_build_object(${of})`, 'checkout_session_id')
  await copy(
    'deposit_addresses',
    `jsonb_build_object(${of}, 'address', '\\x' || substr(encode(c.digest, 'hex'), 1, 40))`,
    'checkout_session_id',
  )
  await owner.query('drop table copies')
  await owner.query('analyze')
}

/** Collects garbage, and says how many bytes the process has in use. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  // What buffers held is free only once the next one ends.
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The context, and how many transactions it has begun for callers. */
function counting(): { counted: Context; begun: () => number } {
  let begun = 0
  const app = new Proxy(ctx.db.app, {
    get: (target, name) => {
      if (name === 'transaction') begun += 1
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  return { counted: { ...ctx, db: { ...ctx.db, app } }, begun: () => begun }
}

test(`${MANY} sessions for a slow reader: nothing is read ahead, and memory does not grow with the file`, async t => {
  const api = await openApiCaller(ctx)
  const { id, createdAt } = await newSession(api)
  const metadata = Object.fromEntries([1, 2, 3].map(n => [`note ${n}`, 'x'.repeat(400)]))
  await ctx.db.owner.query('update checkout_sessions set metadata = $2 where id = $1', [id, JSON.stringify(metadata)])
  await copySession(id, MANY - 1)
  const some = MANY / 4
  const from = encodeURIComponent(new Date(createdAt.getTime() - some + 1).toISOString())
  for (const [query, expected, rowsOfText] of [
    ['format=csv', MANY, (file: Buffer) => file.toString('latin1').split('\r\n').length - 1],
    [`format=xlsx&from=${from}`, some, (text: Buffer) => text.toString('latin1').split('<row ').length - 1],
  ] as const) {
    const { counted, begun } = counting()
    const response = await createApp(counted).request(`/api/v1/checkout/sessions/export?${query}`, {
      headers: { authorization: `Bearer ${api.key}` },
    })
    assert.equal(response.status, 200)
    const reader = (response.body ?? assert.fail()).getReader()
    const started = begun()
    const parts: Uint8Array[] = []
    const used: number[] = []
    let kept = 0
    for (let chunks = 0; ; chunks++) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      kept += value.length
      // Whatever would be read ahead has the time for it now.
      for (let turn = 0; turn < 3; turn++) await ctx.db.owner.query('select 1')
      assert.ok(begun() - started <= chunks + 2, `${begun() - started} batches were read for ${chunks} chunks`)
      if (chunks % 5 === 0) used.push(bytesInUse() - kept)
    }
    const file = Buffer.concat(parts)
    const text = query === 'format=csv' ? file : Buffer.from(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? [])
    assert.equal(rowsOfText(text), expected + 1)
    const grown = Math.max(...used) - (used[0] ?? 0)
    t.diagnostic(`${query}: ${text.length} bytes of text, ${grown} more in use at most`)
    assert.ok(grown < text.length / 4, `${grown} bytes for ${text.length} of text`)
  }
})
