import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CRYPTO } from '../../src/domain/currency.ts'
import { compareEndpoint, compareObject } from './compare.ts'
import { parseContract } from './contract.ts'
import type { Document, Operation, Schema } from './document.ts'

const answer = (schema: Schema, type = 'application/json') => ({ 200: { content: { [type]: { schema } } } })
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** What the comparison of one endpoint's line with one operation says. */
function endpoint(line: string, operation: Operation, schemas: Record<string, Schema> = {}): string[] {
  const [first] = parseContract(line).endpoints
  assert.ok(first)
  const document: Document = {
    paths: { '/api/v1/things/{thingId}': { get: operation } },
    components: { schemas: { Thing: { type: 'object' }, ...schemas } },
  }
  return compareEndpoint(document, first).map(text => text.replace('GET /things/{id}: ', ''))
}

test('endpoints: each kind of difference is noticed', () => {
  const line = (rest: string, path = '/things/{id}') => `- \`GET /api/v1${path}\`${rest}`
  const query = (name: string, required = false) => ({ name, in: 'query', required, schema: { type: 'string' } })
  const page: Schema = { type: 'object', properties: { data: { type: 'array', items: ref('Thing') } } }
  const cases: [line: string, operation: Operation, ...expected: string[]][] = [
    [line(' → Thing'), { responses: answer(ref('Thing')) }],
    [line(' → Thing', '/others'), { responses: answer(ref('Thing')) }, 'GET /others: missing'],
    [line(' → Thing'), { responses: answer({ type: 'object' }) }, 'answer is not Thing'],
    [line(' → Thing'), { responses: {} }, 'answer is not Thing'],
    [
      line(' → Thing'),
      { responses: answer({ type: 'object', properties: { a: ref('Thing') } }) },
      'answer is not Thing',
    ],
    [line(' → [Thing]'), { responses: answer({ type: 'array', items: ref('Thing') }) }],
    [line(' → [Thing]'), { responses: answer(ref('Thing')) }, 'answer is not [Thing]'],
    [line(' → Page<Thing>'), { responses: answer(page) }],
    [
      line(' → Page<Thing>'),
      { responses: answer({ type: 'array', items: ref('Thing') }) },
      'answer is not Page<Thing>',
    ],
    [line(' → file (table)'), { responses: answer({ type: 'string' }, 'text/csv') }],
    [line(' → file (table)'), { responses: answer({ type: 'string' }) }, 'answer is not a file'],
    [line(' · query a, b'), { parameters: [query('a'), query('b[gt]')], responses: {} }],
    [line(' · query a, b'), { parameters: [query('a')], responses: {} }, 'no query parameter b'],
    [line(''), { parameters: [query('a', true)], responses: {} }, 'requires the query parameter a'],
    [line(' body Thing'), { responses: {} }, 'body is not Thing'],
    [
      line(' body Thing'),
      { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: {} },
      'body is not Thing',
    ],
    [
      line(' body Thing'),
      { requestBody: { content: { 'application/json': { schema: ref('Thing') } } }, responses: {} },
    ],
    [
      line(' multipart:Thing'),
      { requestBody: { content: { 'multipart/form-data': { schema: ref('Thing') } } }, responses: {} },
    ],
  ]
  for (const [text, operation, ...expected] of cases) assert.deepEqual(endpoint(text, operation), expected, text)
  const list = endpoint(line(' · std'), { parameters: [query('page')], responses: {} })
  assert.deepEqual(list.length, 9)
  assert.ok(list.includes('no query parameter createdAt[notnull]'))
})

/** What the comparison of a table with one field `a` with a schema says. */
function field(
  text: string,
  own: Schema | null,
  how: { isRequest?: boolean; isPut?: boolean; required?: boolean } = {},
): string[] {
  const { isRequest = false, isPut = false, required = true } = how
  const fields = parseContract(`- **Thing** { ${text} }`).objects.get('Thing')
  assert.equal(fields?.length, 1)
  const schemas: Record<string, Schema> = {
    Thing: { type: 'object', properties: own === null ? {} : { a: own }, ...(required && { required: ['a'] }) },
    Part: { type: 'object', properties: { b: { type: 'string' } } },
    Holder: { type: 'object', properties: { part: ref('Part') } },
  }
  const found = compareObject({ paths: {}, components: { schemas } }, 'Thing', fields ?? [], { isRequest, isPut })
  return found.map(problem => problem.replace('Thing.a: ', ''))
}

