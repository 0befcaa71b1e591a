import fc from 'fast-check'
import { type Document, type Operation, resolve, type Schema } from '../contract/document.ts'

/** Whom and what a request may name: ids of the caller's objects by kind of path, those of others, and some of nobody. */
export type Sources = {
  own: Readonly<Record<string, readonly string[]>>
  foreign: Readonly<Record<string, readonly string[]>>
  /** Bodies that are right, for the operation that is asked for. */
  samples: readonly object[]
}

/** A request without its key; `form` are the fields of a multipart body. */
export type FuzzRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body: string | null
  form: [name: string, value: string | Uint8Array][] | null
}

const ABSENT = '00000000-0000-7000-8000-000000000000'
const AMOUNTS = ['1', '99', '100', '1000000', '100000000', '1250000000', '9223372036854775807', '9223372036854775808']
const TIMES = [
  '2026-03-01T13:00:00.000Z',
  '2026-03-02T00:00:00+05:00',
  '2027-01-01T00:00:00.000Z',
  '1970-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00.000Z',
]
const URLS = [
  'https://shop.example/a?b=c#d',
  'http://127.0.0.1:9/x',
  'https://münchen.example/ü',
  'javascript:alert(1)',
]
const ADDRESSES = [`0x${'9a'.repeat(20)}`, `0x${'0'.repeat(40)}`, `0x${'AB'.repeat(20)}`]

/** What breaks programs: nothing, limits, other types, text that is no text, names of prototypes. */
const HOSTILE: readonly unknown[] = [
  null,
  '',
  ' ',
  '0',
  '-1',
  '1e3',
  'null',
  'true',
  '\u0000',
  '\ud800',
  '\u202eabc',
  'é'.normalize('NFD'),
  '👩‍👩‍👧‍👦'.repeat(30),
  "'; drop table products; --",
  '<script>alert(1)</script>',
  '{CHECKOUT_SESSION_ID}',
  '../../etc/passwd',
  '%00',
  'x'.repeat(600),
  'x'.repeat(70_000),
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e21,
  true,
  false,
  [],
  [[]],
  [null],
  {},
  { data: [] },
  { __proto__: null, constructor: 'x' },
  Array(300).fill('a'),
]

const UNKNOWN_NAMES = ['amout', 'status', 'organizationId', 'constructor', 'id', 'ä', '']

/** One time of `times` what it says, else null. */
function seldom<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

function text({ minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  const max = Math.min(maxLength, 300)
  return fc.oneof(
    fc.string({ minLength, maxLength: Math.min(max, 20) }),
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(max, 20) }),
    fc.constantFrom(
      'a'.repeat(Math.max(minLength, 1)),
      'a'.repeat(max),
      'a'.repeat(maxLength),
      'a'.repeat(maxLength + 1),
    ),
  )
}

function stringOf(schema: Schema, ids: readonly string[]): fc.Arbitrary<string> {
  const { format, pattern } = schema
  if (format === 'uuid') return fc.constantFrom(...ids, ABSENT)
  if (format === 'date-time') return fc.constantFrom(...TIMES)
  if (format === 'uri') return fc.constantFrom(...URLS)
  if (format === 'email') return fc.constantFrom('ada@example.com', 'Ada+1@sub.example.co', 'a@b')
  if (pattern === undefined) return text(schema)
  if (pattern.includes('[0-9]')) return fc.constantFrom(...AMOUNTS)
  return pattern.startsWith('^0x') && pattern.includes('40')
    ? fc.constantFrom(...ADDRESSES)
    : fc.stringMatching(new RegExp(pattern))
}

