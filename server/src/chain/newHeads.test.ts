import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTcpProxy } from '../../test/faults/tcpProxy.ts'
import { startTestChain, type TestChain } from '../../test/harness/testChain.ts'
import { jsonRpc } from './jsonRpc.ts'
import { newHeads } from './newHeads.ts'

const NEVER = 2 ** 30

let chain: TestChain
let wsUrl: string

before(async () => {
  chain = await startTestChain()
  wsUrl = chain.rpcUrl.replace(/^http/, 'ws')
})

after(() => chain.stop())

const mine = () => jsonRpc({ rpcUrl: chain.rpcUrl, timeoutMs: 10_000 })('evm_mine', [])
const { signal } = new AbortController()

test('a block that the node tells of ends the waiting, and one told of before it begins is not forgotten', async () => {
  const heads = newHeads([wsUrl])
  const end = heads.listen()
  // The answer to the subscription: from now on, blocks are told.
  await heads.next(NEVER, signal)
  const waiting = heads.next(NEVER, signal)
  await mine()
  await waiting

  const other = newHeads([wsUrl])
  const endOther = other.listen()
  await other.next(NEVER, signal)
  await mine()
  await other.next(NEVER, signal)
  await heads.next(NEVER, signal)
  end()
  endOther()
})

test('the time ends the waiting where nobody tells: without a socket, at one that refuses, after the end', async () => {
  await newHeads([]).next(1, signal)
  const refused = newHeads(['ws://127.0.0.1:9'])
  const end = refused.listen()
  await refused.next(50, signal)
  end()
  const ended = newHeads([wsUrl])
  ended.listen()()
  await ended.next(1, signal)
})

test('B5.2, G28: a socket that falls silent costs the time and nothing else; another one goes on telling', async () => {
  const proxy = await startTcpProxy(chain.rpcUrl)
  const silentUrl = proxy.url.replace(/^http/, 'ws')
  const heads = newHeads([silentUrl])
  const both = newHeads([silentUrl, wsUrl])
  const ends = [heads.listen(), both.listen()]
  await heads.next(NEVER, signal)
  await both.next(NEVER, signal)
  proxy.setMode('hang')
  await mine()
  await heads.next(20, signal)
  await both.next(NEVER, signal)
  for (const end of ends) end()
  await proxy.stop()
})

test('the signal ends the waiting', async () => {
  const stopping = new AbortController()
  const waiting = newHeads([]).next(NEVER, stopping.signal)
  stopping.abort()
  await waiting
  await assert.doesNotReject(newHeads([]).next(NEVER, stopping.signal))
})
