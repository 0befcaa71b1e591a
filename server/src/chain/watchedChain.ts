import { invariant } from '../domain/errors.ts'
import type { ChainNode, WatchedChain } from './chainNode.ts'
import { coinArrivals } from './coinArrivals.ts'
import { type FollowOptions, followChain } from './followChain.ts'
import { newHeads } from './newHeads.ts'
import { tipOf } from './reconcile.ts'

/** A node by its provider's name. */
export type NamedNode = { name: string; isOwn: boolean; wsUrl: string | null; node: ChainNode }

/** How a chain with several providers is read: so many of them must have the same block before it is agreed. */
export type WatchedChainOptions = FollowOptions & { chainId: number; quorum: number }

/** The chain `chainId` as its providers tell it together; see `WatchedChain` for what each answer promises. */
export function watchedChain(nodes: readonly NamedNode[], options: WatchedChainOptions): WatchedChain {
  const [first] = nodes
  invariant(first, 'a chain has a provider')
  const { node } = first
  const heads = newHeads(first.wsUrl)
  return {
    ...node,
    coinArrivals: (blocks, watch) => coinArrivals(node, options.chainId, blocks, watch),
    marks: async known => {
      const { number } = tipOf(known)
      const [safe, finalized] = [await node.tagged('safe'), await node.tagged('finalized')]
      return {
        head: number,
        safe: safe?.number ?? null,
        finalized: finalized?.number ?? null,
        agreed: number,
        agreedByAll: number,
      }
    },
    providers: () => nodes.map(({ name }) => ({ name, problem: null, since: null })),
    follow: async function* (known) {
      const end = heads.listen()
      try {
        return yield* followChain(node, known, options)
      } finally {
        end()
      }
    },
    nextHead: heads.next,
  }
}
