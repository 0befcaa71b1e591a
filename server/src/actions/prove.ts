import type { Context } from '../context.ts'
import type { Asset } from '../domain/asset.ts'
import type { Difference, StoredEntry } from '../domain/bookProof.ts'
import { invariant, UpstreamError } from '../domain/errors.ts'
import type { Account } from '../domain/ledger.ts'
import { formatDecimal } from '../domain/money.ts'
import { readAsWorker } from '../store/database.ts'
import { countSessions, listSessionsAfter, loadTips } from '../store/proof.ts'
import { chainName } from './chainOf.ts'
import { blockReader, type ProvenOnChain, proveOnChain } from './proveOnChain.ts'
import { proveSessions } from './proveSessions.ts'

/** What is proven and who is told: `chainId` null asks the nodes of every chain; `say` hears lines, `progress` a count now and then. */
export type ProveOptions = {
  chainId: number | null
  say: (line: string) => void
  progress?: (sessions: number, of: number) => void
}

const PAGE = 500
const ATTEMPTS = 3

/** What is known of a chain in the end: the last block compared with it, and the sums of each asset. */
type ChainSums = { number: bigint; hash: string; isStateGone: boolean; assets: Map<string, AssetSums> }
type AssetSums = Record<Account | 'onChain', bigint> & { addresses: number }
type Page = Awaited<ReturnType<typeof readPage>>
/** What was read of each chain's blocks so far. */
type Readers = Map<number, ReturnType<typeof blockReader>>

/**
 * Derives everything anew that follows from facts, and compares the facts with the chains; page by page of sessions, each as it was
 * at one moment and against the last block read then. Says each difference with the row that it is found by, and the sums of each
 * asset; true when nothing differs and every chain could be asked.
 */
