import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { after, before, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { answering, callOf, inFrontOf, withServer } from '../../test/harness/rpcServer.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { NATIVE } from '../domain/asset.ts'
import { type UpstreamCode, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { ChainNode } from './chainNode.ts'
import { SWEPT_TOPIC } from './coinSweeps.ts'
import { type EvmNodeOptions, evmNode } from './evmNode.ts'
import { ANSWER_MAX_BYTES } from './httpPost.ts'
import { TRANSFER_TOPIC } from './tokenTransfers.ts'

const DEPOSIT: Hex = `0x${'de'.repeat(20)}`
const FACTORY: Hex = `0x${'fa'.repeat(20)}`

function nodeAt(options: Omit<EvmNodeOptions, 'factory' | 'coinAlias'>): ChainNode {
  return evmNode({ ...options, factory: FACTORY, coinAlias: null })
}

const OTHER: Hex = `0x${'0f'.repeat(20)}`

let chain: TestChain
let node: ChainNode
let wallet: ChainWallet

before(async () => {
  chain = await startTestChain()
  node = nodeAt({
    chainId: chain.chainId,
    rpcUrl: chain.rpcUrl,
    tokens: [testUsdcAddress, NATIVE],
    timeoutMs: 10_000,
  })
  wallet = await openChainWallet(chain.rpcUrl)
})

after(() => chain.stop())

test('F116: the chain id is checked, and a node of another chain is hopeless', async () => {
  await node.check()
  const foreign = nodeAt({ chainId: 1, rpcUrl: chain.rpcUrl, tokens: [], timeoutMs: 10_000 })
  await assert.rejects(foreign.check(), { code: 'wrong_chain', retryable: false, message: /serves chain 80001/ })
})

test('B4.6: a node with another first block is hopeless; one that no longer tells its first block is not', async () => {
  const first = await node.header(0n)
  await node.check(first.hash)
  const other: Hex = `0x${'12'.repeat(32)}`
  await assert.rejects(node.check(other), {
    code: 'wrong_chain',
    retryable: false,
    message: `The node of chain 80001 has another first block, ${first.hash}, than ${other}.`,
  })
  const forgetful = (answer: object) =>
    withServer(
      inFrontOf(chain.rpcUrl, async ({ method }, pass) =>
        method === 'eth_getBlockByNumber' ? (answer as { result: unknown }) : await pass(),
      ),
      url => watched(url).check(other),
    )
  await forgetful({ result: null })
  await forgetful({ error: { code: 4444, message: 'pruned history unavailable' } })
})

test('blocks are found by number and by hash, linked by parent', async () => {
  const head = await node.head()
  assert.deepEqual(await node.header(head.number), head)
  assert.deepEqual(await node.header(head.hash), head)
  assert.equal((await node.header(head.number - 1n)).hash, head.parentHash)
  assert.ok(head.time.getTime() > Date.UTC(2020))
  for (const id of [head.number + 1n, `0x${'12'.repeat(32)}`] as const) {
    await assert.rejects(node.block(id), { name: 'UpstreamError', retryable: true, code: 'stale' })
    await assert.rejects(node.header(id), { name: 'UpstreamError', retryable: true, code: 'stale' })
  }
})

test('token transfers are told with their place; those of nothing are not', async () => {
  await wallet.mintUsdc(wallet.accounts[0], 1_000_000n)
  let paid: Hex = '0x'
  await wallet.inOneBlock(async () => {
    await wallet.transferUsdc(DEPOSIT, 0n)
    paid = await wallet.transferUsdc(DEPOSIT, 250_000n)
    await wallet.mintUsdc(OTHER, 2n ** 200n)
  })
  const { number, hash } = await node.head()
  const { transfers, coinPayments } = await node.block(number)
  assert.deepEqual(coinPayments, [])
  assert.equal(transfers.length, 2)
  assert.deepEqual(transfers[0], {
    chainId: chain.chainId,
    asset: testUsdcAddress,
    to: DEPOSIT,
    from: wallet.accounts[0],
    amountRaw: 250_000n,
    txHash: paid,
    place: '1',
    blockHash: hash,
    blockNumber: number,
  })
  assert.deepEqual([transfers[1]?.from, transfers[1]?.amountRaw, transfers[1]?.place], [NATIVE, 2n ** 200n, '2'])
})

// ---- a node that lies or stammers, on the loopback address

const HASH: Hex = `0x${'ab'.repeat(32)}`
const TX: Hex = `0x${'cd'.repeat(32)}`
const BLOCK = {
  number: '0x10',
  hash: HASH,
  parentHash: `0x${'aa'.repeat(32)}`,
  timestamp: '0x65000000',
  transactions: [{ hash: TX, blockHash: HASH, from: OTHER, to: DEPOSIT, value: '0x0' }],
}
const LOG = {
  address: testUsdcAddress,
  topics: [TRANSFER_TOPIC, `0x${'0'.repeat(24)}${OTHER.slice(2)}`, `0x${'0'.repeat(24)}${DEPOSIT.slice(2)}`],
  data: `0x${'0'.repeat(63)}5`,
  blockHash: HASH,
  blockNumber: '0x10',
  transactionHash: TX,
  transactionIndex: '0x0',
  logIndex: '0x0',
  removed: false,
}

const watched = (rpcUrl: string, timeoutMs = 10_000) =>
  nodeAt({ chainId: 80001, rpcUrl, tokens: [testUsdcAddress, NATIVE], timeoutMs })

async function transfersFrom(log: object) {
  const answers = { eth_getBlockByNumber: BLOCK, eth_getLogs: [{ ...LOG, ...log }] }
  return await withServer(answering(answers), async url => (await watched(url).block(16n)).transfers)
}

test('F78, F79, F80: only well-formed ERC-20 transfers count; other logs with that topic are passed over', async () => {
  assert.equal((await transfersFrom({})).length, 1)
  const [, from, to] = LOG.topics
  const ignored: [string, object][] = [
    ['ERC-721: four topics', { topics: [...LOG.topics, `0x${'0'.repeat(63)}9`], data: '0x' }],
    ['four topics and an amount', { topics: [...LOG.topics, `0x${'0'.repeat(63)}9`] }],
    ['two topics', { topics: [TRANSFER_TOPIC, from], data: `0x${'0'.repeat(128)}` }],
    ['31 bytes of data', { data: `0x${'0'.repeat(62)}` }],
    ['64 bytes of data', { data: `0x${'0'.repeat(127)}5` }],
    ['no data', { data: '0x' }],
    ['a topic that is no address', { topics: [TRANSFER_TOPIC, from, `0x1${to?.slice(3)}`] }],
    ['an amount of zero', { data: `0x${'0'.repeat(64)}` }],
  ]
  for (const [name, log] of ignored) assert.deepEqual(await transfersFrom(log), [], name)
})

test('F114, F115, B4.6: a log that was not asked for is a lie of the node', async () => {
  const lies: [string, object][] = [
    ['another block', { blockHash: `0x${'ac'.repeat(32)}` }],
    ['another height', { blockNumber: '0x11' }],
    ['removed', { removed: true }],
    ['another contract', { address: OTHER }],
    ['another topic', { topics: [`0x${'11'.repeat(32)}`] }],
    ['a transaction outside the block', { transactionHash: `0x${'ce'.repeat(32)}` }],
    ['a transaction beyond the block', { transactionIndex: '0x1' }],
  ]
  for (const [name, log] of lies) await assert.rejects(transfersFrom(log), { code: 'lie', retryable: true }, name)
  for (const log of [{ logIndex: null }, { logIndex: '1' }, { transactionIndex: undefined }, { topics: null }]) {
    await assert.rejects(transfersFrom(log), { code: 'malformed' }, JSON.stringify(log))
  }
  const twice = { eth_getBlockByNumber: BLOCK, eth_getLogs: [LOG, LOG] }
  await withServer(answering(twice), url => assert.rejects(watched(url).block(16n), { code: 'lie' }))
})

const word = (value: bigint | Hex) => BigInt(value).toString(16).padStart(64, '0')

test('only the factory tells of coin that was swept', async () => {
  const swept = {
    ...LOG,
    address: FACTORY,
    topics: [SWEPT_TOPIC, `0x${word(DEPOSIT)}`],
    data: `0x${word(OTHER)}${word(7n)}`,
  }
  const sweepsFrom = async (log: object) => {
    const answers = { eth_getBlockByNumber: BLOCK, eth_getLogs: [{ ...swept, ...log }] }
    return await withServer(answering(answers), async url => (await watched(url).block(16n)).coinSweeps)
  }
  assert.deepEqual(await sweepsFrom({}), [
    {
      chainId: 80001,
      asset: NATIVE,
      from: DEPOSIT,
      to: OTHER,
      amountRaw: 7n,
      txHash: TX,
      place: '0',
      blockHash: HASH,
      blockNumber: 16n,
    },
  ])
  assert.deepEqual(await sweepsFrom({ address: testUsdcAddress }), [])
  assert.deepEqual(await sweepsFrom({ topics: LOG.topics, data: LOG.data }), [])
  for (const log of [{ data: '0x' }, { topics: [SWEPT_TOPIC] }, { topics: [...swept.topics, `0x${word(1n)}`] }]) {
    await assert.rejects(sweepsFrom(log), { code: 'malformed' }, JSON.stringify(log))
  }
})

test('F96: what the alias of the coin logs is whom to ask for coin, never money of its own', async () => {
  const coinAlias: Hex = `0x${'10'.repeat(20)}`
  const inside = `0x${'ce'.repeat(32)}`
  const [first] = BLOCK.transactions
  const transactions = [
    { ...first, value: '0x9' },
    { ...first, hash: inside, to: FACTORY },
  ]
  const logs = [
    { ...LOG, address: coinAlias },
    { ...LOG, address: coinAlias, transactionHash: inside, logIndex: '0x1' },
  ]
  const asked: unknown[] = []
  const listener: RequestListener = async (request, response) => {
    const { id, method, params } = await callOf(request)
    if (method === 'eth_getLogs') asked.push(params[0])
    const result = method === 'eth_getLogs' ? logs : { ...BLOCK, transactions }
    response.end(JSON.stringify({ id, result }))
  }
  const options = { chainId: 80001, factory: FACTORY, coinAlias, timeoutMs: 10_000 }
  await withServer(listener, async rpcUrl => {
    const block = await evmNode({ ...options, rpcUrl, tokens: [testUsdcAddress, coinAlias, NATIVE] }).block(16n)
    assert.deepEqual([block.transfers, block.coinSweeps], [[], []])
    assert.deepEqual(block.coinPayments, [
      { txHash: TX, from: OTHER, to: DEPOSIT, amountRaw: 9n },
      { txHash: inside, from: OTHER, to: DEPOSIT, amountRaw: 5n },
    ])
    await evmNode({ ...options, rpcUrl, tokens: [coinAlias] }).block(16n)
  })
  assert.deepEqual(asked, [
    { blockHash: HASH, address: [testUsdcAddress, FACTORY, coinAlias], topics: [[TRANSFER_TOPIC, SWEPT_TOPIC]] },
  ])
})

test('F113: a malformed block is an error of the node and never taken for something', async () => {
  const blocks: [string, unknown][] = [
    ['an empty object', {}],
    ['a list', []],
    ['a text', 'block'],
    ['another number', { ...BLOCK, number: '0x11' }],
    ['a number as a number', { ...BLOCK, number: 16 }],
    ['a decimal number', { ...BLOCK, number: '16' }],
    ['an empty number', { ...BLOCK, number: '0x' }],
    ['a leading zero', { ...BLOCK, number: '0x010' }],
    ['upper-case digits', { ...BLOCK, timestamp: '0x6500000A' }],
    ['a time beyond all time', { ...BLOCK, timestamp: `0x${'f'.repeat(64)}` }],
    ['a hash of mixed case', { ...BLOCK, hash: `0x${'aB'.repeat(32)}` }],
    ['half a hash', { ...BLOCK, hash: `0x${'ab'.repeat(16)}` }],
    ['no parent', { ...BLOCK, parentHash: undefined }],
    ['no transactions', { ...BLOCK, transactions: null }],
    ['hashes where transactions were asked for', { ...BLOCK, transactions: [TX] }],
    ['a transaction of another block', { ...BLOCK, transactions: [{ ...BLOCK.transactions[0], blockHash: TX }] }],
    ['a transaction without value', { ...BLOCK, transactions: [{ ...BLOCK.transactions[0], value: undefined }] }],
  ]
  for (const [name, block] of blocks) {
    await withServer(answering({ eth_getBlockByNumber: block, eth_getLogs: [] }), url =>
      assert.rejects(watched(url).block(16n), { name: 'UpstreamError', retryable: true, code: /malformed|lie/ }, name),
    )
  }
  await withServer(answering({ eth_getBlockByNumber: null }), url =>
    assert.rejects(watched(url).head(), { code: 'malformed' }),
  )
  await withServer(answering({ eth_getBlockByHash: { ...BLOCK, hash: TX } }), url =>
    assert.rejects(watched(url).block(HASH), { name: 'UpstreamError' }),
  )
})

test('F113, B4.8: whatever is no answer to the request is an error that may pass and tells no secret', async () => {
  const reply = (status: number, body: (id: number) => string, headers = {}): RequestListener => {
    return async (request, response) => {
      const { id } = await callOf(request)
      response.writeHead(status, headers).end(body(id))
    }
  }
  const listeners: [UpstreamCode, string, RequestListener, number?][] = [
    ['malformed', 'HTML', reply(200, () => '<html>quota of secret-key exceeded</html>')],
    ['malformed', 'half of JSON', reply(200, id => `{"jsonrpc":"2.0","id":${id},"resu`)],
    ['malformed', 'nothing', reply(200, () => '')],
    ['malformed', 'null', reply(200, () => 'null')],
    ['malformed', 'the answer to another request', reply(200, id => `{"id":${id + 1},"result":"0x13881"}`)],
    ['malformed', 'an answer without id', reply(200, () => '{"result":"0x13881"}')],
    ['malformed', 'no result', reply(200, id => `{"id":${id}}`)],
    ['malformed', 'more than any answer', reply(200, id => `{"id":${id},"result":"${'0'.repeat(ANSWER_MAX_BYTES)}"}`)],
    ['malformed', 'a number', reply(200, id => `{"id":${id},"result":80001}`)],
    ['malformed', 'a decimal number', reply(200, id => `{"id":${id},"result":"80001"}`)],
    ['malformed', 'an empty number', reply(200, id => `{"id":${id},"result":"0x"}`)],
    ['failed', 'an error', reply(200, id => `{"id":${id},"error":{"code":-32000,"message":"key secret-key"}}`)],
    ['failed', 'an error of no form', reply(200, id => `{"id":${id},"error":"secret-key"}`)],
    [
      'failed',
      'an error with a status',
      reply(400, id => `{"id":${id},"error":{"code":-32602,"message":"secret-key"}}`),
    ],
    ['failed', '500', reply(500, () => 'secret-key')],
    ['rate_limited', '402', reply(402, () => 'secret-key')],
    ['rate_limited', '403', reply(403, () => 'secret-key')],
    ['rate_limited', '429', reply(429, id => `{"id":${id},"result":"0x13881"}`)],
    ['rate_limited', '429 that says when', reply(429, () => 'secret-key', { 'retry-after': '7' }), 7_000],
    ['rate_limited', '429 with a date', reply(429, () => '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
    [
      'rate_limited',
      'a limit',
      reply(200, id => `{"id":${id},"error":{"code":-32005,"message":"limit of secret-key"}}`),
    ],
    [
      'failed',
      'a redirect to a willing node',
      (request, response) => {
        if (request.url === '/other') return answering({ eth_chainId: '0x13881' })(request, response)
        response.writeHead(307, { location: '/other' }).end()
      },
    ],
    ['failed', 'a broken connection', request => void request.socket.destroy()],
  ]
  for (const [code, name, listener, retryAfterMs = null] of listeners) {
    await withServer(listener, async url => {
      const error: unknown = await watched(url)
        .check()
        .catch(reason => reason)
      assert.ok(error instanceof UpstreamError && error.retryable, name)
      assert.deepEqual([error.code, error.retryAfterMs], [code, retryAfterMs], name)
      assert.equal(error.cause, undefined, name)
      assert.doesNotMatch(`${error.stack}`, /secret-key|127\.0\.0\.1/, name)
    })
  }
  const refused = await watched('http://user:secret-key@127.0.0.1:9/')
    .head()
    .catch(reason => reason)
  assert.ok(refused instanceof UpstreamError)
  assert.doesNotMatch(`${refused.stack}`, /secret-key|127\.0\.0\.1/)
})

test('a node that does not answer in time, or is no longer waited for, is an error', async () => {
  await withServer(
    () => undefined,
    async url => {
      await assert.rejects(watched(url, 20).check(), { name: 'UpstreamError', code: 'timeout', message: /Timeout/ })
      const signal = AbortSignal.abort()
      const stopped = nodeAt({ chainId: 80001, rpcUrl: url, tokens: [], timeoutMs: 10_000, signal })
      await assert.rejects(stopped.head(), { name: 'UpstreamError' })
    },
  )
})

test('credentials of the URL travel as basic authentication', async () => {
  let authorization: string | undefined
  const listener: RequestListener = (request, response) => {
    authorization = request.headers.authorization
    answering({ eth_chainId: '0x13881' })(request, response)
  }
  await withServer(listener, url => watched(url.replace('//', '//user:p%40ss@')).check())
  assert.equal(authorization, `Basic ${Buffer.from('user:p@ss').toString('base64')}`)
})
