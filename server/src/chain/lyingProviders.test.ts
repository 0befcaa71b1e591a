import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { keccak256 } from 'viem'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { inFrontOf, type RpcAnswer, type RpcCall, withServer } from '../../test/harness/rpcServer.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, Transfer, WatchedChain } from './chainNode.ts'
import { openChain } from './openChain.ts'

const DEPOSIT: Hex = `0x${'de'.repeat(20)}`
const OURS = new Set([DEPOSIT])

type Fields = Record<string, unknown>
type Change = (call: RpcCall, pass: () => Promise<RpcAnswer>) => Promise<RpcAnswer>

const honest: Change = (_, pass) => pass()

let chain: TestChain
let wallet: ChainWallet

before(async () => {
  chain = await startTestChain()
  wallet = await openChainWallet(chain.rpcUrl)
  await wallet.mintUsdc(wallet.accounts[0], 10n ** 12n)
})

after(() => chain.stop())

/** The chain by three providers, each the one node behind a proxy of its own; the last is honest. */
async function withProviders(
  changes: readonly [Change, Change, Change?],
  run: (watched: WatchedChain) => Promise<void>,
  chainId = chain.chainId,
) {
  const [first, second, third = honest] = changes
  const open = (alpha: string, beta: string, gamma: string) => {
    const config = testChainConfig({ chainId, rpcUrl: chain.rpcUrl, tokens: { usdc: testUsdcAddress } })
    const named = (name: string, rpcUrl: string) => ({ name, rpcUrl, wsUrl: null, isOwn: false })
    return openChain({
      ...config,
      providers: [named('alpha', alpha), named('beta', beta), named('gamma', gamma)],
      quorum: 2,
    })
  }
  await withServer(inFrontOf(chain.rpcUrl, first), alpha =>
    withServer(inFrontOf(chain.rpcUrl, second), beta =>
      withServer(inFrontOf(chain.rpcUrl, third), gamma => run(open(alpha, beta, gamma))),
    ),
  )
}

/** Follows from `from` to the head as the watcher does, with a proof of what each block brings; then the marks. */
async function poll(
  watched: WatchedChain,
  from: bigint,
): Promise<{ transfers: Transfer[]; blocks: Block[]; agreed: bigint }> {
  const known = [await watched.header(from)]
  const blocks: Block[] = []
  for await (const step of watched.follow(known)) {
    if (step.kind === 'idle') break
    invariant(step.kind === 'blocks', 'the chain has one branch')
    for (const block of step.blocks) {
      blocks.push(await watched.proven(block, OURS))
      known.push(block.header)
    }
  }
  const { agreed } = await watched.marks(known)
  return { transfers: blocks.flatMap(block => block.transfers.filter(({ to }) => to === DEPOSIT)), blocks, agreed }
}

const head = async () => BigInt((await wallet.call('eth_blockNumber')) as string)

const problems = (watched: WatchedChain) =>
  Object.fromEntries(watched.providers().map(({ name, problem }) => [name, problem?.split(':')[0] ?? null]))

/** The answer to `method` with its list of logs made other than it is. */
function withLogs(change: (logs: Fields[]) => Fields[]): Change {
  return async ({ method }, pass) => {
    const answer = await pass()
    if (method !== 'eth_getLogs' || !('result' in answer)) return answer
    return { result: change(answer.result as Fields[]) }
  }
}

const isOurs = ({ topics }: Fields) => String((topics as unknown[])[2]).endsWith(DEPOSIT.slice(2))

const amounts = (transfers: readonly Transfer[]) => transfers.map(({ amountRaw }) => amountRaw)

