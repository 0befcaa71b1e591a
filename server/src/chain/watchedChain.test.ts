import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as later } from 'node:timers/promises'
import { type FakeProvider, fakeProvider, growChain } from '../../test/harness/fakeProviders.ts'
import { blockAfter } from '../../test/harness/fixtures.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, BlockHeader, Transfer } from './chainNode.ts'
import { type WatchedChainOptions, watchedChain } from './watchedChain.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DEPOSIT: Hex = `0x${'d1'.repeat(20)}`

const chain = growChain([], 50)

/** The chain of `providers` as a watcher reads it that knows its first blocks; a poll reads to the head and takes the marks. */
function watch(
  providers: readonly FakeProvider[],
  options: Partial<WatchedChainOptions> & { known?: readonly BlockHeader[] } = {},
) {
  const { known = chain, ...rest } = options
  const time = { ms: (chain.at(-1)?.time.getTime() ?? 0) + SECOND }
  const watched = watchedChain(
    providers.map(({ node }) => node),
    { chainId: 1, quorum: 2, tagsMs: 0, now: () => time.ms, ...rest },
  )
  const stored = [...known]
  const transfers: Transfer[] = []
  const steps = watched.follow(stored)
  /** Each step, as what it brought: numbers of blocks, and where it went back to. */
  const read = async (): Promise<string[]> => {
    const kinds: string[] = []
    for (;;) {
      const { value: step } = await steps.next()
      if (step.kind === 'idle') return kinds
      if (step.kind === 'reorg') {
        stored.length = stored.findIndex(({ hash }) => hash === step.ancestor.hash) + 1
        kinds.push(`back to ${step.ancestor.number}`)
        continue
      }
      for (const block of step.blocks) {
        assert.equal(block.header.parentHash, stored.at(-1)?.hash)
        stored.push(block.header)
        transfers.push(...block.transfers)
        kinds.push(`${block.header.number}`)
      }
    }
  }
  const marks = () => watched.marks(stored)
  const poll = async () => ({ read: await read(), ...(await marks()) })
  const problems = () => Object.fromEntries(watched.providers().map(({ name, problem }) => [name, problem]))
  return { watched, stored, transfers, time, read, marks, poll, problems }
}

const three = (theirs: readonly BlockHeader[] = chain) => {
  return [fakeProvider('alpha', theirs), fakeProvider('beta', theirs), fakeProvider('gamma', theirs)] as const
}

const setChain = (providers: readonly FakeProvider[], next: readonly BlockHeader[]) => {
  for (const provider of providers) provider.chain = next
}

const tipHash = (blocks: readonly BlockHeader[]) => blocks.at(-1)?.hash
const tipNumber = (blocks: readonly BlockHeader[]) => blocks.at(-1)?.number

test('a poll in which nothing happens asks each provider once, and the one that is read from twice', async () => {
  const providers = three()
  const { poll } = watch(providers, { tagsMs: MINUTE })
  await poll()
  for (const provider of providers) provider.calls.length = 0
  assert.deepEqual(await poll(), { read: [], head: 49n, safe: null, finalized: null, agreed: 49n, agreedByAll: 49n })
  assert.deepEqual(
    providers.map(({ calls }) => calls),
    [['head', 'head'], ['head'], ['head']],
  )
})

test('G18: with one of three providers down all is agreed by a quorum, and nothing by all', async () => {
  const providers = three()
  const [alpha] = providers
  const { poll, problems } = watch(providers)
  alpha.fault = 'failed'
  setChain(providers, growChain(chain, 3))
  const { read, agreed, agreedByAll } = await poll()
  assert.deepEqual([read, agreed, agreedByAll], [['50', '51', '52'], 52n, -1n])
  assert.match(problems().alpha ?? '', /^failed: /)
  assert.deepEqual([problems().beta, problems().gamma], [null, null])
})

test('G19, B4.1: with two of three providers down blocks are read and none is agreed; once one is back, all are', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { poll, time } = watch(providers)
  Object.assign(alpha, { fault: 'timeout' })
  Object.assign(gamma, { fault: 'failed' })
  setChain(providers, growChain(chain, 3))
  const down = await poll()
  assert.deepEqual([down.read, down.agreed], [['50', '51', '52'], -1n])
  alpha.fault = null
  time.ms += MINUTE
  const back = await poll()
  assert.deepEqual([back.agreed, back.agreedByAll], [52n, -1n])
  assert.ok(beta.calls.length > 0)
})

