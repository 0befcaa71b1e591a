import { UpstreamError } from '../domain/errors.ts'
import type { BlockHeader } from './chainNode.ts'
import { type JsonRpc, RpcError } from './jsonRpc.ts'
import { expect, fieldsOf, hashOf, toQuantity } from './rpcAnswer.ts'

/**
 * Asks a node about the state that `block` left: `method` with `params` and that block. Null where the node keeps that state no
 * more. Throws `RpcError` where a contract is the reason, and `UpstreamError` `stale` where the node does not have the block.
 */
export type StateCall = (
  method: string,
  params: readonly unknown[],
  block: Pick<BlockHeader, 'number' | 'hash'>,
) => Promise<{ answer: unknown } | null>

/** Parameters that a node does not understand (JSON-RPC 2.0, 5.1). */
const INVALID_PARAMS = -32602

/** State is asked for by the hash of its block (EIP-1898); where a node takes numbers only, the hash at that number is checked. */
export function stateCall(call: JsonRpc): StateCall {
  let takesHashes = true

  const ask: StateCall = async (method, params, { number, hash }) => {
    if (takesHashes) {
      try {
        return { answer: await call(method, [...params, { blockHash: hash }]) }
      } catch (error) {
        if (!(error instanceof RpcError) || error.isRevert || error.rpcCode !== INVALID_PARAMS) throw error
      }
    }
    const answer = await call(method, [...params, toQuantity(number)])
    const block = await call('eth_getBlockByNumber', [toQuantity(number), false])
    expect(block !== null && fieldsOf(block, 'block').hash === hash, 'the state of another block', 'stale')
    takesHashes = false
    return { answer }
  }

  // Nodes have many words for state that they keep no more, and some of them for other errors too. What they can say at their
  // newest block and not at an older one that they still have is what they no longer keep.
  const isGone = async (...[method, params, { hash }]: Parameters<StateCall>): Promise<boolean> => {
    if ((await call('eth_getBlockByHash', [hash, false])) === null) {
      throw new UpstreamError(`The node does not have the block ${hash}.`, { retryable: true, code: 'stale' })
    }
    const newest = fieldsOf(await call('eth_getBlockByNumber', ['latest', false]), 'block')
    const newestHash = hashOf(newest.hash, 'block hash')
    if (newestHash === hash) return false
    try {
      await call(method, [...params, takesHashes ? { blockHash: newestHash } : 'latest'])
      return true
    } catch (error) {
      return error instanceof RpcError && error.isRevert
    }
  }

  return async (...asked) => {
    try {
      return await ask(...asked)
    } catch (error) {
      if (!(error instanceof RpcError) || error.isRevert) throw error
      if (await isGone(...asked)) return null
      throw error
    }
  }
}
