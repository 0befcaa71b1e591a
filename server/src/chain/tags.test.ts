import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeProvider, growChain } from '../../test/harness/fakeProviders.ts'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { chain, MINUTE, SECOND, setChain, three, watch } from '../../test/harness/watchProviders.ts'
import { problemOfTags } from './tags.ts'

const at = (number: bigint, branch = 'a') => blockAfter(null, { number, branch })
const tags = (safe: bigint | null, finalized: bigint | null, branch = 'a') => {
  return { safe: safe === null ? null : at(safe, branch), finalized: finalized === null ? null : at(finalized, branch) }
}

test('B3.1: tags are in the order finalized, safe, head, and finalized never goes back or changes', () => {
  const before = tags(90n, 80n)
  const cases: [string, ReturnType<typeof tags>, string | null][] = [
    ['they go on', tags(95n, 85n), null],
    ['they stand', before, null],
    ['safe alone goes back', tags(85n, 80n), null],
    ['all are one', tags(100n, 100n), null],
    ['there are none', tags(null, null), null],
    ['there is one', tags(null, 85n), null],
    ['finalized goes back', tags(90n, 70n), 'its finalized block went back from 80 to 70'],
    ['finalized is another', tags(90n, 80n, 'b'), 'its finalized block 80 became another one'],
    ['finalized is above safe', tags(90n, 91n), 'its finalized block 91 is above its safe block 90'],
    ['finalized is above the head', tags(null, 101n), 'its finalized block 101 is above its head 100'],
    ['safe is above the head', tags(101n, 90n), 'its safe block 101 is above its head 100'],
  ]
  for (const [name, next, problem] of cases) assert.equal(problemOfTags(before, next, 100n), problem, name)
  assert.equal(problemOfTags(null, tags(90n, 70n), 100n), null, 'the first time')
})

test('B3.4, F117: of tags the lowest that is told holds, and null where nobody knows them', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { marks } = watch(providers)
  alpha.tags = { safe: 47, finalized: 40 }
  beta.tags = { safe: 30, finalized: null }
  gamma.tags = { safe: null, finalized: 35 }
  const { safe, finalized } = await marks()
  assert.deepEqual([safe, finalized], [30n, 35n])
  const none = watch(three())
  const untold = await none.marks()
  assert.deepEqual([untold.safe, untold.finalized], [null, null])
})

test('B3.4: a tag makes nothing final that fewer than the quorum tell, unless one of them is an own node', async () => {
  const providers = three()
  const [alpha, beta] = providers
  for (const provider of providers) provider.tags = { safe: 45, finalized: 40 }
  const { marks } = watch(providers)
  assert.equal((await marks()).safe, 45n)
  alpha.tags = { safe: 45, finalized: 30 }
  assert.deepEqual([(await marks()).safe, (await marks()).finalized], [45n, 40n])
  beta.tags = { safe: 45, finalized: 30 }
  assert.deepEqual([(await marks()).safe, (await marks()).finalized], [null, null])
  const own = fakeProvider('own', chain, { isOwn: true, tags: { safe: 45, finalized: 40 } })
  const mixed = watch([own, ...three().slice(1)])
  assert.deepEqual([(await mixed.marks()).safe, (await mixed.marks()).finalized], [45n, 40n])
})

test('B3.1: a tag that was told before a reorg makes nothing safe of what came in its place', async () => {
  for (const providers of [three(), [fakeProvider('alone', chain)]]) {
    const { marks, poll, time } = watch(providers, { quorum: Math.min(2, providers.length), tagsMs: 5 * SECOND })
    for (const provider of providers) provider.tags = { safe: 47, finalized: 40 }
    assert.equal((await marks()).safe, 47n)
    setChain(providers, growChain(chain.slice(0, 45), 8, 'b'))
    for (const provider of providers) provider.tags = { safe: 44, finalized: 40 }
    const { safe, finalized } = await poll()
    assert.deepEqual([safe, finalized], [null, 40n])
    time.ms += 5 * SECOND
    assert.equal((await marks()).safe, 44n)
  }
})