test('G20: when all providers are down reading fails, and goes on where it was once one is back', async () => {
  const providers = three()
  const { read, watched, stored } = watch(providers)
  for (const provider of providers) provider.fault = 'failed'
  await assert.rejects(read(), { name: 'UpstreamError', retryable: true, message: /alpha: .* beta: .* gamma: / })
  assert.deepEqual(
    watched.providers().map(({ problem }) => problem?.slice(0, 7)),
    ['failed:', 'failed:', 'failed:'],
  )
  setChain(providers, growChain(chain, 300))
  for (const provider of providers) provider.fault = null
  const again = watch(providers, { known: stored })
  assert.equal((await again.read()).length, 300)
})

test('B4.1: two that forge against an honest one stop what is agreed before the conflict, and all are named', async () => {
  const [alpha, beta, gamma] = three()
  const { poll, marks, stored, time, problems } = watch([alpha, beta, gamma])
  setChain([alpha, beta], growChain(chain, 4, 'forged'))
  setChain([gamma], growChain(chain, 4))
  for (const pass of [0, 1]) {
    const { agreed, agreedByAll } = await poll()
    assert.deepEqual([agreed, agreedByAll], [49n, 49n], `${pass}`)
  }
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
  time.ms += 31 * SECOND
  await poll()
  assert.deepEqual(problems(), {
    alpha: 'conflict: has another block 50 than gamma',
    beta: 'conflict: has another block 50 than gamma',
    gamma: 'conflict: has another block 50 than alpha and beta',
  })

  // Who is silenced in an open dispute has not given in.
  gamma.fault = 'failed'
  assert.equal((await marks()).agreed, 49n)
  gamma.fault = null
  time.ms += MINUTE
  setChain([alpha, beta], gamma.chain)
  assert.deepEqual((await poll()).read, ['back to 49', '50', '51', '52', '53'])
  assert.deepEqual([tipNumber(stored), (await marks()).agreed], [53n, 53n])
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
})

test('B4.1, B4.7: who has another block, and then tells an older head, has not given in until it has ours', async () => {
  const [alpha, beta, gamma] = three()
  const { poll, problems, time } = watch([alpha, beta, gamma])
  setChain([alpha, beta], growChain(chain, 4, 'forged'))
  gamma.chain = growChain(chain, 2)
  assert.equal((await poll()).agreed, 49n)
  // Behind its name is a second node, which lags.
  for (const head of [50, 52, 48, 50]) {
    gamma.chain = growChain(chain, 2).slice(0, head)
    assert.equal((await poll()).agreed, 49n, `${head}`)
  }
  time.ms += 31 * SECOND
  await poll()
  assert.equal(problems().gamma, 'conflict: has another block 50 than alpha and beta')
  gamma.chain = alpha.chain.slice(0, 52)
  assert.equal((await poll()).agreed, 53n)
  assert.equal(problems().gamma, null)
})

test('B4.2, G22: two that forge a whole chain are a quorum while the third is silent, and never all', async () => {
  const [alpha, beta, gamma] = three()
  const { poll } = watch([alpha, beta, gamma])
  gamma.fault = 'timeout'
  setChain([alpha, beta], growChain(chain, 4, 'forged'))
  const { agreed, agreedByAll } = await poll()
  assert.deepEqual([agreed, agreedByAll], [53n, -1n])
})

test('B4.2, G22: an own node keeps its chain against two that forge, and nothing forged is agreed', async () => {
  const [alpha, beta] = three()
  const own = fakeProvider('own', growChain(chain, 4), { isOwn: true })
  const { poll, stored } = watch([alpha, beta, own])
  setChain([alpha, beta], growChain(chain, 4, 'forged'))
  await poll()
  const { agreed, agreedByAll } = await poll()
  assert.deepEqual([agreed, agreedByAll], [49n, 49n])
  assert.equal(tipHash(stored), tipHash(own.chain))
  for (const forger of [alpha, beta]) forger.fault = 'failed'
  assert.deepEqual((await poll()).agreed, 53n)
})

test('a single node on another branch takes no block back that the others have; it is read on from them', async () => {
  const providers = three()
  const [alpha, ...others] = providers
  const { poll, stored } = watch(providers)
  alpha.chain = growChain(chain.slice(0, 40), 11, 'b')
  setChain(others, growChain(chain, 1))
  const first = await poll()
  assert.deepEqual([first.read, first.agreed], [[], 39n])
  const second = await poll()
  assert.deepEqual([second.read, second.agreed], [['50'], 39n])
  setChain(others, growChain(alpha.chain, 2, 'b'))
  assert.deepEqual((await poll()).read.at(0), 'back to 39')
  alpha.chain = others[0].chain
  const last = await poll()
  assert.deepEqual([last.agreed, last.agreedByAll, tipHash(stored)], [52n, 52n, tipHash(alpha.chain)])
})

