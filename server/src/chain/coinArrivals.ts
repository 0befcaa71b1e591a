import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block, BlockHeader, ChainNode, CoinArrivals, CoinPayment, CoinWatch, Transfer } from './chainNode.ts'
import { expect } from './rpcAnswer.ts'

/** What is known of an address over a span of blocks: what lay there before the first and what lies there after the last. */
type Change = { before: bigint; after: bigint }
type Changes = ReadonlyMap<Hex, Change>
type Part = { header: BlockHeader; to: Hex; amountRaw: bigint; payments: readonly CoinPayment[] }
/** What could be put into blocks, and the addresses where more has arrived. */
type Dated = { parts: readonly Part[]; inDoubt: Hex[] }

/**
 * What arrived in coin at the watched addresses in each of `blocks`, as `WatchedChain` promises it. Coin leaves a deposit address
 * in sweeps only, so what arrived in a span is what its balance grew by and what was swept in it. The newest block alone is asked
 * for all addresses; a rise is then halved to its blocks.
 */
export async function coinArrivals(
  node: ChainNode,
  chainId: number,
  blocks: readonly Block[],
  watch: CoinWatch,
): Promise<CoinArrivals> {
  if (blocks.length === 0 || watch.size === 0) return { arrivals: new Map(), missing: [], inDoubt: [] }
  const missing = new Set<Hex>()
  const balances = await coinAt(node, [...watch.keys()], newestOf(blocks).header)
  const { parts, inDoubt } =
    balances === null
      ? await partsBefore(node, blocks, watch)
      : { parts: await partsIn(node, blocks, changes(watch, balances), missing), inDoubt: [] }
  const arrivals = new Map<Hex, Transfer[]>()
  // In one order, whatever the order of `watch`: by that payments are numbered.
  for (const part of parts.toSorted((left, right) => (left.to < right.to ? -1 : 1))) {
    if (missing.has(part.to)) continue
    const { hash } = part.header
    arrivals.set(hash, [...(arrivals.get(hash) ?? []), await transferOf(node, chainId, part)])
  }
  return { arrivals, missing: [...missing], inDoubt }
}

/** The parts of what arrived in `blocks`, in their order; the addresses where less lies than should are added to `missing`. */
async function partsIn(
  node: ChainNode,
  blocks: readonly Block[],
  all: Changes,
  missing: Set<Hex>,
): Promise<readonly Part[]> {
  const received = receivedIn(blocks, all)
  for (const [address, amount] of received) if (amount < 0n) missing.add(address)
  const risen = [...received].filter(([, amount]) => amount > 0n)
  const [first, ...others] = blocks
  if (risen.length === 0 || first === undefined) return []
  if (others.length === 0) return risen.map(([to, amountRaw]) => partOf(first, to, amountRaw, paymentsTo(first, to)))
  const older = blocks.slice(0, Math.ceil(blocks.length / 2))
  const middle = newestOf(older)
  const addresses = risen.map(([address]) => address)
  const balances = await coinAt(node, addresses, middle.header)
  if (balances === null) return (await datedByPayments(node, blocks, all, new Map())).parts
  const halves = addresses.map(address => {
    const { before, after } = changeOf(all, address)
    const between = balances.get(address) ?? 0n
    return { address, older: { before, after: between }, newer: { before: between, after } }
  })
  const inOlder = new Map(halves.map(half => [half.address, half.older]))
  const inNewer = new Map(halves.map(half => [half.address, half.newer]))
  return [
    ...(await partsIn(node, older, inOlder, missing)),
    ...(await partsIn(node, blocks.slice(older.length), inNewer, missing)),
  ]
}

/** The parts of what arrived in `blocks`, whose state is gone, as far as they can be told by that of a later one. */
async function partsBefore(node: ChainNode, blocks: readonly Block[], watch: CoinWatch): Promise<Dated> {
  const later = await coinAtOldest(node, [...watch.keys()], newestOf(blocks))
  return await datedByPayments(node, blocks, changes(watch, later), later)
}

/**
 * The parts of what arrived where the state of the blocks is gone: each in the block of a successful transaction that paid it, as
 * far as there are such, the rest in the newest; but for what lies there `later`, which may come with a block yet to be read and
 * less final than these: that is in doubt. Sweeps yet to be read may hide what arrived, so less than should be there is not told.
 */