test('B4.3, G21: of three providers one forges a log and one omits one: who is read from is named in that poll, what is told is true', async () => {
  const forge = withLogs(logs => logs.map(log => (isOurs(log) ? { ...log, data: `0x${'f'.repeat(64)}` } : log)))
  const invent = withLogs(logs => [...logs, ...logs.filter(isOurs).map(log => ({ ...log, logIndex: '0x63' }))])
  const omit = withLogs(logs => logs.filter(log => !isOurs(log)))
  const from = await head()
  await wallet.inOneBlock(async () => {
    await wallet.transferUsdc(DEPOSIT, 10_000_000n)
    await wallet.transferUsdc(wallet.accounts[1], 1n)
  })
  const to = await head()
  for (const [first, second, agreed] of [
    // Both are found out at once, and the honest one alone is no quorum.
    [forge, omit, -1n],
    [invent, omit, -1n],
    [omit, forge, to],
    [omit, honest, to],
  ] as const) {
    await withProviders([first, second], async watched => {
      const found = await poll(watched, from)
      assert.deepEqual([amounts(found.transfers), found.agreed], [[10_000_000n], agreed])
      assert.equal(problems(watched).alpha, 'lie')
      const { transfers: last } = await poll(watched, from)
      const beta = second === honest ? null : 'lie'
      assert.deepEqual([amounts(last), problems(watched)], [[10_000_000n], { alpha: 'lie', beta, gamma: null }])
    })
  }
})

test('B4.6, F115: each lie about a block is refused with its own code, and its teller is read from no more', async () => {
  const from = await head()
  await wallet.transferUsdc(DEPOSIT, 7n)
  const inBlocks = (change: (block: Fields) => Fields): Change => {
    return async ({ method }, pass) => {
      const answer = await pass()
      if (!method.startsWith('eth_getBlockBy') || !('result' in answer) || answer.result === null) return answer
      return { result: change(answer.result as Fields) }
    }
  }
  const inLogs = (fields: Fields) => withLogs(logs => logs.map(log => ({ ...log, ...fields })))
  const wrongChain: Change = async ({ method }, pass) => (method === 'eth_chainId' ? { result: '0x1' } : await pass())
  const lies: [string, Change, string][] = [
    ['another chain id', wrongChain, 'wrong_chain'],
    ['a log of another block', inLogs({ blockHash: `0x${'12'.repeat(32)}` }), 'lie'],
    ['a log that was removed', inLogs({ removed: true }), 'lie'],
    ['a log of a transaction beyond the block', inLogs({ transactionIndex: '0x9' }), 'lie'],
    ['a log of a transaction outside the block', inLogs({ transactionHash: `0x${'34'.repeat(32)}` }), 'lie'],
    ['a log of another contract', inLogs({ address: DEPOSIT }), 'lie'],
    ['a number in another form', inBlocks(block => ({ ...block, number: 7 })), 'malformed'],
  ]
  for (const [name, lie, code] of lies) {
    await withProviders([lie, honest], async watched => {
      const { transfers } = await poll(watched, from)
      assert.deepEqual(amounts(transfers), [7n], name)
      assert.deepEqual(problems(watched), { alpha: code, beta: null, gamma: null }, name)
    })
  }
})

test('B4.7, F114: behind a name whose nodes lag by a block, blocks that one of them lacks are read from others, and nobody is at fault', async () => {
  await wallet.call('anvil_mine', '0x3')
  const newest = await head()
  const lagging: Change = async ({ method, params }, pass) => {
    const isNewest = method === 'eth_getBlockByNumber' && params[0] === `0x${newest.toString(16)}`
    return isNewest ? { result: null } : await pass()
  }
  await withProviders([lagging, honest], async watched => {
    assert.equal((await poll(watched, newest - 2n)).blocks.length, 2)
    assert.deepEqual(problems(watched), { alpha: null, beta: null, gamma: null })
  })
})

