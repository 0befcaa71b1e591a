import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemsOf } from './conform.ts'
import type { Document, Schema } from './document.ts'

test('a value that is not as its schema says is told with its place', () => {
  const part: Schema = { type: 'object', properties: { b: { type: 'string', pattern: '^[0-9]+$' } }, required: ['b'] }
  const document: Document = { paths: {}, components: { schemas: { Part: part } } }
  const ref: Schema = { $ref: '#/components/schemas/Part' }
  const time: Schema = { type: 'string', format: 'date-time' }
  const cases: [schema: Schema, value: unknown, ...expected: string[]][] = [
    [ref, { b: '1' }],
    [ref, { b: 'x' }, 'b is x, not ^[0-9]+$'],
    [ref, {}, 'b is missing'],
    [ref, { b: '1', c: 2 }, 'c is not documented'],
    [ref, null, 'the answer is null, not object'],
    [{ allOf: [ref, { type: ['object', 'null'] }] }, null],
    [
      { allOf: [ref, { type: 'object', properties: { c: { type: 'integer' } } }] },
      { b: '1', c: 'x' },
      'c is string, not integer',
    ],
    [{ anyOf: [ref, { type: 'null' }] }, null],
    [{ anyOf: [{ const: 10 }, { const: 20 }] }, 30, 'the answer is 30'],
    [{ type: 'array', items: ref, maxItems: 1 }, [{ b: '1' }, {}], 'the answer has 2 items', '[1].b is missing'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, { x: 'y', z: 1 }, 'z is integer, not string'],
    [{ type: 'object' }, { x: 'y' }],
    [{ type: 'object', properties: {}, additionalProperties: false }, { x: 'y' }, 'x is not documented'],
    [time, '2026-01-31T12:00:00.000Z'],
    [time, '2026-01-31T12:00:00Z', 'the answer is 2026-01-31T12:00:00Z, not date-time'],
    [{ type: 'string', format: 'uuid' }, 'x', 'the answer is x, not uuid'],
    [{ type: 'string', maxLength: 2 }, 'abc', 'the answer has 3 characters'],
    [{ type: 'string', enum: ['a'] }, 'b', 'the answer is "b"'],
    [{ type: ['string', 'null'], enum: ['a', null] }, null],
    [{ type: 'number', maximum: 100 }, 101, 'the answer is 101'],
    [{ type: 'integer' }, 1.5, 'the answer is number, not integer'],
    [{ type: 'number' }, 1],
  ]
  for (const [schema, value, ...expected] of cases) {
    assert.deepEqual(
      problemsOf(document, schema, value),
      expected,
      `${JSON.stringify(schema)} ${JSON.stringify(value)}`,
    )
  }
})