test('a node that was read from alone on its branch is left for the branch of the others', async () => {
  const providers = three()
  const [alpha, ...others] = providers
  const { poll, stored } = watch(providers)
  alpha.chain = growChain(chain, 3, 'forged')
  setChain(others, growChain(chain, 2))
  const forged = await poll()
  assert.deepEqual([forged.read, forged.agreed], [['50', '51', '52'], 49n])
  assert.deepEqual((await poll()).read, ['back to 49', '50', '51'])
  assert.equal(tipHash(stored), tipHash(others[0].chain))
})

test('B2.2: another block at the height of the newest is seen in one poll, with one provider and with three', async () => {
  for (const providers of [three(), [fakeProvider('alone', chain)]]) {
    const { poll, stored } = watch(providers, { quorum: Math.min(2, providers.length) })
    await poll()
    setChain(providers, growChain(chain.slice(0, 49), 1, 'b'))
    const { read, agreed } = await poll()
    assert.deepEqual([read, agreed], [['back to 48', '49'], 49n])
    assert.equal(tipHash(stored), tipHash(providers[0]?.chain ?? []))
  }
})

test('B2.5: a reorg while far behind and two back to back end on the blocks of the last, A again included', async () => {
  const providers = three(growChain(chain, 400))
  const { poll, read, stored } = watch(providers)
  assert.equal((await read()).length, 400)
  const [first] = providers
  const original = first.chain
  const other = growChain(original.slice(0, 430), 40, 'b')
  setChain(providers, other)
  assert.deepEqual((await poll()).read.at(0), 'back to 429')
  assert.equal(tipHash(stored), tipHash(other))
  setChain(providers, growChain(original, 5))
  const { read: back, agreed } = await poll()
  assert.deepEqual([back.at(0), agreed], ['back to 429', 454n])
  assert.equal(tipHash(stored), tipHash(providers[1].chain))
})

test('G30: a reorg while nobody watched is found from where the watcher was', async () => {
  const providers = three(growChain(chain.slice(0, 45), 20, 'b'))
  const { poll, stored } = watch(providers)
  const { read, agreed } = await poll()
  assert.deepEqual([read.at(0), agreed], ['back to 44', 64n])
  assert.equal(tipHash(stored), tipHash(providers[0].chain))
})

test('B4.7, G25: a head that goes back and forth is no reorg and skips nothing, whether of one node or of all', async () => {
  const longer = growChain(chain, 53)
  for (const providers of [[fakeProvider('alone', chain)], three()]) {
    const { poll, stored } = watch(providers, { quorum: Math.min(2, providers.length) })
    const read: string[] = []
    for (const head of [100, 101, 99, 102, 82, 102]) {
      setChain(providers, longer.slice(0, head + 1))
      read.push(...(await poll()).read)
    }
    assert.deepEqual(
      read,
      Array.from({ length: 53 }, (_, index) => `${index + 50}`),
    )
    assert.equal(tipHash(stored), tipHash(longer))
  }
})

test('B4.4, F114: behind names with stale nodes 1,000 payments are all found, each in its block', async () => {
  const long = growChain(chain, 1_000)
  const payments = new Map(long.slice(50).map(header => [header.hash, [transferIn(header)]]))
  const providers = three(long)
  for (const [index, provider] of providers.entries()) {
    Object.assign(provider, { transfers: payments, lags: [0, 3, 1, 20].slice(0, 4 - index) })
  }
  const { poll, transfers, stored } = watch(providers)
  for (let polls = 0; stored.length < long.length; polls++) {
    assert.ok(polls < 200, 'the chain is read to its end')
    await poll()
  }
  assert.deepEqual(
    transfers.map(({ blockHash }) => blockHash),
    long.slice(50).map(({ hash }) => hash),
  )
})

test('G21, B4.3: what a node tells of a block against its hash puts it in quarantine; another is read at once', async () => {
  const providers = three()
  const [alpha, beta] = providers
  const { poll, transfers, problems, time } = watch(providers)
  const next = growChain(chain, 1)
  setChain(providers, next)
  const newest = next[50]
  invariant(newest, 'there is a new block')
  beta.transfers = new Map([[newest.hash, [transferIn(newest)]]])
  const honest = alpha.node.node.block
  alpha.node.node.block = async id => {
    alpha.fault = 'lie'
    return await honest(id)
  }
  const { read, agreed } = await poll()
  assert.deepEqual([read, agreed, transfers.length], [['50'], 50n, 1])
  assert.equal(problems().alpha, 'lie: It fails on purpose.')
  const calls = alpha.calls.length
  alpha.fault = null
  time.ms += 5 * 60 * MINUTE
  await poll()
  assert.equal(alpha.calls.length, calls, 'it is not asked')
  time.ms += 2 * 60 * MINUTE
  const back = await poll()
  assert.deepEqual([problems().alpha, back.agreedByAll], [null, 50n])
})

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

