import { createHash } from 'node:crypto'
import type { BlockHeader, CoinPayment, Transfer } from '../../src/chain/chainNode.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'

/** Money that a transaction moves: tokens with a log, coin without one, or coin out of a deposit address with the factory's log. */
export type Move = { asset: Hex; from: Hex; to: Hex; amountRaw: bigint; isSweep?: boolean }

/** What lies at an address when the transaction is executed. */
export type BalanceOf = (asset: Hex, address: Hex) => bigint

/** A transaction of the fake chain. What it moves may depend on the balances at the time, as with a sweep. */
export type FakeTransaction = {
  hash: Hex
  sender: Hex
  nonce: bigint
  succeeded: boolean
  /** Coin that the transaction itself carries to an address; null where only contracts move money. */
  carries: { to: Hex; amountRaw: bigint } | null
  /** False for what the protocol itself credits (a withdrawal): nobody's transaction. */
  isTransaction: boolean
  moves: (balanceOf: BalanceOf) => readonly Move[]
}

/** A block of the tree with all that follows from its transactions. */
export type FakeBlock = {
  header: BlockHeader
  parent: FakeBlock | null
  transactions: readonly FakeTransaction[]
  transfers: readonly Transfer[]
  coinSweeps: readonly Transfer[]
  coinPayments: readonly CoinPayment[]
  /** What arrived in coin in this block, by address. */
  coinRises: ReadonlyMap<Hex, bigint>
  balances: ReadonlyMap<string, bigint>
  /** Made by a liar: no honest node knows it. */
  isForged: boolean
}

/** A chain as the world has it: every block that was ever mined, the tip that honest nodes follow, and what waits to be mined. */
export type Network = {
  chainId: number
  blocks: Map<Hex, FakeBlock>
  tip: FakeBlock
  first: FakeBlock
  pending: FakeTransaction[]
  /** Blocks behind the tip that the `safe` and `finalized` tags point at. */
  safeDepth: number
  finalizedDepth: number
  safe: FakeBlock
  finalized: FakeBlock
  isHalted: boolean
  isFinalityStalled: boolean
  /** The token contracts whose logs are asked for. */
  tokens: readonly Hex[]
}

/** A chain with one block of that number and time, on which nothing happened yet. */
export function createNetwork(options: {
  chainId: number
  time: Date
  tokens: readonly Hex[]
  safeDepth: number
  finalizedDepth: number
}): Network {
  const { chainId, time, tokens, safeDepth, finalizedDepth } = options
  const first: FakeBlock = {
    header: { number: 0n, time, hash: hashOf(`${chainId} first`), parentHash: hashOf(`${chainId} before the first`) },
    parent: null,
    transactions: [],
    transfers: [],
    coinSweeps: [],
    coinPayments: [],
    coinRises: new Map(),
    balances: new Map(),
    isForged: false,
  }
  const network: Network = {
    chainId,
    blocks: new Map([[first.header.hash, first]]),
    tip: first,
    first,
    pending: [],
    safeDepth,
    finalizedDepth,
    safe: first,
    finalized: first,
    isHalted: false,
    isFinalityStalled: false,
    tokens,
  }
  return network
}

/** 32 bytes that follow from `label`. */
export function hashOf(label: string): Hex {
  return `0x${createHash('sha256').update(label).digest('hex')}`
}

/** The block of that number which `tip` descends from, or is; null where there is none. */
export function ancestorAt(tip: FakeBlock, number: bigint): FakeBlock | null {
  let block: FakeBlock | null = tip
  while (block !== null && block.header.number > number) block = block.parent
  return block?.header.number === number ? block : null
}

/** Whether `tip` descends from `block`, or is it. */
export function descendsFrom(tip: FakeBlock, block: FakeBlock): boolean {
  return ancestorAt(tip, block.header.number) === block
}

/** Adds a block with these transactions after `parent`; the tip stays where it is. */
export function addBlock(
  network: Network,
  parent: FakeBlock,
  transactions: readonly FakeTransaction[],
  time: Date,
  isForged = false,
): FakeBlock {
  const header: BlockHeader = {
    number: parent.header.number + 1n,
    hash: hashOf(`${network.chainId} block ${network.blocks.size}`),
    parentHash: parent.header.hash,
    time: new Date(Math.max(time.getTime(), parent.header.time.getTime() + 1000)),
  }
  const block = execute(network, header, parent, transactions, isForged)
  network.blocks.set(header.hash, block)
  return block
}