test('fields: each kind of difference of type is noticed', () => {
  const string: Schema = { type: 'string' }
  const nullable: Schema = { type: ['object', 'null'] }
  const cases: [text: string, own: Schema | null, ...expected: string[]][] = [
    ['a: string', string],
    ['a: string', null, 'missing'],
    ['a: string', { type: ['string', 'null'] }],
    ['a: string', { type: 'integer' }, 'is integer, not string'],
    ['a: string', {}, 'is anything, not string'],
    ['a: string', { type: ['string', 'number'] }, 'is string,number, not string'],
    ['a: number', string, 'is string, not number'],
    ['a: number', { type: 'integer' }],
    ['a: int64', { type: 'number' }, 'is number, not int64'],
    ['a: boolean', string, 'is string, not boolean'],
    ['a: object', { type: 'array', items: {} }, 'is array, not object'],
    ['a: uuid', string, 'no uuid'],
    ['a: uuid', { type: 'string', format: 'uuid' }],
    ['a: datetime', string, 'no date-time'],
    ['a: datetime', { type: 'string', format: 'date-time' }],
    ['a: file', string, 'no binary'],
    ['a: amt8', string, 'no amount'],
    ['a: amt8', { type: 'integer' }, 'is integer, not amt8'],
    ['a: amt8', { type: 'string', pattern: '^[0-9]+$' }],
    ['a: [string]', string, 'no list'],
    ['a: [string]', { type: 'array', items: { type: 'integer' } }, '[] is integer, not string'],
    ['a: [Part]', { type: 'array', items: ref('Part') }],
    ['a: [Part]', { type: 'array', items: ref('Holder') }, '[] is not Part'],
    ['a: Part', ref('Part')],
    ['a: Part', { allOf: [ref('Part'), nullable] }],
    ['a: Part', { anyOf: [ref('Part'), { type: 'null' }] }],
    ['a: Part', ref('Holder'), 'is not Part'],
    ['a: Part', { type: 'object', properties: { part: ref('Part') } }, 'is not Part'],
    ['a: Part', { allOf: [ref('Part'), { type: 'object', properties: { c: {} } }] }, 'is not Part'],
    ['a: {b, c}', { type: 'object', properties: { b: string } }, 'c: missing'],
    [
      'a: [{b: string}]',
      { type: 'array', items: { type: 'object', properties: { b: { type: 'integer' } } } },
      '[] b: is integer, not string',
    ],
    ['a: x|y', { type: 'string', enum: ['x', 'y', null] }],
    ['a: x|y', { type: 'string', enum: ['x'] }, 'lacks y'],
    ['a: x|y', { type: 'string', enum: ['x', 'y', 'z'] }, 'also has z'],
    ['a: x|y', string, 'lacks x|y'],
    [
      'a: 10|20',
      {
        anyOf: [
          { type: 'number', enum: [10] },
          { type: 'number', enum: [20] },
        ],
      },
    ],
    ['a: 10|20', { anyOf: [{ const: 10 }, { const: 30 }] }, 'lacks 20', 'also has 30'],
    ['a: Crypto', { type: 'string', enum: [...CRYPTO, 'eur'] }],
    [
      'a: Crypto|usd|inr',
      { type: 'string', enum: ['usdc'] },
      `lacks ${CRYPTO.filter(each => each !== 'usdc').join('|')}`,
    ],
    ['a: Crypto', { type: 'string', enum: [...CRYPTO, 'gold'] }, 'also has gold'],
  ]
  for (const [text, own, ...expected] of cases)
    assert.deepEqual(field(text, own), expected, `${text} ${JSON.stringify(own)}`)
})

test('fields: each kind of difference of bounds, defaults and marks is noticed', () => {
  const list: Schema = { type: 'array', items: { type: 'string' } }
  const cases: [text: string, own: Schema, ...expected: string[]][] = [
    ['a: number (min 0, max 100)', { type: 'number', minimum: 0, maximum: 100 }],
    ['a: number (min 0, max 100)', { type: 'number', minimum: 1 }, 'no min 0', 'no max 100'],
    ['a: [string] (minItems 1, maxItems 8)', { ...list, minItems: 1, maxItems: 8 }],
    ['a: [string] (minItems 1, maxItems 8)', { ...list, maxItems: 9 }, 'no minItems 1', 'no maxItems 8'],
    ['a: string (minLen 2, maxLen 20)', { type: 'string', minLength: 1 }, 'no minLen 2', 'no maxLen 20'],
    ['a: boolean (default false)', { type: 'boolean' }, 'default is undefined, not false'],
    ['a: boolean (default false)', { type: 'boolean', default: true }, 'default is true, not false'],
    ['a: boolean (default false)', { type: 'boolean', default: false }],
    ['a: boolean (nullable)', { type: 'boolean' }, 'never null'],
    ['a: boolean (nullable)', { type: ['boolean', 'null'] }],
  ]
  for (const [text, own, ...expected] of cases)
    assert.deepEqual(field(text, own), expected, `${text} ${JSON.stringify(own)}`)
  const string: Schema = { type: 'string' }
  assert.deepEqual(field('a*: string', string, { required: false }), ['not required'])
  assert.deepEqual(field('a*: string', { ...string, default: 'x' }, { required: false, isRequest: true }), [])
  assert.deepEqual(field('a: string', string), [])
  assert.deepEqual(field('a: string', string, { isRequest: true }), ['required, though the table leaves it open'])
  assert.deepEqual(field('a*: string', string, { isPut: true }), ['required, though a PUT changes what is given'])
  assert.deepEqual(field('a*: string', string, { isPut: true, required: false }), [])
  assert.deepEqual(
    compareObject({ paths: {}, components: { schemas: {} } }, 'Thing', [], { isRequest: false, isPut: false }),
    ['Thing: missing'],
  )
})

test('the tables are read whole, and a field that is none is refused', () => {
  const { endpoints, objects } = parseContract(
    '- `GET|POST /api/v1/a`\n- `PUT /api/v1/b/{id}` body B → B; `DELETE /api/v1/b/{id}` → Success\n' +
      '- **A** { x*: string; y: [B] (minItems 1) }, **B** { s: {t, u} }\n- **A** also { x: number; z }',
  )
  assert.deepEqual(
    endpoints.map(each => `${each.method} ${each.path} ${each.body} ${each.answer}`),
    ['get /a null null', 'post /a null null', 'put /b/{id} B B', 'delete /b/{id} null Success'],
  )
  assert.deepEqual(objects.get('A'), [
    { name: 'y', always: false, type: '[B]', notes: ['minItems 1'] },
    { name: 'x', always: false, type: 'number', notes: [] },
    { name: 'z', always: false, type: '', notes: [] },
  ])
  assert.deepEqual(objects.get('B'), [{ name: 's', always: false, type: '{t, u}', notes: [] }])
  assert.throws(() => parseContract('- **A** { x?: string }'), /x\?: string is no field/)
})
