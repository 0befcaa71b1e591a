import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeProvider } from '../../test/harness/fakeProviders.ts'
import { type UpstreamCode, UpstreamError } from '../domain/errors.ts'
import { blame, failureOf, praise, stateOf, unproved } from './provider.ts'

const error = (code: UpstreamCode, retryAfterMs: number | null = null) =>
  new UpstreamError('It fails on purpose.', { retryable: code !== 'wrong_chain', code, retryAfterMs })

const fresh = (name = 'alpha') => unproved(fakeProvider(name, []).node)

test('B4.8: a pause doubles from one second to a minute; who wants fewer calls is left alone for as long as it says, up to an hour', () => {
  const provider = fresh()
  let now = 0
  const pauses = Array.from({ length: 9 }, () => {
    blame(provider, error('failed'), now, false)
    const pause = (provider.trouble?.until ?? 0) - now
    now += pause
    return pause
  })
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  assert.equal(provider.trouble?.since, 0)
  for (const [asked, granted] of [
    [90_000, 90_000],
    [9_000_000, 3_600_000],
    [0, 1_000],
  ] as const) {
    const limited = fresh()
    blame(limited, error('rate_limited', asked), 5, false)
    assert.deepEqual([limited.trouble?.kind, limited.trouble?.until], ['rest', 5 + granted])
  }
})

test('of many calls under way the first that fails counts, and one that was asked before ends no trouble', () => {
  const provider = fresh()
  for (let call = 0; call < 8; call++) blame(provider, error('failed'), 100, false)
  assert.equal(provider.trouble?.until, 1_100)
  praise(provider, 99)
  assert.notEqual(provider.trouble, null)
  praise(provider, 101)
  assert.deepEqual([provider.trouble, provider.failures], [null, 0])
  blame(provider, error('rate_limited'), 200, false)
  praise(provider, 201)
  assert.notEqual(provider.trouble, null, 'a call that was under way when the limit was reached')
})

test('a lie during a pause is quarantine; one that is alone is only named; to lack a block is nothing', () => {
  const provider = fresh()
  blame(provider, error('failed'), 0, false)
  blame(provider, error('lie'), 1, false)
  assert.equal(provider.trouble?.kind, 'quarantine')
  blame(provider, error('failed'), 2, false)
  assert.equal(stateOf(provider).problem, 'lie: It fails on purpose.')
  const alone = fresh()
  blame(alone, error('lie'), 0, true)
  assert.deepEqual([alone.trouble?.kind, stateOf(alone).problem], ['pause', 'lie: It fails on purpose.'])
  const behind = fresh()
  blame(behind, error('stale'), 0, false)
  blame(behind, error('pruned'), 0, false)
  assert.deepEqual(stateOf(behind), { name: 'alpha', problem: null, since: null })
})

test('where none answers all are named; a retry helps unless it helps none, and a block that is only missing stays that', () => {
  const [alpha, beta] = [fresh(), fresh('beta')]
  const both = failureOf(
    new Map([
      [alpha, error('wrong_chain')],
      [beta, error('failed')],
    ]),
  )
  assert.equal(both.message, 'None of the providers answered. alpha: It fails on purpose. beta: It fails on purpose.')
  assert.equal(both.retryable, true)
  const codes = (first: UpstreamCode, second: UpstreamCode) => {
    return failureOf(
      new Map([
        [alpha, error(first)],
        [beta, error(second)],
      ]),
    ).code
  }
  assert.deepEqual(
    [codes('failed', 'stale'), codes('stale', 'pruned'), codes('timeout', 'failed')],
    ['stale', 'pruned', 'timeout'],
  )
})