function numberOf({ type, minimum = -2, exclusiveMinimum, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [exclusiveMinimum ?? minimum, maximum]
  const whole = fc.oneof(
    fc.constantFrom(min, max, min + 1, 80001),
    fc.integer({ min: Math.ceil(min), max: Math.floor(max) }),
  )
  return [type].flat().includes('integer') ? whole : fc.oneof(whole, fc.constantFrom(12.34, 0.0001, 99.99))
}

/** Values that fit the schema as far as it says; `ids` are what UUIDs are drawn from. */
export function fitting(document: Document, schema: Schema, ids: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  const { schema: whole, isNullable } = resolve(document, schema)
  const values = whole.enum ?? (whole.const === undefined ? undefined : [whole.const])
  if (values !== undefined) return fc.constantFrom(...values)
  const [type] = [whole.type ?? []].flat().filter(each => each !== 'null')
  const inner = (each: Schema) => fitting(document, each, ids, depth + 1)
  const some = () => {
    if (type === 'string') return stringOf(whole, ids)
    if (type === 'integer' || type === 'number') return numberOf(whole)
    if (type === 'boolean') return fc.boolean()
    if (type === 'array') {
      const { minItems = 0, maxItems = 3 } = whole
      return fc.array(inner(whole.items ?? {}), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 2) })
    }
    if (type === 'object' && whole.properties !== undefined) {
      const keys = Object.keys(whole.properties)
      // The deeper, the fewer of what may be left out: most of what is refused is refused for one of its parts.
      const share = depth === 0 ? 3 : 5
      const fields = keys.map(key => {
        const given = inner(whole.properties?.[key] ?? {})
        const left = { weight: share - 1, arbitrary: fc.constant(undefined) }
        return whole.required?.includes(key) ? given : fc.oneof(left, { weight: 1, arbitrary: given })
      })
      return fc.tuple(...fields).map(list => Object.fromEntries(keys.map((key, at) => [key, list[at]])))
    }
    if (type === 'object')
      return fc.dictionary(fc.string({ maxLength: 45 }), fc.string({ maxLength: 20 }), { maxKeys: 3 })
    return fc.constantFrom(...HOSTILE)
  }
  return isNullable ? fc.option(some(), { freq: 4 }) : some()
}

/** One thing that is done to a value: at the `at`th of its places, counted round and round. */
type Spoiling = { kind: 'replace' | 'drop' | 'add'; at: number; value: unknown; name: string }

const spoiling: fc.Arbitrary<Spoiling> = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'drop', 'add'),
  at: fc.nat(200),
  value: fc.constantFrom(...HOSTILE),
  name: fc.constantFrom(...UNKNOWN_NAMES),
})

function spoil(value: unknown, { kind, at, value: hostile, name }: Spoiling): unknown {
  const copy = structuredClone(value)
  const places: [holder: Record<string, unknown>, key: string][] = []
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return
    for (const key of Object.keys(holder)) {
      const place = holder as Record<string, unknown>
      places.push([place, key])
      visit(place[key])
    }
  }
  visit(copy)
  const [holder, key] = places[at % Math.max(places.length, 1)] ?? []
  if (holder === undefined || key === undefined) return hostile
  if (kind === 'replace') holder[key] = hostile
  if (kind === 'drop') delete holder[key]
  if (kind === 'add' && !Array.isArray(holder)) holder[name] = hostile
  return copy
}

function bodyOf(document: Document, schema: Schema, { own, foreign, samples }: Sources): fc.Arbitrary<string> {
  const ids = [...Object.values(own), ...Object.values(foreign)].flat()
  const made = fitting(document, schema, ids)
  const right =
    samples.length > 0
      ? fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...samples) }, { weight: 1, arbitrary: made })
      : made
  const spoiled = fc
    .tuple(right, fc.array(spoiling, { maxLength: 3 }))
    .map(([value, all]) => all.reduce(spoil, value as unknown))
  return fc.oneof(
    { weight: 12, arbitrary: right.map(value => JSON.stringify(value)) },
    { weight: 24, arbitrary: spoiled.map(value => JSON.stringify(value) ?? '') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'null', '[]', '"x"', '{', '{"a":1,"a":2}', '\ufeff{}', `${'['.repeat(500)}`),
    },
    { weight: 1, arbitrary: fc.json() },
  )
}

function formOf(document: Document, schema: Schema, pictures: readonly Uint8Array[]) {
  const { properties = {} } = resolve(document, schema).schema
  const value = (field: Schema | undefined): fc.Arbitrary<string | Uint8Array> =>
    field?.format === 'binary'
      ? fc.oneof(fc.constantFrom(...pictures), fc.uint8Array({ maxLength: 50 }))
      : fc.oneof(stringOf(field ?? {}, []), fc.constantFrom('', 'x'.repeat(600), '\u0000'))
  const names = Object.keys(properties)
  return fc.array(
    fc.constantFrom(...names, ...names, 'other').chain(name => fc.tuple(fc.constant(name), value(properties[name]))),
    { maxLength: 3 },
  )
}

