import { assetId, NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'
import type { TransferRow } from './mirror.ts'
import { descendsFrom, type FakeBlock, lineage, type Network } from './network.ts'
import type { Pause } from './oracle.ts'
import { holds } from './violation.ts'
import { type Chain, recordedTip, type World } from './world.ts'

/** A payment as the tree of blocks has it. */
type Fact = { asset: Hex; to: Hex; amountRaw: bigint; txHash: Hex | null; block: FakeBlock; isDated: boolean }

/** So many blocks are recorded together at most where they are not deep behind; a halving of them ends where no state is kept. */
const LIST_MOST = 128n

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
  const expected = factsUpTo(world, chain, tip)
  const stored = new Map(live.map(row => [`${row.blockHash} ${row.place}`, row]))
  holds(stored.size === live.length, () => `a payment on chain ${chain.id} is stored twice`)
  for (const [key, fact] of expected) {
    if (!fact.isDated) continue
    const row = stored.get(key)
    holds(row !== undefined, () => `${describe(fact)} on chain ${chain.id} is not stored`)
    checkFact(chain, row, fact)
  }
  for (const [key, row] of stored) {
    if (expected.get(key)?.isDated === true) continue
    const name = `transfer ${row.id} of ${row.amountRaw} on chain ${chain.id}`
    const mayBeLater = row.place.startsWith('native:') && isUndated(world, chain, row.session, row.blockNumber)
    holds(mayBeLater, () => `${name} never happened`)
    const others = live.filter(one => one.place === row.place && one.blockNumber <= row.blockNumber)
    const told = others.reduce((sum, { amountRaw }) => sum + amountRaw, 0n)
    const came = coinUpTo(tip, row.address, row.blockNumber)
    holds(told <= came, () => `${name} is told with block ${row.blockNumber}, up to which ${came} came and not ${told}`)
  }
  checkSweeps(world, chain, tip)
  checkBalances(world, chain, tip)
}

/** What left deposit addresses is stored as the blocks tell it. */
function checkSweeps(world: World, chain: Chain, tip: FakeBlock): void {
  const addresses = new Set([...world.sessions.values()].map(({ session }) => session.deposit.address))
  const expected = new Map<string, bigint>()
  for (const block of lineage(tip)) {
    for (const { from, place, amountRaw } of [...block.transfers, ...block.coinSweeps]) {
      if (from !== null && addresses.has(from)) expected.set(`${block.header.hash} ${place}`, amountRaw)
    }
  }
  const live = [...world.mirror.sweeps.values()].filter(row => row.chain === chain.id && row.orphanedAt === null)
  for (const row of live) {
    const amountRaw = expected.get(`${row.blockHash} ${row.place}`)
    holds(
      amountRaw === row.amountRaw,
      () => `sweep ${row.id} of ${row.amountRaw} on chain ${chain.id} was of ${amountRaw}`,
    )
  }
  holds(
    live.length === expected.size,
    () => `${live.length} of ${expected.size} sweeps on chain ${chain.id} are stored`,
  )
}

/** What the facts and the ledger say lies at each address is what lies there. */
function checkBalances(world: World, chain: Chain, tip: FakeBlock): void {
  const { transfers, sweeps, entries } = world.mirror
  const byFacts = new Map<string, bigint>()
  const byLedger = new Map<string, bigint>()
  const add = (sums: Map<string, bigint>, { asset, address }: { asset: string; address: Hex }, amountRaw: bigint) => {
    const key = `${asset} ${address}`
    sums.set(key, (sums.get(key) ?? 0n) + amountRaw)
  }
  for (const row of transfers.values()) if (row.orphanedAt === null) add(byFacts, row, row.amountRaw)
  for (const row of sweeps.values()) {
    if (row.orphanedAt === null) add(byFacts, row, row.kind === 'out' ? -row.amountRaw : row.amountRaw)
  }
  for (const row of [...entries.values()].flat()) {
    if (row.debit === 'deposits') add(byLedger, row, row.amountRaw)
    if (row.credit === 'deposits') add(byLedger, row, -row.amountRaw)
  }
  for (const { session } of world.sessions.values()) {
    const { address } = session.deposit
    for (const { id, address: token, symbol } of chain.config.assets) {
      const key = `${id} ${address}`
      const lies = tip.balances.get(`${token} ${address}`) ?? 0n
      const [facts, ledger] = [byFacts.get(key) ?? 0n, byLedger.get(key) ?? 0n]
      holds(facts === ledger, () => `${symbol} of session ${session.id}: facts say ${facts}, the ledger ${ledger}`)
      const isExact =
        token !== NATIVE || !(mayComeLater(world, chain, session.id) || isForgotten(chain, tip.header.number))
      const isRight = isExact ? facts === lies : facts <= lies
      holds(isRight, () => `${symbol} of session ${session.id} on chain ${chain.id}: ${facts} recorded, ${lies} there`)
    }
  }
}

