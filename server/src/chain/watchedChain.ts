import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Block, ChainNode, WatchedChain } from './chainNode.ts'
import { coinArrivals } from './coinArrivals.ts'
import { agreedFirstBlock } from './firstBlock.ts'
import { type FollowOptions, followChain } from './followChain.ts'
import { newHeads } from './newHeads.ts'
import type { NamedNode } from './provider.ts'
import { type Known, openProviders, type Patience, type Providers } from './providers.ts'
import { tipOf } from './reconcile.ts'
import { stateSyncHash } from './stateSync.ts'
import { type SurveyOptions, surveyChain } from './surveyChain.ts'
import { vouchedArrivals } from './vouchedArrivals.ts'
import { vouchedNode } from './vouchedNode.ts'

/** How a chain with several providers is read: so many of them must have the same block before it is agreed. */
export type WatchedChainOptions = FollowOptions & Patience & Known & SurveyOptions & { chainId: number }

/** The chain `chainId` as its providers tell it together; see `WatchedChain` for what each answer promises. */
export function watchedChain(nodes: readonly NamedNode[], options: WatchedChainOptions): WatchedChain {
  invariant(nodes.length > 0, 'a chain has a provider')
  const providers = openProviders(nodes, options)
  const survey = surveyChain(providers, options)
  const node = anyOf(providers, options.chainId)
  const vouched = nodes.length === 1 ? node : vouchedNode(node, providers, options.quorum)
  const heads = newHeads(nodes.flatMap(({ wsUrl }) => wsUrl ?? []))
  // Of one alone there is nobody to ask whether it is right.
  const isLost = async (known: Parameters<typeof survey>[0]) => nodes.length === 1 || !(await survey(known)).isOurs
  return {
    ...node,
    coinArrivals: async (blocks, watch, inDoubt = new Set()) => {
      const told = await coinArrivals(node, options.chainId, blocks, watch)
      if (vouched === node) return told
      return await vouchedArrivals(told, vouched, providers, { chainId: options.chainId, blocks, watch, inDoubt })
    },
    genesis: () => agreedFirstBlock(providers, options.quorum),
    vouchedBalances: vouched.balances,
    vouchedSent: vouched.sent,
    marks: async known => {
      const { agreed, agreedByAll, safe, finalized } = await survey(known)
      return { head: tipOf(known).number, safe, finalized, agreed, agreedByAll }
    },
    providers: () => providers.states(),
    follow: async function* (known) {
      const end = heads.listen()
      try {
        return yield* followChain({ ...node, isLost }, known, options)
      } finally {
        end()
      }
    },
    nextHead: heads.next,
  }
}

/** Whichever provider answers, as one node. */
function anyOf(providers: Providers, chainId: number): ChainNode {
  const { read } = providers
  /** A block is held against what its own teller proves: nobody else answers for it. */
  const tellers = new WeakMap<Block, ChainNode>()
  const blockOf = async (node: ChainNode, id: Parameters<ChainNode['block']>[0]) => {
    const block = await node.block(id)
    tellers.set(block, node)
    return block
  }
  const provenBy = async (node: ChainNode, block: Block, ours: Parameters<ChainNode['proven']>[1]) => {
    const told = tellers.get(block) === node ? block : await blockOf(node, block.header.hash)
    const proved = await node.proven(told, ours)
    const teller = providers.all.find(provider => provider.node === node)
    if (teller && countOf(proved, chainId) > countOf(told, chainId))
      providers.accuse(teller, 'The node left out logs of a block.')
    return proved
  }
  /** What one node does not keep, another may. */
  const readNullable = async <T>(ask: (node: ChainNode) => Promise<T | null>): Promise<T | null> => {
    try {
      return await read(async node => {
        const answer = await ask(node)
        if (answer !== null) return answer
        throw new UpstreamError('The node does not know that.', { retryable: true, code: 'pruned' })
      })
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'pruned') return null
      throw error
    }
  }
  return {
    check: async genesis => {
      providers.doubt(genesis)
      await read(async () => undefined)
    },
    head: () => read(node => node.head()),
    header: id => read(node => node.header(id)),
    tagged: tag => readNullable(node => node.tagged(tag)),
    block: id => read(node => blockOf(node, id)),
    proven: (block, ours) => read(node => provenBy(node, block, ours)),
    balances: (wanted, block) => readNullable(node => node.balances(wanted, block)),
    sent: txHash => readNullable(node => node.sent(txHash)),
    nonce: (address, block) => readNullable(node => node.nonce(address, block)),
    call: (...asked) => readNullable(node => node.call(...asked)),
    code: (address, block) => readNullable(node => node.code(address, block)),
  }
}

/** Of how many transfers a block tells that its hash commits to. */
function countOf({ header, transfers, coinSweeps }: Block, chainId: number): number {
  const synced = stateSyncHash(chainId, header)
  return [...transfers, ...coinSweeps].filter(({ txHash }) => synced === null || txHash !== synced).length
}
