import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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

test('the signal ends the waiting', async () => {
  const stopping = new AbortController()
  const waiting = newHeads([]).next(NEVER, stopping.signal)
  stopping.abort()
  await waiting
  await assert.doesNotReject(newHeads([]).next(NEVER, stopping.signal))
})