async function datedByPayments(
  node: ChainNode,
  blocks: readonly Block[],
  all: Changes,
  later: ReadonlyMap<Hex, bigint>,
): Promise<Dated> {
  const newest = newestOf(blocks)
  const rest = new Map([...receivedIn(blocks, all)].filter(([, amount]) => amount > 0n))
  const parts: Part[] = []
  for (const block of blocks) {
    for (const [to, left] of rest) {
      const payments = await succeeded(node, block.header, paymentsTo(block, to))
      const paid = payments.reduce((sum, payment) => sum + payment.amountRaw, 0n)
      const certain = block === newest ? left - (later.get(to) ?? 0n) : 0n
      const told = paid > certain ? paid : certain
      const amountRaw = told > left ? left : told
      if (amountRaw > 0n) parts.push(partOf(block, to, amountRaw, payments))
      if (amountRaw === left) rest.delete(to)
      else rest.set(to, left - amountRaw)
    }
  }
  return { parts, inDoubt: [...rest.keys()] }
}

async function succeeded(
  node: ChainNode,
  header: BlockHeader,
  payments: readonly CoinPayment[],
): Promise<CoinPayment[]> {
  const found: CoinPayment[] = []
  for (const payment of payments) if (await hasSucceeded(node, header, payment)) found.push(payment)
  return found
}

async function hasSucceeded(node: ChainNode, header: BlockHeader, { txHash }: CoinPayment): Promise<boolean> {
  const sent = await node.sent(txHash)
  expect(sent?.blockHash === header.hash, 'a receipt from another block', 'stale')
  return sent.succeeded
}

/** The transfer that `part` is, with the one transaction that brought all of it where there is one. */
async function transferOf(node: ChainNode, chainId: number, part: Part): Promise<Transfer> {
  const { header, to, amountRaw } = part
  // One that succeeded and brought the whole leaves nothing for the others: they failed.
  const [only = null] = await succeeded(
    node,
    header,
    part.payments.filter(payment => payment.amountRaw === amountRaw),
  )
  return {
    chainId,
    asset: NATIVE,
    to,
    from: only?.from ?? null,
    amountRaw,
    txHash: only?.txHash ?? null,
    place: `native:${to}`,
    blockHash: header.hash,
    blockNumber: header.number,
  }
}

/**
 * What arrived at each address in `blocks` beside what the factory tells of (a share that came to a fallback); below zero where less
 * lies there than should.
 */
function receivedIn(blocks: readonly Block[], all: Changes): Map<Hex, bigint> {
  const received = new Map([...all].map(([address, { before, after }]) => [address, after - before]))
  const add = (address: Hex | null, amountRaw: bigint) => {
    const sum = address === null ? undefined : received.get(address)
    if (address !== null && sum !== undefined) received.set(address, sum + amountRaw)
  }
  for (const { from, to, amountRaw } of blocks.flatMap(block => block.coinSweeps)) {
    add(from, amountRaw)
    add(to, -amountRaw)
  }
  return received
}

function changeOf(all: Changes, address: Hex): Change {
  const change = all.get(address)
  invariant(change, 'what rose has changed')
  return change
}

function newestOf(blocks: readonly Block[]): Block {
  const newest = blocks.at(-1)
  invariant(newest, 'a span has a block')
  return newest
}

function partOf({ header }: Block, to: Hex, amountRaw: bigint, payments: readonly CoinPayment[]): Part {
  return { header, to, amountRaw, payments }
}

function paymentsTo(block: Block, address: Hex): CoinPayment[] {
  return block.coinPayments.filter(payment => payment.to === address)
}

function changes(watch: CoinWatch, balances: ReadonlyMap<Hex, bigint>): Changes {
  return new Map([...watch].map(([address, before]) => [address, { before, after: balances.get(address) ?? 0n }]))
}

async function coinAt(
  node: ChainNode,
  addresses: readonly Hex[],
  header: BlockHeader,
): Promise<ReadonlyMap<Hex, bigint> | null> {
  const balances = await node.balances(
    addresses.map(address => ({ asset: NATIVE, address })),
    header,
  )
  if (balances === null) return null
  return new Map(
    addresses.map((address, index) => {
      const balance = balances[index]
      expect(typeof balance === 'bigint', 'a balance of coin that is missing')
      return [address, balance]
    }),
  )
}

/**
 * The balances of the oldest state after `block` that is kept: newer ones may hold coin that blocks yet to be read with their state
 * have not, and which would then be missing there.
 */
async function coinAtOldest(
  node: ChainNode,
  addresses: readonly Hex[],
  block: Block,
): Promise<ReadonlyMap<Hex, bigint>> {
  const head = await node.head()
  let gone = block.header.number
  for (;;) {
    let kept = head
    while (kept.number - gone > 1n) {
      const middle = await node.header((gone + kept.number) / 2n)
      if ((await coinAt(node, addresses.slice(0, 1), middle)) === null) gone = middle.number
      else kept = middle
    }
    const balances = await coinAt(node, addresses, kept)
    if (balances !== null) return balances
    // It was forgotten just now.
    gone = kept.number
    expect(gone < head.number, 'no state of its newest block', 'pruned')
  }
}