function execute(
  network: Network,
  header: BlockHeader,
  parent: FakeBlock,
  transactions: readonly FakeTransaction[],
  isForged: boolean,
): FakeBlock {
  const balances = new Map(parent.balances)
  const balanceOf: BalanceOf = (asset, address) => balances.get(`${asset} ${address}`) ?? 0n
  const change = (asset: Hex, address: Hex, by: bigint) => {
    balances.set(`${asset} ${address}`, balanceOf(asset, address) + by)
  }
  const transfers: Transfer[] = []
  const coinSweeps: Transfer[] = []
  const coinPayments: CoinPayment[] = []
  const coinRises = new Map<Hex, bigint>()
  let logIndex = 0
  for (const transaction of transactions) {
    const { hash, sender, carries, isTransaction, succeeded } = transaction
    if (isTransaction && carries !== null) coinPayments.push({ txHash: hash, from: sender, ...carries })
    if (!succeeded) continue
    for (const move of transaction.moves(balanceOf)) {
      const { asset, from, to, amountRaw, isSweep = false } = move
      change(asset, from, -amountRaw)
      change(asset, to, amountRaw)
      const fact = { chainId: network.chainId, asset, to, from, amountRaw, txHash: hash, place: `${logIndex}` }
      const log = { ...fact, blockHash: header.hash, blockNumber: header.number }
      if (asset !== NATIVE || isSweep) logIndex += 1
      if (asset === NATIVE && isSweep) coinSweeps.push(log)
      if (asset === NATIVE) coinRises.set(to, (coinRises.get(to) ?? 0n) + amountRaw)
      else if (amountRaw > 0n && network.tokens.includes(asset)) transfers.push(log)
    }
  }
  return {
    header,
    parent,
    transactions,
    transfers,
    coinSweeps,
    coinPayments,
    coinRises,
    balances,
    isForged,
  }
}

/** Mines what waits (all of it, or those that `takes` chooses) after the tip; null while the chain stands still. */
export function mine(
  network: Network,
  time: Date,
  takes: (transaction: FakeTransaction) => boolean = () => true,
): FakeBlock | null {
  if (network.isHalted) return null
  const taken = network.pending.filter(takes)
  network.pending = network.pending.filter(transaction => !taken.includes(transaction))
  const block = addBlock(network, network.tip, taken, time)
  followTip(network, block)
  return block
}

/** Makes `tip` the one that honest nodes follow; the transactions of blocks that this loses wait again. */
export function followTip(network: Network, tip: FakeBlock): void {
  const lost: FakeBlock[] = []
  for (let block: FakeBlock = network.tip; !descendsFrom(tip, block); ) {
    lost.unshift(block)
    invariant(block.parent, 'two branches of one tree meet')
    block = block.parent
  }
  network.tip = tip
  const waiting = [...lost.flatMap(block => block.transactions), ...network.pending]
  const taken = new Set(lineage(tip).flatMap(block => block.transactions.map(keyOf)))
  const seen = new Set<string>()
  network.pending = waiting.filter(transaction => {
    const isNew = !taken.has(keyOf(transaction)) && !seen.has(keyOf(transaction))
    seen.add(keyOf(transaction))
    return isNew
  })
  moveTags(network)
}

/** Of two transactions with one sender and nonce, a chain takes one. */
function keyOf({ sender, nonce }: FakeTransaction): string {
  return `${sender} ${nonce}`
}

function moveTags(network: Network): void {
  if (network.isFinalityStalled) return
  const { tip, first } = network
  const behind = (depth: number) => ancestorAt(tip, tip.header.number - BigInt(depth)) ?? first
  // A tag never goes back: what was final stays so, and the tip descends from it.
  const later = (old: FakeBlock, next: FakeBlock) =>
    descendsFrom(tip, old) && old.header.number > next.header.number ? old : next
  network.finalized = later(network.finalized, behind(network.finalizedDepth))
  network.safe = later(network.finalized, behind(network.safeDepth))
}

/** The blocks from the first to `tip`. */
export function lineage(tip: FakeBlock): FakeBlock[] {
  const blocks: FakeBlock[] = []
  for (let block: FakeBlock | null = tip; block !== null; block = block.parent) blocks.push(block)
  return blocks.reverse()
}