test('what one node no longer keeps another is asked for, and null is told where none does', async () => {
  const [alpha, beta] = three()
  const { watched } = watch([alpha, beta])
  const [header] = chain
  invariant(header, 'there is a block')
  const wanted = [{ asset: NATIVE, address: DEPOSIT }]
  alpha.balances = null
  beta.balances = new Map([[DEPOSIT, 7n]])
  assert.deepEqual(await watched.balances(wanted, header), [7n])
  beta.balances = null
  assert.equal(await watched.balances(wanted, header), null)
})

test('G21: coin that one provider alone tells of has not arrived; what a quorum tells has', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched, problems } = watch(providers)
  const [header] = chain.slice(-1)
  invariant(header, 'there is a block')
  const block: Block = { header, transfers: [], coinSweeps: [], coinPayments: [] }
  const arrived = async () => {
    const { arrivals, missing } = await watched.coinArrivals([block], new Map([[DEPOSIT, 0n]]))
    return [[...arrivals.values()].flat().map(({ amountRaw }) => amountRaw), missing]
  }
  const paid = new Map([[DEPOSIT, 7n]])
  alpha.balances = paid
  assert.deepEqual(await arrived(), [[], []])
  assert.equal(problems().alpha, 'conflict: not the same balances as others at block 49')
  beta.balances = paid
  assert.deepEqual(await arrived(), [[], []], 'the majority does not win')
  gamma.balances = paid
  assert.deepEqual(await arrived(), [[7n], []])
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
  gamma.fault = 'failed'
  assert.deepEqual(await arrived(), [[7n], []])
  beta.fault = 'failed'
  assert.deepEqual(await arrived(), [[], []], 'G19: too few tell of it')
})

function transferIn(header: BlockHeader): Transfer {
  return {
    chainId: 1,
    asset: `0x${'c6'.repeat(20)}`,
    to: DEPOSIT,
    from: null,
    amountRaw: header.number,
    txHash: null,
    place: '0',
    blockHash: header.hash,
    blockNumber: header.number,
  }
}

test('coin that providers do not agree on is in doubt until they do, and keeps none from arriving elsewhere', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched } = watch(providers)
  const [header] = chain.slice(-1)
  invariant(header, 'there is a block')
  const block: Block = { header, transfers: [], coinSweeps: [], coinPayments: [] }
  const other: Hex = `0x${'d2'.repeat(20)}`
  const asked = new Map([DEPOSIT, other].map(address => [address, 0n]))
  const found = async (inDoubt: readonly Hex[] = []) => {
    const told = await watched.coinArrivals([block], asked, new Set(inDoubt))
    return { arrived: [...told.arrivals.values()].flat().map(({ to }) => to), inDoubt: told.inDoubt }
  }
  alpha.balances = new Map([
    [DEPOSIT, 7n],
    [other, 8n],
  ])
  for (const provider of [beta, gamma]) provider.balances = new Map([[other, 8n]])
  assert.deepEqual(await found(), { arrived: [other], inDoubt: [DEPOSIT] })
  // Asked of one that tells nothing of it, it stays so until all say the same.
  asked.set(other, 8n)
  alpha.balances = beta.balances
  gamma.balances = new Map([
    [DEPOSIT, 7n],
    [other, 8n],
  ])
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [DEPOSIT] })
  gamma.balances = beta.balances
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [] })
  for (const provider of [beta, gamma]) provider.fault = 'failed'
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [DEPOSIT] }, 'too few say so')
})

test('what became of a transaction is told by a quorum, and not where any provider tells another thing', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched, problems } = watch(providers)
  const txHash: Hex = `0x${'7c'.repeat(32)}`
  const sent = { sender: DEPOSIT, nonce: 1n, blockHash: txHash, blockNumber: 49n, succeeded: true }
  const told = () => watched.vouchedSent(txHash)
  assert.equal(await told(), null)
  alpha.sent = sent
  assert.equal(await told(), null, 'one of three is no quorum')
  beta.sent = { ...sent }
  assert.deepEqual(await told(), sent, 'one that does not know it contradicts nobody')
  gamma.sent = { ...sent, succeeded: false }
  await assert.rejects(told(), { name: 'UpstreamError', retryable: true, message: /do not tell the same transactions/ })
  assert.equal(problems().gamma, `conflict: not the same transactions as others for ${txHash}`)
  gamma.fault = 'failed'
  assert.deepEqual(await told(), sent)
  beta.fault = 'failed'
  await assert.rejects(told(), { name: 'UpstreamError', message: /too few to vouch for transactions/ })
})
