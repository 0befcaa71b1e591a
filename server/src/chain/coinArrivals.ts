import { NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, ChainNode, CoinArrivals, CoinPayment, CoinWatch, Transfer } from './chainNode.ts'
import { inOrder } from './inOrder.ts'
import { expect } from './rpcAnswer.ts'

const RECEIPTS_AHEAD = 8

/** What arrived in coin at the watched addresses in each of `blocks`, by the block's hash; as `WatchedChain` promises it. */
export async function coinArrivals(
  node: ChainNode,
  chainId: number,
  blocks: readonly Block[],
  watch: CoinWatch,
): Promise<CoinArrivals> {
  const arrivals = new Map<Hex, Transfer[]>()
  for (const block of blocks) arrivals.set(block.header.hash, await coinTransfers(node, chainId, block, watch))
  return { arrivals, missing: [] }
}

async function coinTransfers(
  node: ChainNode,
  chainId: number,
  { header, coinPayments }: Block,
  watch: CoinWatch,
): Promise<Transfer[]> {
  const payments = coinPayments.filter(payment => watch.has(payment.to))
  const succeeded = inOrder(payments, RECEIPTS_AHEAD, async payment => {
    const sent = await node.sent(payment.txHash)
    expect(sent?.blockHash === header.hash, 'a receipt from another block')
    return sent.succeeded
  })
  const arrived: CoinPayment[] = []
  for (const payment of payments) {
    if ((await succeeded.next()).value) arrived.push(payment)
  }
  return [...Map.groupBy(arrived, payment => payment.to)].map(([to, parts]) => ({
    chainId,
    asset: NATIVE,
    to,
    from: only(parts.map(part => part.from)),
    amountRaw: parts.reduce((sum, part) => sum + part.amountRaw, 0n),
    txHash: only(parts.map(part => part.txHash)),
    place: `native:${to}`,
    blockHash: header.hash,
    blockNumber: header.number,
  }))
}

/** The value that all of `values` are, or null where they differ. */
function only(values: readonly Hex[]): Hex | null {
  const [first, ...others] = new Set(values)
  return first === undefined || others.length > 0 ? null : first
}