test('of a state sync on Polygon providers may tell in different ways, or not at all: nobody is accused', async () => {
  const from = await head()
  await wallet.transferUsdc(DEPOSIT, 10n)
  const { number, hash } = (await wallet.call('eth_getBlockByNumber', 'latest', false)) as { number: Hex; hash: Hex }
  const height = Buffer.alloc(8)
  height.writeBigUInt64BE(BigInt(number))
  const key = Buffer.concat([Buffer.from('matic-bor-receipt-'), height, Buffer.from(hash.slice(2), 'hex')])
  const [told] = (await wallet.call('eth_getLogs', { blockHash: hash })) as Fields[]
  const log = { ...told, transactionHash: keccak256(key), transactionIndex: '0x1', logIndex: '0x1' }
  const receipt = { cumulativeGasUsed: '0x0', logsBloom: `0x${'00'.repeat(256)}`, status: '0x1', logs: [log] }
  const polygon: Change = async ({ method }, pass) => (method === 'eth_chainId' ? { result: '0x89' } : await pass())
  const adding = (name: string, entry: Fields): Change => {
    return async ({ id, method, params }, pass) => {
      const answer = await polygon({ id, method, params }, pass)
      const isOfBlock = [params[0], (params[0] as Fields | undefined)?.blockHash].includes(hash)
      if (method !== name || !isOfBlock || !('result' in answer)) return answer
      return { result: [...(answer.result as Fields[]), entry] }
    }
  }
  const inLogs = adding('eth_getLogs', log)
  const inReceipts = adding('eth_getBlockReceipts', { ...receipt, transactionHash: log.transactionHash })
  for (const [changes, found] of [
    [
      [inLogs, inReceipts, polygon],
      [10n, 10n],
    ],
    [
      [inReceipts, polygon, inLogs],
      [10n, 10n],
    ],
    [[polygon, inLogs, inReceipts], [10n]],
  ] as const) {
    await withProviders(
      changes,
      async watched => {
        assert.deepEqual(amounts((await poll(watched, from)).transfers), found)
        assert.deepEqual(problems(watched), { alpha: null, beta: null, gamma: null })
      },
      137,
    )
  }
})

test('B4.6: a header that its hash does not follow from is a lie once one that it follows from was seen', async () => {
  const from = await head()
  await wallet.transferUsdc(DEPOSIT, 8n)
  const newest = await head()
  const forgeRoot: Change = async ({ method }, pass) => {
    const answer = await pass()
    if (!method.startsWith('eth_getBlockBy') || !('result' in answer) || answer.result === null) return answer
    const block = answer.result as Fields
    return {
      result: BigInt(String(block.number)) < newest ? block : { ...block, receiptsRoot: `0x${'56'.repeat(32)}` },
    }
  }
  await withProviders([forgeRoot, honest], async watched => {
    const { transfers } = await poll(watched, from)
    assert.deepEqual([amounts(transfers), problems(watched).alpha], [[8n], 'lie'])
  })
})

test('B4.10: nothing that is said of a provider holds any of its URL, however it fails', async () => {
  const said: string[] = []
  const nonsense = (body: string, status = 200): RequestListener => {
    return (request, response) => response.writeHead(status, { location: request.url }).end(`${body} ${request.url}`)
  }
  const error = (code: number) =>
    inFrontOf(chain.rpcUrl, async () => ({ error: { code, message: 'bad key secret-key' } }))
  const failing: RequestListener[] = [
    nonsense('<html>'),
    nonsense('{"jsonrpc":"2.0"'),
    nonsense('limit of', 429),
    nonsense('', 302),
    nonsense('', 403),
    error(-32005),
    error(-32000),
    inFrontOf(chain.rpcUrl, async () => ({ result: 'secret-key' })),
    (request, _response) => request.socket.destroy(),
  ]
  for (const listener of failing) {
    await withServer(listener, async url => {
      const config = testChainConfig({ rpcUrl: url })
      const other = { ...config.providers[0], name: 'other', rpcUrl: `${url.replace('//', '//user:secret-key@')}` }
      const watched = openChain({ ...config, providers: [...config.providers, other] })
      await assert.rejects(watched.check(), failure => {
        said.push(inspect(failure, { depth: 9 }))
        return true
      })
      said.push(inspect(watched.providers()))
      const port = new URL(url).port
      for (const text of said) assert.doesNotMatch(text, new RegExp(`secret-key|127\\.0\\.0\\.1:${port}`))
    })
  }
  assert.equal(said.length, 2 * failing.length)
})