function queryOf(document: Document, { parameters = [] }: Operation, ids: readonly string[]): fc.Arbitrary<string> {
  const some = parameters
    .filter(each => each.in === 'query')
    .map(({ name, schema }) => {
      const fit = fitting(document, schema, ids).map(value => String(value))
      const hostile = fc.constantFrom(
        ...HOSTILE.filter(each => typeof each === 'string' && each.length < 1000).map(String),
      )
      return fc.tuple(fc.constant(name), fc.oneof({ weight: 5, arbitrary: fit }, { weight: 1, arbitrary: hostile }))
    })
  const pairs = some.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...some), { maxLength: 3 })
  const unknown = seldom(20, fc.constantFrom<[string, string]>(['amout', '1'], ['constructor', 'x']))
  return fc.tuple(pairs, unknown).map(([given, more]) => {
    const all = [...given, ...(more === null ? [] : [more])].map(pair =>
      pair.map(part => encodeURIComponent(part.toWellFormed())).join('='),
    )
    return all.length === 0 ? '' : `?${all.join('&')}`
  })
}

const MALFORMED = ['%00', 'x', '..;', "'", '%F0%9F%92%A9', '1', ABSENT.toUpperCase(), `${ABSENT}0`, 'y'.repeat(5000)]

function pathOf(
  document: Document,
  path: string,
  operation: Operation,
  { own, foreign }: Sources,
): fc.Arbitrary<string> {
  const parts = path.split(/(?<=\})|(?=\{)/)
  return fc
    .tuple(
      ...parts.map((part, at): fc.Arbitrary<string> => {
        if (!part.startsWith('{')) return fc.constant(part)
        const key = parts
          .slice(0, at + 1)
          .join('')
          .replaceAll(/\{\w+\}/g, '{}')
          .replace('/api/v1', '')
        const parameter = operation.parameters?.find(each => `{${each.name}}` === part)
        const mine = own[key] ?? []
        const fit =
          mine.length > 0 ? fc.constantFrom(...mine) : fitting(document, parameter?.schema ?? {}, []).map(String)
        return fc.oneof(
          { weight: 14, arbitrary: fit },
          { weight: 2, arbitrary: fc.constantFrom(...(foreign[key] ?? []), ABSENT) },
          { weight: 1, arbitrary: fc.constantFrom(...MALFORMED) },
        )
      }),
    )
    .map(all => all.join(''))
}

/** Requests to one operation: of what fits, of what nearly does, and of what nobody would send. */
export function requestsOf(
  document: Document,
  place: { method: string; path: string; operation: Operation },
  sources: Sources,
  pictures: readonly Uint8Array[],
): fc.Arbitrary<FuzzRequest> {
  const { method, path, operation } = place
  const ids = Object.values(sources.own).flat()
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const isForm = type === 'multipart/form-data'
  const body = content === undefined || isForm ? fc.constant(null) : bodyOf(document, content.schema, sources)
  const needed =
    operation.requestBody?.required !== true && content !== undefined
      ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: body })
      : body
  const form = isForm && content !== undefined ? formOf(document, content.schema, pictures) : fc.constant(null)
  const media = fc.oneof(
    { weight: 40, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', '') },
  )
  const key = fc.constantFrom('a', 'b', 'é', 'k'.repeat(256)).map(each => `${operation.operationId} ${each}`)
  const once = seldom(8, key)
  return fc
    .tuple(pathOf(document, path, operation, sources), queryOf(document, operation, ids), needed, form, media, once)
    .map(([named, query, sent, fields, mediaType, key]) => ({
      method: method.toUpperCase(),
      path: named + query,
      headers: {
        ...(fields === null && mediaType !== '' && { 'content-type': mediaType }),
        ...(method === 'post' && key !== null && { 'idempotency-key': key }),
      },
      body: sent,
      form: fields,
    }))
}
