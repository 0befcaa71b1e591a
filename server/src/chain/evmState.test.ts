import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { after, before, test } from 'node:test'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { type ChainWallet, openChainWallet } from '../../test/harness/chainWallet.ts'
import { answering, inFrontOf, withServer } from '../../test/harness/rpcServer.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import type { BlockHeader, ChainNode } from './chainNode.ts'
import { evmNode } from './evmNode.ts'

const addressAt = (index: number): Hex => `0x${(0xde0000 + index).toString(16).padStart(40, '0')}`
const DEPOSIT = addressAt(0)

let chain: TestChain
let node: ChainNode
let wallet: ChainWallet
/** Accounts with 10,000 coins; the second sends some. */
let rich: Hex
let sender: Hex

const nodeAt = (rpcUrl: string, chainId = 80001) =>
  evmNode({ chainId, rpcUrl, timeoutMs: 10_000, tokens: [testUsdcAddress, NATIVE], factory: NATIVE, coinAlias: null })

before(async () => {
  chain = await startTestChain()
  node = nodeAt(chain.rpcUrl)
  wallet = await openChainWallet(chain.rpcUrl)
  ;[rich = NATIVE, sender = NATIVE] = wallet.accounts.slice(8)
})

after(() => chain.stop())

/** Gives a contract at `address` that answers every call by `code`. */
const setCode = (address: Hex, code: Hex) => wallet.call('anvil_setCode', address, code)

test('balances of more than a thousand addresses are read at one block, each in its place', async () => {
  const addresses = Array.from({ length: 1_203 }, (_, index) => addressAt(index))
  for (const [index, address] of addresses.entries()) {
    if (index % 7 === 0) await wallet.call('anvil_setBalance', address, `0x${(index * 1000 + 1).toString(16)}`)
  }
  await wallet.mintUsdc(addressAt(602), 77n)
  const block = await node.head()
  await wallet.mintUsdc(addressAt(602), 5n)
  await wallet.call('anvil_setBalance', DEPOSIT, '0x2')
  const wanted = addresses.map((address, index) => ({ asset: index === 602 ? testUsdcAddress : NATIVE, address }))
  const balances = await node.balances(wanted, block)
  assert.equal(balances?.length, addresses.length)
  for (const [index, balance] of balances.entries()) {
    const coin = index % 7 === 0 ? BigInt(index * 1000 + 1) : 0n
    assert.equal(balance, index === 602 ? 77n : coin, `${index}`)
  }
  assert.deepEqual(await node.balances([], block), [])
})

test('B7: a token that does not say what it holds spoils no other balance', async () => {
  const tokens: [string, Hex, bigint | null][] = [
    ['reverts', '0x5f5ffd', null],
    ['answers nothing', '0x00', null],
    ['answers 31 bytes', '0x601f5ff3', null],
    ['has no code', '0x', null],
    ['has an invalid opcode', '0xfe', null],
    ['runs for ever', '0x5b5f56', null],
    ['answers 42', '0x602a5f5260205ff3', 42n],
    ['answers 42 and 64 KiB more', ('0x602a5f5262010020' + '5ff3') as Hex, 42n],
    ['answers 2^256 - 1, which nothing holds', '0x5f195f5260205ff3', null],
  ]
  const wanted: { asset: Hex; address: Hex }[] = []
  const expected: (bigint | null)[] = []
  for (const [index, [, code, balance]] of tokens.entries()) {
    const asset: Hex = `0x${'70'.repeat(19)}${(index + 16).toString(16)}`
    await setCode(asset, code)
    wanted.push({ asset, address: DEPOSIT }, { asset: NATIVE, address: rich })
    expected.push(balance, 10_000n * 10n ** 18n)
  }
  assert.deepEqual(await node.balances(wanted, await node.head()), expected)
})

test('where all of a list takes too much gas for one call, the rest is asked for again', async () => {
  const hungry: Hex = `0x${'71'.repeat(20)}`
  await setCode(hungry, '0x5b5f56')
  const wanted = Array.from({ length: 499 }, () => ({ asset: hungry, address: DEPOSIT }))
  const last = { asset: NATIVE, address: rich }
  let calls = 0
  const counting = inFrontOf(chain.rpcUrl, async ({ method }, pass) => {
    if (method === 'eth_call') calls += 1
    return await pass()
  })
  const balances = await withServer(counting, async url => nodeAt(url).balances([...wanted, last], await node.head()))
  assert.deepEqual(balances, [...wanted.map(() => null), 10_000n * 10n ** 18n])
  assert.ok(calls > 1, `${calls} calls`)
})

test('an answer that is no list of balances is an error of the node, never zeros', async () => {
  const block = await node.head()
  const word = (value: number) => value.toString(16).padStart(64, '0')
  for (const result of [null, '0x', '0x0', 0, {}, `0x${word(0)}`, `0x${word(1)}`, `0x${word(1)}${word(5)}${word(5)}`]) {
    await withServer(answering({ eth_call: result }), url =>
      assert.rejects(
        nodeAt(url).balances([{ asset: NATIVE, address: DEPOSIT }], block),
        { code: 'malformed' },
        `${result}`,
      ),
    )
  }
})

test('a node that takes no hashes of blocks is asked by number, and the hash is checked', async () => {
  const refusing = (reorged: boolean): RequestListener => {
    return inFrontOf(chain.rpcUrl, async ({ method, params }, pass) => {
      if (params.some(param => typeof param === 'object' && param !== null && 'blockHash' in param)) {
        return { error: { code: -32602, message: 'invalid argument 1: json: cannot unmarshal object' } }
      }
      const answer = await pass()
      if (!reorged || method !== 'eth_getBlockByNumber' || !('result' in answer)) return answer
      return { result: { ...(answer.result as object), hash: `0x${'12'.repeat(32)}` } }
    })
  }
  const block = await node.head()
  const wanted = [{ asset: NATIVE, address: rich }]
  const balances = await withServer(refusing(false), url => nodeAt(url).balances(wanted, block))
  assert.deepEqual(balances, [10_000n * 10n ** 18n])
  await withServer(refusing(true), url => assert.rejects(nodeAt(url).balances(wanted, block), { code: 'stale' }))
})