/** Whether coin in block `number` at the session's address may be dated to a later one. */
function isUndated(world: World, chain: Chain, sessionId: string, number: bigint): boolean {
  return mayComeLater(world, chain, sessionId) || isForgotten(chain, number, LIST_MOST)
}

/**
 * Whether coin at the session's address is found later than it came, whatever states are kept: after it has closed it is asked for now
 * and then only, and where coin is not payable only what a transaction itself carries calls for a look, and providers that differ are
 * asked again later.
 */
function mayComeLater(world: World, chain: Chain, sessionId: string): boolean {
  const made = world.sessions.get(sessionId)
  const isPayable = made?.session.assets.some(({ asset }) => asset.chainId === chain.id && asset.address === NATIVE)
  return !isPayable || chain.isDoubtful || world.everClosed.has(sessionId)
}

/** Whether the state of block `number`, or of one less than `since` before it, was asked for when it was gone. */
function isForgotten({ providers }: Chain, number: bigint, since = 1n): boolean {
  return providers.some(({ forgot }) => forgot !== null && number < forgot + since)
}

/**
 * Whether the coin that came to the address with the block is dated by transactions, be the state of the block gone: they alone
 * brought all of it, and no sweep hides it from later states.
 */
function isNamed(network: Network, { transactions, coinPayments, coinRises }: FakeBlock, to: Hex): boolean {
  const succeeded = new Set(transactions.flatMap(({ hash, succeeded }) => (succeeded ? hash : [])))
  const payments = coinPayments.filter(payment => payment.to === to && succeeded.has(payment.txHash))
  const isSwept = [...network.blocks.values()].some(block => block.coinSweeps.some(({ from }) => from === to))
  return !isSwept && payments.reduce((sum, { amountRaw }) => sum + amountRaw, 0n) === coinRises.get(to)
}

/** The coin that came to the address with the blocks up to `number`, of those up to `tip`. */
function coinUpTo(tip: FakeBlock, address: Hex, number: bigint): bigint {
  const blocks = lineage(tip).filter(({ header }) => header.number <= number)
  return blocks.reduce((sum, { coinRises }) => sum + (coinRises.get(address) ?? 0n), 0n)
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
function factsUpTo(world: World, chain: Chain, tip: FakeBlock): Map<string, Fact> {
  const sessionAt = new Map([...world.sessions.values()].map(({ session }) => [session.deposit.address, session.id]))
  const facts = new Map<string, Fact>()
  for (const block of lineage(tip).slice(1)) {
    const { hash } = block.header
    for (const { asset, to, amountRaw, txHash, place } of block.transfers) {
      if (sessionAt.has(to)) facts.set(`${hash} ${place}`, { asset, to, amountRaw, txHash, block, isDated: true })
    }
    for (const [to, amountRaw] of block.coinRises) {
      const session = sessionAt.get(to)
      if (session === undefined || amountRaw === 0n) continue
      const isDated =
        !isUndated(world, chain, session, block.header.number) ||
        (!mayComeLater(world, chain, session) && isNamed(chain.network, block, to))
      facts.set(`${hash} native:${to}`, { asset: NATIVE, to, amountRaw, txHash: null, block, isDated })
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
