import type { Hex } from '../domain/hex.ts'

/** A block without its contents. */
export type BlockHeader = { number: bigint; hash: Hex; parentHash: Hex; time: Date }

/** Money that arrived at `to`, as one block tells it: `asset` is the token's contract or `NATIVE`, `amountRaw` is in its base units. */
export type Transfer = {
  chainId: number
  asset: Hex
  to: Hex
  /** Null where several senders paid the address in one block. */
  from: Hex | null
  amountRaw: bigint
  /** Null where several transactions paid the address in one block. */
  txHash: Hex | null
  /** The log's index in the block, or `native:<address>`: with the block's hash, the natural key of the fact. */
  place: string
  blockHash: Hex
  blockNumber: bigint
}

/** A top-level transaction that carries native coin; whether it moved any is known only from its receipt. */
export type CoinPayment = { txHash: Hex; from: Hex; to: Hex; amountRaw: bigint }

/** A block as the node tells it: transfers of the watched tokens, and payments in coin that are still to be confirmed. */
export type Block = { header: BlockHeader; transfers: Transfer[]; coinPayments: CoinPayment[] }

/** What following a chain brings: nothing new, the next blocks (at least one), or the news that those after `ancestor` are lost. */
export type ChainStep =
  | { kind: 'idle' }
  | { kind: 'blocks'; blocks: Block[] }
  | { kind: 'reorg'; ancestor: BlockHeader }

/** Asks a node by JSON-RPC. Every answer that is missing or malformed is an `UpstreamError`, which never tells the node's URL. */
export type ChainNode = {
  /** Throws an `UpstreamError` that no retry helps when the node is of another chain. */
  check(): Promise<void>
  head(): Promise<BlockHeader>
  /** The canonical block of that height, or the block with that hash. */
  header(id: bigint | Hex): Promise<BlockHeader>
  /** The same with its transfers, which all belong to exactly this block. */
  block(id: bigint | Hex): Promise<Block>
  /** Whether the transaction in that block was executed and not reverted. */
  transactionSucceeded(txHash: Hex, blockHash: Hex): Promise<boolean>
}

/** A chain as a watcher sees it. */
export type WatchedChain = ChainNode & {
  /** What arrived in coin at `addresses` in this block: one transfer per address, reverted transactions left out. */
  coinTransfers(block: Block, addresses: ReadonlySet<Hex>): Promise<Transfer[]>
  /**
   * Follows the chain from the newest of `known`, a linked list in ascending order of at least one block; each step is to be
   * stored before the next is asked for. Throws `UpstreamError`, not retryable when the whole list was lost.
   */
  follow(known: readonly BlockHeader[]): AsyncGenerator<ChainStep, never>
  /** Resolves after `ms`, sooner when the node tells of a block by itself while the chain is followed, or when `signal` aborts. */
  nextHead(ms: number, signal: AbortSignal): Promise<void>
}
