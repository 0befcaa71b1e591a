import type { Block, BlockHeader, Transfer, WatchedChain } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { finalUpTo, type Marks, type Policy } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { holdMarks, readHash } from '../store/readBlocks.ts'

/** A mined transaction and the block that it is in. */
export type FoundTransaction = {
  txHash: Hex
  header: BlockHeader
  /** Whether it was executed and not reverted. */
  succeeded: boolean
  /** The tokens that its logs tell of, in their order, and the coin that it sends itself; none where it was reverted. */
  payments: Transfer[]
  /** The providers' word for its block where that is older than the blocks that are remembered; null for a remembered one. */
  marks: Marks | null
}

/**
 * Asks the chain's nodes for a transaction: null where they know no mined one of that hash. The tokens that it paid, to `receiver` or
 * whomever, are proven by its block as the watcher's are. Not to be called in a transaction.
 */
export async function lookUpTransaction(
  ctx: Context,
  chainId: number,
  txHash: Hex,
  receiver: Hex | null,
): Promise<FoundTransaction | null> {
  const node = nodeOf(ctx, chainId)
  const sent = await node.sent(txHash)
  if (sent === null) return null
  const told = await node.block(sent.blockHash)
  const paid = told.transfers.filter(transfer => transfer.txHash === txHash).map(({ to }) => to)
  const block = await node.proven(told, new Set(receiver === null ? paid : [receiver, ...paid]))
  const { header } = block
  const hash = await asWorker(ctx.db, tx => readHash(tx, chainId, header.number))
  const marks = hash === null ? await node.marks([header]) : null
  const payments = sent.succeeded ? paymentsOf(block, chainId, txHash) : []
  return { txHash, header, succeeded: sent.succeeded, payments, marks }
}

/** The nodes of a chain that is served; a bug for any other. */
export function nodeOf(ctx: Context, chainId: number): WatchedChain {
  const node = ctx.nodes.get(chainId)
  invariant(node, `chain ${chainId} has nodes`)
  return node
}

function paymentsOf({ header, transfers, coinPayments }: Block, chainId: number, txHash: Hex): Transfer[] {
  const coins = coinPayments.map(({ to, from, amountRaw, txHash }) => ({
    chainId,
    asset: NATIVE,
    to,
    from,
    amountRaw,
    txHash,
    place: `native:${to}`,
    blockHash: header.hash,
    blockNumber: header.number,
  }))
  return [...transfers, ...coins].filter(transfer => transfer.txHash === txHash)
}

/**
 * Whether what the found block tells is final by `policy`: it is among the blocks that were read, or older than those that are
 * remembered and its providers vouch for it now. Holds the chain's cursor.
 */
export async function reliesOn(
  tx: Tx,
  chainId: number,
  { header, marks }: Pick<FoundTransaction, 'header' | 'marks'>,
  policy: Policy,
): Promise<boolean> {
  const read = await holdMarks(tx, chainId)
  if (read === null || header.number > finalUpTo(policy, read)) return false
  const hash = await readHash(tx, chainId, header.number)
  if (hash !== null || marks === null) return hash === header.hash
  return header.number <= finalUpTo({ wait: 1, witness: policy.witness }, { ...marks, head: header.number })
}