test('code, nonce and calls are told at a block; a call that reverts is null', async () => {
  const block = await node.head()
  assert.equal(await node.code(DEPOSIT, block), '0x')
  assert.match(`${await node.code(testUsdcAddress, block)}`, /^0x60[0-9a-f]{1000,}$/)
  const nonce = await node.nonce(wallet.accounts[0], block)
  await wallet.mintUsdc(DEPOSIT, 1n)
  assert.equal(await node.nonce(wallet.accounts[0], block), nonce)
  assert.equal(await node.nonce(wallet.accounts[0], await node.head()), (nonce ?? 0n) + 1n)
  assert.equal(await node.call(testUsdcAddress, '0x313ce567', block), `0x${'6'.padStart(64, '0')}`)
  assert.equal(await node.call(null, '0x602a5f5260205ff3', block), `0x${'2a'.padStart(64, '0')}`)
  for (const code of ['0x5f5ffd', '0xfe', '0x5b5f56'] as const) assert.equal(await node.call(null, code, block), null)
  const refusing = inFrontOf(chain.rpcUrl, async () => ({
    error: { code: -32015, message: 'VM execution: Reverted 0x' },
  }))
  assert.equal(await withServer(refusing, url => nodeAt(url).call(null, '0x00', block)), null)
  await withServer(answering({ eth_getCode: '0xabc', eth_getTransactionCount: '1' }), async url => {
    await assert.rejects(nodeAt(url).code(DEPOSIT, block), { code: 'malformed' })
    await assert.rejects(nodeAt(url).nonce(DEPOSIT, block), { code: 'malformed' })
  })
})

test('a transaction that was mined is told with its sender; what two answers contradict is not', async () => {
  const txHash = await wallet.send({ from: sender, to: DEPOSIT, value: 3n })
  const { number, hash } = await node.head()
  const sent = { sender: sender, nonce: 0n, blockHash: hash, blockNumber: number, succeeded: true }
  assert.deepEqual(await node.sent(txHash), sent)
  assert.equal(await node.sent(`0x${'12'.repeat(32)}`), null)
  const reverted = await wallet.send({
    from: sender,
    to: testUsdcAddress,
    data: '0xffffffff',
    gas: 99_999n,
  })
  assert.equal((await node.sent(reverted))?.succeeded, false)
  const lies: [string, string, object][] = [
    ['eth_getTransactionReceipt', 'malformed', { transactionHash: reverted }],
    ['eth_getTransactionByHash', 'malformed', { hash: reverted }],
    ['eth_getTransactionReceipt', 'malformed', { status: '0x2' }],
    ['eth_getTransactionReceipt', 'malformed', { status: undefined }],
    ['eth_getTransactionByHash', 'stale', { blockHash: null }],
  ]
  for (const [lie, code, fields] of lies) {
    const lying = inFrontOf(chain.rpcUrl, async ({ method }, pass) => {
      const answer = await pass()
      if (method !== lie || !('result' in answer)) return answer
      return { result: { ...(answer.result as object), ...fields } }
    })
    await withServer(lying, url => assert.rejects(nodeAt(url).sent(txHash), { code }, JSON.stringify(fields)))
  }
})

test('F117: a tag that a node does not know is null', async () => {
  const finalized = await node.tagged('finalized')
  assert.equal(typeof finalized?.number, 'bigint')
  const refusals = [
    { result: null },
    { error: { code: -32602, message: 'invalid block number finalized' } },
    { error: { code: -39001, message: 'finalized block not found' } },
  ]
  for (const refusal of refusals) {
    assert.equal(
      await withServer(
        inFrontOf('', async () => refusal),
        url => nodeAt(url).tagged('finalized'),
      ),
      null,
    )
  }
  await withServer(answering({ eth_getBlockByNumber: {} }), url =>
    assert.rejects(nodeAt(url).tagged('finalized'), { code: 'malformed' }),
  )
})

test('state that a node keeps no more is null; a block that it does not have, or a call that works nowhere, is an error', async () => {
  const asked: ((at: BlockHeader) => Promise<unknown>)[] = [
    at => node.balances([{ asset: NATIVE, address: DEPOSIT }], at),
    at => node.nonce(DEPOSIT, at),
    at => node.code(testUsdcAddress, at),
    at => node.call(testUsdcAddress, '0x313ce567', at),
  ]
  const old = await node.head()
  const unknown: BlockHeader = { ...old, hash: `0x${'12'.repeat(32)}` }
  await wallet.call('anvil_mine', '0x300')
  for (const ask of asked) {
    assert.equal(await ask(old), null)
    await assert.rejects(ask(unknown), { code: 'stale' })
  }
  const failing = inFrontOf(chain.rpcUrl, async ({ method }, pass) => {
    return method === 'eth_call' ? { error: { code: -32000, message: 'missing trie node' } } : await pass()
  })
  const wanted = [{ asset: NATIVE, address: DEPOSIT }]
  await withServer(failing, async url => {
    await assert.rejects(nodeAt(url).balances(wanted, old), { name: 'RpcError', code: 'failed' })
    await assert.rejects(nodeAt(url).balances(wanted, await node.head()), { name: 'RpcError', code: 'failed' })
  })
})
