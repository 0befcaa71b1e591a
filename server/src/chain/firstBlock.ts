import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { ChainNode } from './chainNode.ts'
import { RpcError } from './jsonRpc.ts'
import type { Providers } from './providers.ts'

/** The hash of the block 0 that `node` tells; null where it keeps that no more. Throws `UpstreamError`. */
export async function toldFirstBlock(node: Pick<ChainNode, 'header'>): Promise<Hex | null> {
  try {
    return (await node.header(0n)).hash
  } catch (error) {
    // Nodes may prune their history: that says nothing of the chain that they serve.
    if (error instanceof RpcError || (error instanceof UpstreamError && error.code === 'stale')) return null
    throw error
  }
}

/** The hash of block 0 that at least `quorum` of the providers tell, or an own one, and no other tells otherwise; else null. */
export async function agreedFirstBlock(providers: Providers, quorum: number): Promise<Hex | null> {
  const told = [...(await providers.survey(({ node }) => toldFirstBlock(node)))].filter(([, hash]) => hash !== null)
  const hashes = new Set(told.map(([, hash]) => hash))
  const isVouched = told.length >= quorum || told.some(([{ isOwn }]) => isOwn)
  return isVouched && hashes.size === 1 ? (told[0]?.[1] ?? null) : null
}
