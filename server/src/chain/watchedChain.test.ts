import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeProvider, growChain } from '../../test/harness/fakeProviders.ts'
import { chain, MINUTE, SECOND, setChain, three, tipNumber, watch } from '../../test/harness/watchProviders.ts'
import { invariant } from '../domain/errors.ts'
import type { BlockHeader, Transfer } from './chainNode.ts'

const tipHash = (blocks: readonly BlockHeader[]) => blocks.at(-1)?.hash

/** A payment of as many units as the number of its block. */
function transferIn(header: BlockHeader): Transfer {
  return {
    chainId: 1,
    asset: `0x${'c6'.repeat(20)}`,
    to: `0x${'d1'.repeat(20)}`,
    from: null,
    amountRaw: header.number,
    txHash: null,
    place: '0',
    blockHash: header.hash,
    blockNumber: header.number,
  }
}

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
