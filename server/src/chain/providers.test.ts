// Which of the providers is asked, for how long one that fails, lags or serves another chain is not, and what is told of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as later } from 'node:timers/promises'
import { fakeProvider, growChain } from '../../test/harness/fakeProviders.ts'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { chain, MINUTE, SECOND, setChain, three, tipNumber, watch } from '../../test/harness/watchProviders.ts'
import { invariant } from '../domain/errors.ts'

test('G27, F116: a node of another chain is refused at its first call and never read from', async () => {
  const providers = three()
  const [alpha] = providers
  alpha.fault = 'wrong_chain'
  const { watched, poll, problems } = watch(providers)
  await watched.check()
  assert.deepEqual(alpha.calls, ['check'])
  const { agreed, agreedByAll } = await poll()
  assert.deepEqual([alpha.calls, agreed, agreedByAll], [['check'], 49n, -1n])
  assert.equal(problems().alpha, 'wrong_chain: It fails on purpose.')
})

test('F116: a name that serves another chain after a failure is found out before it is read from again', async () => {
  const providers = three()
  const [alpha] = providers
  const { poll, time, problems } = watch(providers)
  await poll()
  alpha.fault = 'failed'
  await poll()
  alpha.calls.length = 0
  alpha.fault = 'wrong_chain'
  time.ms += MINUTE
  await poll()
  assert.deepEqual(alpha.calls, ['check'])
  assert.match(problems().alpha ?? '', /^wrong_chain: /)
})

test('F116, G27: where all serve another chain, no retry helps', async () => {
  const providers = three()
  for (const provider of providers) provider.fault = 'wrong_chain'
  const { watched } = watch(providers)
  await assert.rejects(watched.check(), { name: 'UpstreamError', retryable: false, code: 'wrong_chain' })
  await assert.rejects(watched.head(), { name: 'UpstreamError', retryable: false })
  const alone = fakeProvider('alone', chain, { fault: 'wrong_chain' })
  await assert.rejects(watch([alone], { quorum: 1 }).watched.check(), { retryable: false, code: 'wrong_chain' })
})

test('B4.6: a node with another genesis is never read from, even where it is preferred', async () => {
  const providers = three()
  const [alpha, ...others] = providers
  const { poll, time, problems } = watch(providers)
  alpha.chain = growChain([], 60, 'another genesis')
  setChain(others, growChain(chain, 2))
  assert.deepEqual((await poll()).read, [])
  const { read, agreed } = await poll()
  assert.deepEqual([read, agreed], [['50', '51'], -1n])
  time.ms += MINUTE
  await poll()
  assert.equal(problems().alpha, 'conflict: has another block 0 than beta and gamma')
})

test('B4.6: the first block is known where a quorum or an own node tells it, and nobody another', async () => {
  const [alpha, beta, gamma] = three()
  const genesis = () => watch([alpha, beta, gamma]).watched.genesis()
  assert.equal(await genesis(), chain[0]?.hash)
  setChain([beta, gamma], [])
  assert.equal(await genesis(), null, 'one alone is no quorum')
  setChain([beta], chain)
  assert.equal(await genesis(), chain[0]?.hash)
  setChain([gamma], growChain([], 50, 'another genesis'))
  assert.equal(await genesis(), null, 'a person must find out who is right')
  const own = fakeProvider('own', chain, { isOwn: true })
  assert.equal(await watch([own, fakeProvider('silent', [])]).watched.genesis(), chain[0]?.hash)
})

test('B4.6: once the first block is known, a node that tells another is put in quarantine by name, before a block of it is read', async () => {
  const [first] = chain
  invariant(first, 'the chain has a first block')
  const providers = three()
  const [alpha, ...others] = providers
  alpha.chain = growChain([], 60, 'another genesis')
  setChain(others, growChain(chain, 2))
  const { watched, poll, time, problems } = watch(providers)
  await watched.check(first.hash)
  const { read, agreed } = await poll()
  assert.deepEqual([read, agreed], [['50', '51'], 51n])
  assert.deepEqual(problems(), { alpha: 'wrong_chain: It fails on purpose.', beta: null, gamma: null })
  assert.deepEqual(alpha.calls, ['check'])

  // One name serves another chain after a failure.
  const [beta] = others
  beta.fault = 'failed'
  await poll()
  Object.assign(beta, { fault: null, chain: growChain([], 60, 'a third one') })
  time.ms += MINUTE
  await poll()
  assert.equal(problems().beta, 'wrong_chain: It fails on purpose.')

  setChain(providers, growChain([], 60, 'another genesis'))
  await assert.rejects(watch(providers).watched.check(first.hash), { code: 'wrong_chain', retryable: false })
})

