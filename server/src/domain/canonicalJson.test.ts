import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { canonicalJson } from './canonicalJson.ts'

describe('canonicalJson', () => {
  it('sorts keys at every depth, by code unit, and keeps the order of lists', () => {
    const value = { b: [2, 1, { z: null, a: true }], a: 'x', é: 1, B: 2, '10': 3, '9': 4 }
    assert.equal(canonicalJson(value), '{"10":3,"9":4,"B":2,"a":"x","b":[2,1,{"a":true,"z":null}],"é":1}')
  })

  it('treats absent and undefined members alike, and null apart', () => {
    assert.equal(canonicalJson({ a: undefined, b: 1 }), canonicalJson({ b: 1 }))
    assert.notEqual(canonicalJson({ a: null, b: 1 }), canonicalJson({ b: 1 }))
  })

  it('writes a bigint as the same integer and a Date as its ISO text', () => {
    assert.equal(canonicalJson({ amount: 100n }), canonicalJson({ amount: 100 }))
    assert.equal(canonicalJson(2n ** 63n), '9223372036854775808')
    assert.equal(canonicalJson(new Date(0)), '"1970-01-01T00:00:00.000Z"')
  })

  it('keeps keys that look special as plain members', () => {
    assert.equal(canonicalJson(JSON.parse('{"__proto__":1,"constructor":2}')), '{"__proto__":1,"constructor":2}')
  })

  it('throws on what JSON cannot say', () => {
    for (const value of [undefined, [undefined], Number.NaN, Infinity, -Infinity, () => 1, Symbol('s')]) {
      assert.throws(() => canonicalJson(value), /invariant/)
    }
  })

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 1000 },
    )
  })

  it('is equal for two values exactly when they mean the same', () => {
    // Small values over few keys, so that pairs are often equal and often nearly equal.
    const leaf = fc.constantFrom<unknown>(null, 0, 1, '1', 'a', true, '', '{}')
    const { value } = fc.letrec<{ value: unknown }>(tie => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', '1'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, value, (left, right) => {
        assert.equal(canonicalJson(left) === canonicalJson(right), isDeepStrictEqual(left, right))
      }),
      { numRuns: 1000 },
    )
  })
})