export async function prove(ctx: Context, { chainId, say, progress }: ProveOptions): Promise<boolean> {
  const total = await readAsWorker(ctx.db, countSessions)
  const sums = new Map<number, ChainSums>()
  const readers: Readers = new Map()
  let problems = 0
  let sessions = 0
  const tell = ({ table, id, problem }: Difference) => {
    problems += 1
    say(`DIFFERENCE  ${table} ${id}: ${problem}`)
  }
  let after: string | null = null
  for (;;) {
    const page = await provePage(ctx, after, chainId, readers, sums)
    for (const difference of page.differences) tell(difference)
    for (const failure of page.failures) {
      problems += 1
      say(`NOT PROVEN  ${failure}`)
    }
    sessions += page.ids.length
    progress?.(sessions, total)
    after = page.ids.at(-1) ?? after
    if (page.ids.length < PAGE) break
  }
  for (const [id, chain] of [...sums].sort(([left], [right]) => left - right)) {
    for (const line of chainLines(ctx, id, chain)) say(line)
    if (chain.isStateGone) problems += 1
  }
  const found = problems === 0 ? 'nothing differs' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`
  say(`${sessions} ${sessions === 1 ? 'session' : 'sessions'} proven: ${found}.`)
  return problems === 0
}

async function readPage(ctx: Context, after: string | null) {
  return await readAsWorker(ctx.db, async tx => {
    const ids = await listSessionsAfter(tx, after, PAGE)
    return { ids, tips: await loadTips(tx), ...(await proveSessions(tx, ctx, ids)) }
  })
}

/** A page with what the chains say of it; read anew when a chain has changed its mind meanwhile. */
async function provePage(
  ctx: Context,
  after: string | null,
  chainId: number | null,
  readers: Readers,
  sums: Map<number, ChainSums>,
): Promise<{ ids: string[]; differences: Difference[]; failures: string[] }> {
  for (let attempt = 1; ; attempt++) {
    const page = await readPage(ctx, after)
    const differences = [...page.differences]
    const failures: string[] = []
    const added: (() => void)[] = []
    let isRetried = false
    const chains = new Set([...page.facts, ...page.entries].map(row => row.chainId))
    for (const id of [...chains].filter(each => chainId === null || each === chainId)) {
      try {
        const proven = await proveChain(ctx, id, page, readers)
        if (proven === null) {
          failures.push(`chain ${id}: it is not served, so that nobody can be asked`)
          continue
        }
        differences.push(...proven.differences)
        added.push(() => addSums(sums, id, page, proven))
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        readers.delete(id)
        isRetried ||= error.retryable && attempt < ATTEMPTS
        failures.push(`chain ${id}: ${error.message}`)
      }
    }
    if (isRetried) continue
    for (const add of added) add()
    return { ids: page.ids, differences, failures }
  }
}

async function proveChain(ctx: Context, chainId: number, { facts, entries, tips }: Page, readers: Readers) {
  const [node, tip] = [ctx.nodes.get(chainId), tips.get(chainId)]
  if (node === undefined || tip === undefined) return null
  const read = readers.get(chainId) ?? blockReader(node)
  readers.set(chainId, read)
  const isHere = (row: { chainId: number }) => row.chainId === chainId
  return await proveOnChain(node, read, tip, facts.filter(isHere), entries.filter(isHere), id => assetOf(ctx, id))
}

function addSums(
  sums: Map<number, ChainSums>,
  chainId: number,
  { entries, tips }: Page,
  { held }: ProvenOnChain,
): void {
  const { number = 0n, hash = '' } = tips.get(chainId) ?? {}
  const chain = sums.get(chainId) ?? { number, hash, isStateGone: false, assets: new Map() }
  sums.set(chainId, { ...chain, number, hash, isStateGone: chain.isStateGone || held === null })
  const of = (assetId: string) => {
    const asset = chain.assets.get(assetId) ?? emptySums()
    chain.assets.set(assetId, asset)
    return asset
  }
  for (const { debit, credit, amountRaw, assetId, ...entry } of entries) {
    if (entry.chainId !== chainId) continue
    of(assetId)[debit] += isAssetSide(debit) ? amountRaw : -amountRaw
    of(assetId)[credit] += isAssetSide(credit) ? -amountRaw : amountRaw
  }
  for (const { asset, onChain } of held ?? []) {
    of(asset.id).onChain += onChain ?? 0n
    of(asset.id).addresses += 1
  }
}

function emptySums(): AssetSums {
  return { deposits: 0n, swept: 0n, pending: 0n, posted: 0n, unmatched: 0n, refunded: 0n, onChain: 0n, addresses: 0 }
}

function isAssetSide(account: StoredEntry['debit']): boolean {
  return account === 'deposits' || account === 'swept'
}

function assetOf(ctx: Context, id: string): Asset {
  const asset = ctx.known.assets.get(id)
  invariant(asset, `asset ${id} is known`)
  return asset
}

function chainLines(ctx: Context, chainId: number, { number, hash, isStateGone, assets }: ChainSums): string[] {
  const lines = [`Chain ${chainId} (${chainName(ctx, chainId)}) at block ${number} ${hash}`]
  if (isStateGone) {
    lines.push('NOT PROVEN  its nodes no longer keep the state of that block: let the worker catch up, and try again')
  }
  const bySymbol = [...assets].map(([id, sums]) => ({ ...assetOf(ctx, id), sums }))
  for (const { symbol, decimals, sums } of bySymbol.sort((left, right) => (left.symbol < right.symbol ? -1 : 1))) {
    const text = (raw: bigint) => `${raw < 0n ? '-' : ''}${formatDecimal(raw < 0n ? -raw : raw, decimals)}`
    const accounts = (['swept', 'pending', 'posted', 'unmatched', 'refunded'] as const).map(
      account => `${account} ${text(sums[account])}`,
    )
    lines.push(
      `  ${symbol}  deposits ${text(sums.deposits)}, on chain ${isStateGone ? 'unknown' : text(sums.onChain)} at ${sums.addresses} ` +
        `${sums.addresses === 1 ? 'address' : 'addresses'}; ${accounts.join(', ')}`,
    )
  }
  return lines
}