test('F113: a node that answers with nonsense is asked less and less, another is read instead, until it is well', async () => {
  const providers = three()
  const [alpha] = providers
  const { poll, time, problems } = watch(providers)
  alpha.fault = 'malformed'
  for (let minute = 0; minute < 60; minute++) {
    setChain(providers, growChain(chain, minute + 1))
    const { agreed } = await poll()
    assert.equal(agreed, BigInt(50 + minute))
    time.ms += 10 * SECOND
  }
  assert.ok(alpha.calls.length <= 20, `${alpha.calls.length} calls`)
  assert.match(problems().alpha ?? '', /^malformed: /)
  alpha.fault = null
  time.ms += MINUTE
  assert.equal((await poll()).agreedByAll, 109n)
  assert.equal(problems().alpha, null)
})

test('B4.8, G26: a provider whose quota has ended is left alone for as long as it says; calls stay below twice as many', async () => {
  const count = async (limited: boolean) => {
    const providers = three()
    const [alpha] = providers
    Object.assign(alpha, limited && { fault: 'rate_limited', retryAfterMs: 30 * SECOND })
    const { poll, time, stored, problems } = watch(providers, { tagsMs: 5 * SECOND })
    for (let second = 0; second < 600; second += 2) {
      setChain(providers, growChain(chain, second / 2 + 1))
      const { agreed } = await poll()
      assert.equal(agreed, tipNumber(stored))
      time.ms += 2 * SECOND
    }
    assert.equal(stored.length, 350, 'no block is missed')
    assert.equal(problems().alpha?.split(':')[0], limited ? 'rate_limited' : undefined)
    return { all: providers.flatMap(({ calls }) => calls).length, alpha: alpha.calls.length }
  }
  const [normal, limited] = [await count(false), await count(true)]
  assert.ok(limited.all <= 2 * normal.all, `${limited.all} calls, normally ${normal.all}`)
  assert.ok(limited.alpha <= 20, `${limited.alpha} calls of the limited one`)
})

test('B4.9: a provider that never answers costs a poll less than 3 s, and the next polls nothing', async t => {
  for (const hung of [0, 2]) {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const providers = three()
    const { poll, problems } = watch(providers)
    Object.assign(providers[hung] ?? {}, { fault: 'hang' })
    setChain(providers, growChain(chain, 2))
    const first = poll()
    assert.ok((await passed(t, first)) < 3_000)
    const { read, agreed } = await first
    assert.deepEqual([read, agreed], [['50', '51'], 51n])
    assert.match(Object.values(problems())[hung] ?? '', /^timeout: /)
    assert.equal(await passed(t, poll()), 0)
    t.mock.timers.reset()
  }
})

/** How many of the timers' milliseconds pass until `work` is done. */
async function passed(
  t: { mock: { timers: { tick: (ms: number) => void } } },
  work: Promise<unknown>,
): Promise<number> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  for (let ms = 0; ; ms += 100) {
    for (let turn = 0; turn < 50; turn++) await later()
    if (isDone) {
      await done
      return ms
    }
    t.mock.timers.tick(100)
  }
}

test('G24: a provider that answers from an old head is stale after ten block times, not sooner, and until it has caught up', async () => {
  const providers = three()
  const [alpha, ...others] = providers
  const { poll, time, problems, stored } = watch(providers, { blockTimeMs: SECOND })
  for (let blocks = 1; blocks <= 12; blocks++) {
    time.ms += SECOND
    setChain(others, growChain(chain, blocks))
    await poll()
    assert.equal(problems().alpha !== null, blocks > 10, `${blocks} blocks`)
  }
  assert.equal(problems().alpha, 'stale: its newest block is far behind')
  assert.deepEqual((await poll()).read, [])
  assert.equal(tipNumber(stored), 61n)
  setChain([alpha], growChain(chain, 12))
  const { agreedByAll } = await poll()
  assert.deepEqual([problems().alpha, agreedByAll], [null, 61n])
})

test('G24: a block of the far future makes nobody stale, and a chain that stands still none either', async () => {
  const providers = three()
  const [alpha] = providers
  const { poll, time, problems } = watch(providers, { blockTimeMs: SECOND })
  alpha.chain = [...chain, blockAfter(chain.at(-1) ?? null, { time: new Date('2099-01-01'), branch: 'future' })]
  await poll()
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
  setChain(providers, chain)
  time.ms += 60 * MINUTE
  await poll()
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
})
