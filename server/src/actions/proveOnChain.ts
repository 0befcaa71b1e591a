import type { Block, BlockHeader, WatchedChain } from '../chain/chainNode.ts'
import type { Asset } from '../domain/asset.ts'
import { type Difference, type StoredEntry, TABLE_OF } from '../domain/bookProof.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { formatDecimal } from '../domain/money.ts'
import type { StoredFact } from '../store/proof.ts'

/** What lies at deposit addresses in an asset, by the ledger and on chain, in base units. */
export type Held = { asset: Asset; address: Hex; booked: bigint; onChain: bigint | null }

/** What a chain says of some sessions; null where its nodes no longer keep the state of `tip`. */
export type ProvenOnChain = { held: Held[] | null; differences: Difference[] }

const BLOCKS_AT_ONCE = 8

/** The blocks of a chain by height, as `node` tells them; each is asked for once, the newest some are kept. */
export function blockReader(node: WatchedChain): (number: bigint) => Promise<Block> {
  const blocks = new Map<bigint, Promise<Block>>()
  return number => {
    const found = blocks.get(number) ?? node.block(number)
    if (blocks.size > 1_000) blocks.clear()
    blocks.set(number, found)
    return found
  }
}

/**
 * Compares `facts` and `entries` of one chain, as they stand with `tip` the last block read, with the chain: what lies at each address
 * after that very block, and each live fact with what its block says. Throws `UpstreamError` where `tip` is no longer on the chain.
 */
export async function proveOnChain(
  node: WatchedChain,
  read: (number: bigint) => Promise<Block>,
  tip: { number: bigint; hash: Hex },
  facts: readonly StoredFact[],
  entries: readonly StoredEntry[],
  assetOf: (id: string) => Asset,
): Promise<ProvenOnChain> {
  const header = await node.header(tip.hash)
  const live = facts.filter(({ isLive }) => isLive)
  const differences: Difference[] = []
  const numbers = [...new Set(live.map(({ blockNumber }) => blockNumber))]
  for (let start = 0; start < numbers.length; start += BLOCKS_AT_ONCE) {
    const blocks = await Promise.all(numbers.slice(start, start + BLOCKS_AT_ONCE).map(read))
    for (const block of blocks) {
      for (const fact of live.filter(({ blockNumber }) => blockNumber === block.header.number)) {
        const problem = factProblem(fact, assetOf(fact.assetId).address, block)
        if (problem !== null) differences.push({ table: TABLE_OF[fact.subject], id: fact.subjectId, problem })
      }
    }
  }
  const held = await compareBalances(node, header, bookedAt(facts, entries, assetOf))
  for (const { asset, address, booked, onChain } of held ?? []) {
    if (onChain === booked) continue
    const text = (raw: bigint) => `${raw < 0n ? '-' : ''}${formatDecimal(raw < 0n ? -raw : raw, asset.decimals)}`
    const there = onChain === null ? 'does not say what lies there' : `has ${text(onChain)} there`
    const problem = `${asset.symbol} ${there} at block ${header.number}, and the ledger has ${text(booked)}`
    differences.push({ table: 'deposit_addresses', id: address, problem })
  }
  return { held, differences }
}

/** What lies at each address by the ledger, wherever there was anything ever. */
function bookedAt(
  facts: readonly StoredFact[],
  entries: readonly StoredEntry[],
  assetOf: (id: string) => Asset,
): Omit<Held, 'onChain'>[] {
  const sums = new Map<string, Omit<Held, 'onChain'>>()
  const add = ({ address, assetId }: { address: Hex; assetId: string }, amountRaw: bigint) => {
    const sum = sums.get(`${address} ${assetId}`) ?? { asset: assetOf(assetId), address, booked: 0n }
    sums.set(`${address} ${assetId}`, { ...sum, booked: sum.booked + amountRaw })
  }
  for (const fact of facts) add(fact, 0n)
  for (const entry of entries) {
    if (entry.debit === 'deposits') add(entry, entry.amountRaw)
    if (entry.credit === 'deposits') add(entry, -entry.amountRaw)
  }
  return [...sums.values()]
}

async function compareBalances(
  node: WatchedChain,
  header: BlockHeader,
  booked: readonly Omit<Held, 'onChain'>[],
): Promise<Held[] | null> {
  const wanted = booked.map(({ asset, address }) => ({ asset: asset.address, address }))
  const balances = await node.balances(wanted, header)
  if (balances === null) return null
  invariant(balances.length === booked.length, 'each balance is answered')
  return booked.map((sum, index) => ({ ...sum, onChain: balances[index] ?? null }))
}

/** What is wrong with a live fact by what its block says, or null. Coin that is known by its balance has no log: that is compared. */
function factProblem(
  fact: StoredFact,
  asset: Hex,
  { header, transfers, coinSweeps, coinPayments }: Block,
): string | null {
  const { kind, place, address, other, amountRaw, txHash } = fact
  if (header.hash !== fact.blockHash)
    return `its block ${fact.blockHash} is not on the chain, which has ${header.hash} there`
  if (place.startsWith('native:')) {
    const isNamed = txHash === null || coinPayments.some(payment => payment.txHash === txHash && payment.to === address)
    return isNamed ? null : `its transaction ${txHash} is not in block ${header.number}`
  }
  const log = [...transfers, ...coinSweeps].find(each => each.place === place && each.asset === asset)
  if (log === undefined) return `block ${header.number} has no such transfer at log ${place}`
  const [from, to] = kind === 'out' ? [address, other] : [other, address]
  if (log.from !== from || log.to !== to) return `its log is from ${log.from} to ${log.to}`
  if (log.amountRaw !== amountRaw) return `its log says ${log.amountRaw} base units, and it ${amountRaw}`
  return log.txHash === txHash ? null : `its log is of transaction ${log.txHash}`
}
