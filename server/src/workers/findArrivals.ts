import { findWatched, type Watched } from '../actions/findWatched.ts'
import { assertLead, type Lead, type WatchedChain } from '../actions/leadChain.ts'
import type { FoundBlock, FoundTransfer } from '../actions/matchTransfers.ts'
import type { Context } from '../context.ts'
import { assetId, NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import { tell } from './tellHealth.ts'

type Block = Awaited<ReturnType<WatchedChain['block']>>
type Transfer = Block['transfers'][number]

const ASKED_AT_ONCE = 8

/**
 * The blocks as they are to be recorded: with what they tell of deposit addresses proven where it can be, the coin that arrived
 * there, and who sent each payment. The addresses of closed sessions are asked for coin too if `closedToo`; those that a block
 * names, always. Throws `LeadLostError` where coin is missing for an old leader.
 */
export async function findArrivals(
  ctx: Context,
  lead: Lead,
  node: WatchedChain,
  blocks: readonly Block[],
  closedToo: boolean,
): Promise<FoundBlock[]> {
  const watched = await findWatched(ctx, lead.chainId, { ...namedIn(blocks), closedToo })
  const proven = await each(blocks, block => node.proven(block, watched.ours))
  const { arrivals, inDoubt } = await arrivalsOf(ctx, lead, node, proven, watched)
  const found = proven.map(({ header, transfers, coinSweeps }, index) => {
    const all = [...transfers, ...(arrivals.get(header.hash) ?? []), ...coinSweeps]
    // It may have come with any of them.
    return { header, transfers: all, inDoubt: index === 0 ? inDoubt : [] }
  })
  return await withSenders(node, found, watched.ours)
}

/** The addresses that blocks name, and those of them whose coin they may have moved. */
function namedIn(blocks: readonly Block[]) {
  const bothEnds = ({ from, to }: Transfer) => (from === null ? [to] : [from, to])
  return {
    named: blocks.flatMap(({ transfers }) => transfers.flatMap(bothEnds)),
    namedForCoin: blocks.flatMap(({ coinPayments, coinSweeps }) => [
      ...coinPayments.map(({ to }) => to),
      ...coinSweeps.flatMap(bothEnds),
    ]),
  }
}

/** The coin that arrived at watched addresses, by the hash of its block, and where it is in doubt. */
async function arrivalsOf(
  ctx: Context,
  lead: Lead,
  node: WatchedChain,
  blocks: readonly Block[],
  { coins, inDoubt }: Watched,
): Promise<Awaited<ReturnType<WatchedChain['coinArrivals']>>> {
  const found = await node.coinArrivals(blocks, coins, inDoubt)
  const { missing } = found
  if (missing.length > 0) {
    const { chainId } = lead
    await assertLead(ctx, lead)
    ctx.log.error({ chainId, addresses: missing }, 'Less coin lies at these addresses than arrived and was not swept')
    await tell(ctx, chainId, [{ assetId: assetId(chainId, NATIVE), reason: 'coin_missing', isWrong: true }])
  }
  return found
}

/** The blocks with the senders of the transactions that paid `ours`; one that cannot be asked for now stays unknown. */
async function withSenders(
  node: WatchedChain,
  blocks: readonly FoundBlock[],
  ours: Watched['ours'],
): Promise<FoundBlock[]> {
  const payments = blocks.flatMap(({ transfers }) => transfers.filter(({ to }) => ours.has(to)))
  const hashes = [...new Set(payments.flatMap(({ txHash }) => txHash ?? []))]
  const sent = await each(hashes, async hash => {
    try {
      return await node.sent(hash)
    } catch (error) {
      if (error instanceof UpstreamError) return null
      throw error
    }
  })
  const senders = new Map(hashes.map((hash, index) => [hash, sent[index] ?? undefined]))
  const named = (transfer: FoundTransfer): FoundTransfer => {
    const by = transfer.txHash === null ? undefined : senders.get(transfer.txHash)
    return by === undefined ? transfer : { ...transfer, sentBy: { sender: by.sender, nonce: by.nonce } }
  }
  return blocks.map(block => ({ ...block, transfers: block.transfers.map(named) }))
}

/** The answers to all questions, a few of which are asked at the same time. */
async function each<Q, A>(questions: readonly Q[], ask: (question: Q) => Promise<A>): Promise<A[]> {
  const answers: A[] = []
  for (let start = 0; start < questions.length; start += ASKED_AT_ONCE) {
    answers.push(...(await Promise.all(questions.slice(start, start + ASKED_AT_ONCE).map(ask))))
  }
  return answers
}