test('B3.1: a tag above all that is known counts for what its teller had of it at that time, not for what came in its place', async () => {
  for (const providers of [three(), [fakeProvider('alone', chain)]]) {
    const isAlone = providers.length === 1
    const { marks, poll, time } = watch(providers, { quorum: Math.min(2, providers.length), tagsMs: 5 * SECOND })
    for (const provider of providers) provider.tags = { safe: 48, finalized: 30 }
    assert.equal((await marks()).safe, 48n)
    setChain(providers, growChain(chain.slice(0, 40), 5, 'b'))
    for (const provider of providers) provider.tags = { safe: 39, finalized: 39 }
    const { safe, finalized } = await poll()
    assert.deepEqual([safe, finalized], [null, 30n])
    time.ms += 5 * SECOND
    assert.equal((await marks()).safe, 39n)

    // Far behind: they have ten blocks more, which were not read.
    setChain(providers, growChain(growChain(chain.slice(0, 40), 5, 'b'), 10, 'b'))
    for (const provider of providers) provider.tags = { safe: 50, finalized: 49 }
    time.ms += 5 * SECOND
    assert.equal((await marks()).safe, isAlone ? null : 44n)
    setChain(providers, growChain(growChain(chain.slice(0, 40), 5, 'b'), 3, 'c'))
    assert.equal((await poll()).safe, isAlone ? null : 44n)
  }
})

test('B2.6: what is finalized on a branch that is not read yet makes nothing final of the one that was read', async () => {
  const providers = three(growChain(chain.slice(0, 45), 20, 'b'))
  for (const provider of providers) provider.tags = { safe: 60, finalized: 55 }
  const { marks, poll } = watch(providers)
  assert.equal((await marks()).finalized, 44n)
  assert.equal((await poll()).finalized, 55n)
})

test('B3.1, F117: a provider whose finalized block goes back or is above its head is not believed, then put in quarantine', async () => {
  for (const finalized of [30, 60]) {
    const providers = three()
    const [alpha, beta, gamma] = providers
    for (const provider of providers) provider.tags = { safe: 45, finalized: 40 }
    const { marks, problems } = watch(providers)
    assert.equal((await marks()).finalized, 40n)
    alpha.tags = { safe: null, finalized }
    for (let strike = 0; strike < 3; strike++) assert.equal((await marks()).finalized, 40n)
    assert.match(problems().alpha ?? '', /^lie: The node contradicts itself: its finalized block /)
    const calls = alpha.calls.length
    const { safe, agreed } = await marks()
    assert.deepEqual([safe, agreed, alpha.calls.length], [45n, 49n, calls])
    assert.deepEqual([problems().beta, problems().gamma], [null, null])
    assert.ok(beta.calls.length > 0 && gamma.calls.length > 0)
  }
})

test('B3.1: a name with a node that lags for a moment is not put in quarantine', async () => {
  const [alpha] = three()
  const { marks, problems } = watch([alpha, ...three().slice(1)])
  for (const finalized of [40, 30, 30, 40, 30, 41]) {
    alpha.tags = { safe: null, finalized }
    await marks()
  }
  assert.equal(problems().alpha, null)
})

test('a single provider whose tags are impossible is named, and they do not count until they are possible again', async () => {
  const alone = fakeProvider('alone', chain, { tags: { safe: null, finalized: 40 } })
  const { marks, problems, time } = watch([alone], { quorum: 1 })
  assert.equal((await marks()).finalized, 40n)
  alone.tags = { safe: null, finalized: 30 }
  for (let strike = 0; strike < 4; strike++) {
    time.ms += MINUTE
    const { finalized, agreed } = await marks()
    assert.deepEqual([finalized, agreed], [null, 49n])
  }
  assert.match(problems().alone ?? '', /finalized block went back from 40 to 30/)
  alone.tags = { safe: null, finalized: 42 }
  time.ms += MINUTE
  assert.equal((await marks()).finalized, 42n)
  assert.equal(problems().alone, null)
})
