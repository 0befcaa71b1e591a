import { UpstreamError } from '../domain/errors.ts'
import type { BlockHeader, ChainNode, ChainStep } from './chainNode.ts'
import { inOrder } from './inOrder.ts'
import { commonAncestor, reconcile, tipOf } from './reconcile.ts'

/** How many blocks are fetched before their turn, and how many headers are kept to find a common ancestor. */
export type FollowOptions = { blocksAhead?: number; headersKept?: number }

/** The chain from the newest of `known` on, as `WatchedChain.follow` promises it. */
export async function* followChain(
  node: ChainNode,
  known: readonly BlockHeader[],
  { blocksAhead = 8, headersKept = 1_000 }: FollowOptions,
): AsyncGenerator<ChainStep, never> {
  let headers = known
  for (;;) {
    const head = await node.head()
    checkOverlap(headers, head)
    const standing = reconcile(headers, head)
    let stranger = standing === 'reorg' ? head : null
    if (standing === 'same') yield { kind: 'idle' }
    if (standing === 'next' || standing === 'gap') {
      const missing = range(tipOf(headers).number + 1n, head.number)
      for await (const block of inOrder(missing, blocksAhead, number => node.block(number))) {
        if (reconcile(headers, block.header) !== 'next') {
          stranger = block.header
          break
        }
        yield { kind: 'block', block }
        headers = [...headers.slice(1 - headersKept), block.header]
      }
    }
    if (stranger !== null) {
      const ancestor = await commonAncestor(headers, stranger, hash => node.header(hash))
      if (ancestor === null) throw tooDeep(headers)
      yield { kind: 'reorg', ancestor }
      headers = headers.filter(header => header.number <= ancestor.number)
    }
  }
}

function* range(from: bigint, to: bigint): Generator<bigint> {
  for (let number = from; number <= to; number += 1n) yield number
}

function checkOverlap(headers: readonly BlockHeader[], head: BlockHeader): void {
  const oldest = headers[0]
  if (oldest === undefined || head.number >= oldest.number) return
  throw new UpstreamError(
    `The node's head ${head.number} lies below ${oldest.number}, the oldest block kept: it is far behind, or on another chain.`,
    { retryable: true },
  )
}

function tooDeep(headers: readonly BlockHeader[]): UpstreamError {
  const tip = tipOf(headers)
  return new UpstreamError(
    `The node no longer knows any of the last ${headers.length} blocks up to ${tip.number} (${tip.hash}): ` +
      'a reorg deeper than is followed, or another chain. Nothing was changed; a person must decide.',
    { retryable: false },
  )
}
