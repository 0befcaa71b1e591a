import type { Marks } from '../domain/finality.ts'
import type { Hex } from '../domain/hex.ts'

/** A block without its contents. */
export type BlockHeader = { number: bigint; hash: Hex; parentHash: Hex; time: Date }

/**
 * Money that moved, as one block tells it: `asset` is the token's contract or `NATIVE`, `amountRaw` is in its base units. Whoever
 * records it looks both ways: a deposit address at `to` received it, one at `from` was swept.
 */
export type Transfer = {
  chainId: number
  asset: Hex
  to: Hex
  /** Null where several senders paid the address in one block, or nobody is known to have. */
  from: Hex | null
  amountRaw: bigint
  /** Null where several transactions paid the address in one block, or none is known. */
  txHash: Hex | null
  /** The log's index in the block, or `native:<address>`: with the block's hash, the natural key of the fact. */
  place: string
  blockHash: Hex
  blockNumber: bigint
}

/** A top-level transaction that carries native coin: a hint at whom to ask for, and a name for what is found. */
export type CoinPayment = { txHash: Hex; from: Hex; to: Hex; amountRaw: bigint }

/** A block as a node tells it. */
export type Block = {
  header: BlockHeader
  /** Of the watched tokens, by their logs. */
  transfers: Transfer[]
  /** Of native coin out of deposit addresses, by the `Swept` logs of the factory; `place` is the log's index. */
  coinSweeps: Transfer[]
  /** Addresses that may have received native coin: recipients of top-level transactions and of the coin's alias. */
  coinPayments: CoinPayment[]
  /** The filter of all its logs (256 bytes), only where the block's hash was recomputed and so commits to it. */
  bloom?: Hex
}

/** Who sent a transaction, with what nonce, in which block it is and whether it was executed and not reverted. */
export type Sent = { sender: Hex; nonce: bigint; blockHash: Hex; blockNumber: bigint; succeeded: boolean }

/** What following a chain brings: nothing new, the next blocks (at least one), or the news that those after `ancestor` are lost. */
export type ChainStep =
  | { kind: 'idle' }
  | { kind: 'blocks'; blocks: Block[] }
  | { kind: 'reorg'; ancestor: BlockHeader }

/** One balance that is asked for: `asset` is a token's contract or `NATIVE`. */
export type BalanceWanted = { asset: Hex; address: Hex }

/**
 * One node, asked by JSON-RPC. Every answer that is missing or malformed is an `UpstreamError`, which never tells the node's URL.
 * State is asked for at the hash of a block, and null is answered where the node keeps it no more (for most, after 128 blocks).
 */
export type ChainNode = {
  /**
   * Throws an `UpstreamError` `wrong_chain`, which no retry helps, when the node is of another chain, be it by its id or by a block 0
   * of another hash than `genesis`.
   */
  check(genesis?: Hex): Promise<void>
  head(): Promise<BlockHeader>
  /** The canonical block of that height, or the block with that hash; `stale` where the node has none, as one that lags. */
  header(id: bigint | Hex): Promise<BlockHeader>
  /** The block that the node tags so, or null where it knows no such tag. */
  tagged(tag: 'safe' | 'finalized'): Promise<BlockHeader | null>
  /** The same as `header` with its transfers, which all belong to exactly this block. */
  block(id: bigint | Hex): Promise<Block>
  /**
   * The same block with its logs out of receipts that its hash commits to, if it names any of `ours` or its bloom does; as it is
   * where it does not, and where the chain or the node gives nothing to prove it by. Throws `UpstreamError` `lie` where what the
   * node tells contradicts the hash.
   */
  proven(block: Block, ours: ReadonlySet<Hex>): Promise<Block>
  /**
   * The balances of each address in each asset (`NATIVE` or a token's contract), in their order, as that block left them; null
   * for one whose token does not say.
   */
  balances(wanted: readonly BalanceWanted[], block: BlockHeader): Promise<(bigint | null)[] | null>
  /** The mined transaction of that hash, or null. */
  sent(txHash: Hex): Promise<Sent | null>
  /** How many transactions `address` has sent up to that block. */
  nonce(address: Hex, block: BlockHeader): Promise<bigint | null>
  /**
   * What a call from nobody answers at that block: `to` null runs `data` as creation code. Null also where it reverts, or takes more
   * than `gas`, to be told where a stranger wrote the contract: what is slow or fails otherwise is held against the node.
   */
  call(to: Hex | null, data: Hex, block: BlockHeader, gas?: bigint): Promise<Hex | null>
  /** The code at `address`. */
  code(address: Hex, block: BlockHeader): Promise<Hex | null>
}

/** An address that is asked for native coin, and what of it the facts say lies there after the last block read. */
export type CoinWatch = ReadonlyMap<Hex, bigint>

/**
 * What arrived in coin, by the hash of the block, and the addresses where less lies than the facts and sweeps say: no arrival is
 * told for those, and a person must look. Not all is told either for the addresses `inDoubt`: too few nodes say what lies there, or
 * they keep only the state of a later block.
 */
export type CoinArrivals = { arrivals: Map<Hex, Transfer[]>; missing: Hex[]; inDoubt: Hex[] }

/** A chain as its watcher sees it, whatever the number of nodes behind it. */
export type WatchedChain = ChainNode & {
  /** The same of its nodes, of which one that passes suffices; from then on each must pass before it is asked for anything. */
  check(genesis?: Hex): Promise<void>
  /** The hash of block 0 as enough nodes tell it and none otherwise, or null. */
  genesis(): Promise<Hex | null>
  /**
   * What arrived in coin at the watched addresses in each of `blocks`, which follow one another and the last block read: for each
   * block one transfer per address, from the change of its balance and what was swept. Where the nodes no longer keep the state of
   * a block, what arrived is dated by a top-level transaction, else by the newest block of those whose state shows it, and until
   * that is read in doubt. What arrived, and what did at the addresses that were `inDoubt`, is told as `vouchedBalances` are.
   */
  coinArrivals(blocks: readonly Block[], watch: CoinWatch, inDoubt?: ReadonlySet<Hex>): Promise<CoinArrivals>
  /**
   * The same as `balances`, told by as many nodes as must agree and contradicted by none; null where too few keep that state.
   * Throws a retryable `UpstreamError` where too few have the block or can be reached, or not all tell the same.
   */
  vouchedBalances: ChainNode['balances']
  /** The same as `sent`, vouched for as balances are; null also where too few know of it. */
  vouchedSent: ChainNode['sent']
  /** How far the blocks of `known`, a linked list in ascending order up to the last one read, can be relied on. */
  marks(known: readonly BlockHeader[]): Promise<Marks>
  /**
   * Follows the chain from the newest of `known`, a linked list in ascending order of at least one block; each step is to be
   * stored before the next is asked for. Throws `UpstreamError`, not retryable when the whole list was lost.
   */
  follow(known: readonly BlockHeader[]): AsyncGenerator<ChainStep, never>
  /** Resolves after `ms`, sooner when the node tells of a block by itself while the chain is followed, or when `signal` aborts. */
  nextHead(ms: number, signal: AbortSignal): Promise<void>
  /** What its nodes are good for now, for operators and the dashboard; names only. */
  providers(): readonly ProviderState[]
}

/** A provider by name, and what is wrong with it or what it and others do not agree on (null: nothing). */
export type ProviderState = { name: string; problem: string | null; since: Date | null }
