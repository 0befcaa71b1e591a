import { assetId, NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { TransferRow } from './mirror.ts'
import { descendsFrom, type FakeBlock, lineage } from './network.ts'
import type { Pause } from './oracle.ts'
import { holds } from './violation.ts'
import { type Chain, recordedTip, type World } from './world.ts'

/** A payment as the tree of blocks has it. */
type Fact = { asset: Hex; to: Hex; amountRaw: bigint; txHash: Hex | null; block: FakeBlock }

/**
 * What is stored about a chain is what the blocks up to the last one read brought, no more and no less: nothing lost, nothing
 * twice, nothing of a block that a reorg took away.
 */
export function checkChain(world: World, chain: Chain): void {
  const tip = recordedTip(world, chain)
  if (tip === null) return
  const live = [...world.mirror.transfers.values()].filter(row => row.chain === chain.id && row.orphanedAt === null)
  for (const row of live) {
    const block = chain.network.blocks.get(row.blockHash)
    const isThere = block !== undefined && descendsFrom(tip, block)
    holds(isThere, () => `transfer ${row.id} lives in block ${row.blockNumber}, which the chain that was read has not`)
  }
  const expected = factsUpTo(world, tip)
  const stored = new Map(live.map(row => [`${row.blockHash} ${row.place}`, row]))
  holds(stored.size === live.length, () => `a payment on chain ${chain.id} is stored twice`)
  for (const [key, fact] of expected) {
    const row = stored.get(key)
    holds(row !== undefined, () => `${describe(fact)} on chain ${chain.id} is not stored`)
    checkFact(chain, row, fact)
  }
  for (const [key, row] of stored) {
    holds(expected.has(key), () => `transfer ${row.id} of ${row.amountRaw} on chain ${chain.id} never happened`)
  }
}

function checkFact(chain: Chain, row: TransferRow, fact: Fact): void {
  const isRight =
    row.amountRaw === fact.amountRaw &&
    row.asset === assetId(chain.id, fact.asset) &&
    row.address === fact.to &&
    (fact.asset === NATIVE || row.txHash === fact.txHash) &&
    row.blockTime.getTime() === fact.block.header.time.getTime()
  holds(isRight, () => `transfer ${row.id} of ${row.amountRaw} differs from ${describe(fact)} on chain ${chain.id}`)
}

/** What arrived at deposit addresses between the first block that was read and `tip`, by block and place. */
function factsUpTo(world: World, tip: FakeBlock): Map<string, Fact> {
  const addresses = new Map([...world.sessions.values()].map(({ session }) => [session.deposit.address, session]))
  const facts = new Map<string, Fact>()
  for (const block of lineage(tip).slice(1)) {
    const { hash } = block.header
    for (const { asset, to, amountRaw, txHash, place } of block.transfers) {
      if (addresses.has(to)) facts.set(`${hash} ${place}`, { asset, to, amountRaw, txHash, block })
    }
    for (const [to, amountRaw] of block.coinRises) {
      if (!addresses.has(to) || amountRaw === 0n) continue
      facts.set(`${hash} native:${to}`, { asset: NATIVE, to, amountRaw, txHash: null, block })
    }
  }
  return facts
}

function describe({ asset, to, amountRaw, block }: Fact): string {
  return `the payment of ${amountRaw} of ${asset.slice(0, 6)} to ${to.slice(0, 8)} in block ${block.header.number}`
}

/** The times in which the chain stood still, as the blocks up to the last one read tell it. */
export function pausesOf(world: World, chain: Chain): Pause[] {
  const { blockTimeMs } = chain.config
  const tip = recordedTip(world, chain)
  if (tip === null || blockTimeMs === null) return []
  return lineage(tip).flatMap(({ header, parent }) => {
    const isLate = parent !== null && header.time.getTime() - parent.header.time.getTime() > 10 * blockTimeMs
    return isLate ? [{ from: parent.header.time, to: header.time }] : []
  })
}
