import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { type Asset, assetId, NATIVE } from '../domain/asset.ts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { uuidv7 } from '../domain/uuid.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { raiseFence } from '../store/cursors.ts'
import { asWorker } from '../store/database.ts'
import { findUncheckedAddresses, loadDepositFacts, type OldAddress, setNextCheck } from '../store/depositFacts.ts'
import { findAgreedBlock, holdMarks } from '../store/readBlocks.ts'
import { insertTransfers } from '../store/transfers.ts'
import { chainOf } from './chainOf.ts'
import { type CoinCount, countCoin, missingCoin } from './countCoin.ts'
import { nodeOf } from './lookUpTransaction.ts'
import { settleSessions } from './settleSessions.ts'

const DAY_MS = 24 * 3_600_000
const MONTH_MS = 30 * DAY_MS

/**
 * Compares what lies at up to `limit` old addresses, which are watched no more, with the facts, in every asset of every chain that is
 * served. Coin that no fact tells of is recorded as arrived in the block that was looked at; anything else that differs is logged for
 * a person. Those of which a chain cannot tell now are logged with the reason, and are due again a day later; all others in a month.
 * Returns how many were taken up.
 */
export async function recheckAddresses(ctx: Context, limit: number): Promise<number> {
  const now = ctx.clock.now()
  const found = await asWorker(ctx.db, tx => findUncheckedAddresses(tx, now, limit))
  if (found.length === 0) return 0
  const untold = new Set<Hex>()
  for (const chainId of ctx.nodes.keys())
    for (const address of await recheckOn(ctx, chainId, found)) untold.add(address)
  const checked = found.map(({ address }) => address).filter(address => !untold.has(address))
  await asWorker(ctx.db, async tx => {
    await setNextCheck(tx, checked, new Date(now.getTime() + MONTH_MS))
    await setNextCheck(tx, [...untold], new Date(now.getTime() + DAY_MS))
  })
  return found.length
}

/** Those of the addresses of which the chain cannot tell now. */
async function recheckOn(ctx: Context, chainId: number, found: readonly OldAddress[]): Promise<readonly Hex[]> {
  const { assets } = chainOf(ctx, chainId)
  const tokens = assets.filter(asset => asset.address !== NATIVE)
  const hasCoin = tokens.length < assets.length
  const addresses = found.map(({ address }) => address)
  try {
    const isTold = await recheckTokens(ctx, chainId, tokens, found)
    const uncounted = isTold && hasCoin ? await recheckCoin(ctx, chainId, found) : []
    if (isTold && uncounted !== null) return uncounted
    const reason = 'its nodes do not keep the state of its newest agreed block'
    ctx.log.warn({ chainId, reason }, 'Old addresses could not be checked on this chain')
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    ctx.log.warn({ err: error, chainId }, 'Old addresses could not be checked on this chain')
  }
  return addresses
}

/** The addresses whose coin the providers do not tell alike; null where the chain cannot tell any now. */
async function recheckCoin(ctx: Context, chainId: number, found: readonly OldAddress[]): Promise<Hex[] | null> {
  const addresses = found.map(({ address }) => address)
  const count = await countCoin(ctx, chainId, addresses)
  if (count === null) return null
  const coin = assetId(chainId, NATIVE)
  for (const address of count.short) {
    ctx.log.error({ chainId, assetId: coin, address }, 'Less coin lies at an old address than the facts say')
  }
  for (const owner of found) {
    if ((count.arrivedRaw.get(owner.address) ?? 0n) > 0n) await recordMissing(ctx, count, owner)
  }
  const uncounted = addresses.filter(address => !count.arrivedRaw.has(address) && !count.short.includes(address))
  if (uncounted.length > 0) {
    const reason = 'its nodes do not agree how much coin lies there'
    ctx.log.warn({ chainId, addresses: uncounted, reason }, 'Old addresses could not be checked on this chain')
  }
  return uncounted
}

/**
 * Logs of tokens are read for ever and for every address: a balance that they do not explain is for a person to look at. False where
 * the chain cannot tell now.
 */
async function recheckTokens(
  ctx: Context,
  chainId: number,
  tokens: readonly Asset[],
  found: readonly OldAddress[],
): Promise<boolean> {
  const holdings = found.flatMap(({ address }) =>
    tokens.map(asset => ({ asset: asset.address, assetId: asset.id, address })),
  )
  const start = await asWorker(ctx.db, async tx => {
    const header = await findAgreedBlock(tx, chainId)
    return header === null ? null : { header, facts: await loadDepositFacts(tx, holdings, header.number) }
  })
  if (start === null) return false
  const balances = await nodeOf(ctx, chainId).balances(holdings, start.header)
  if (balances === null) return false
  for (const [index, { assetId, address, heldRaw }] of start.facts.entries()) {
    const balanceRaw = balances[index] ?? null
    if (balanceRaw === null || balanceRaw === heldRaw) continue
    const seen = {
      chainId,
      assetId,
      address,
      block: blockText(start.header),
      balance: `${balanceRaw}`,
      facts: `${heldRaw}`,
    }
    if (balanceRaw > heldRaw) ctx.log.warn(seen, 'More of a token lies at an old address than its logs told')
    else ctx.log.error(seen, 'Less of a token lies at an old address than its logs told')
  }
  return true
}

function blockText({ number, hash }: BlockHeader): string {
  return `${number} ${hash}`
}

/** Records the coin that no fact tells of; at a fallback nobody pays, so that a person must look. */
async function recordMissing(ctx: Context, count: CoinCount, owner: OldAddress): Promise<void> {
  const { chainId, header } = count
  const { address, organizationId, sessionId, isFallback } = owner
  const coin = assetId(chainId, NATIVE)
  await asWorker(ctx.db, async tx => {
    await holdMarks(tx, chainId)
    const amountRaw = (await missingCoin(tx, count, address)) ?? 0n
    if (amountRaw <= 0n) return
    if (isFallback) {
      ctx.log.warn(
        { chainId, assetId: coin, address, amount: `${amountRaw}` },
        'Coin lies at a fallback that nobody swept there',
      )
      return
    }
    const now = ctx.clock.now()
    const fact = { organizationId, sessionId, chainId, assetId: coin, address, from: null, amountRaw, txHash: null }
    const place = {
      place: `native:${address}`,
      blockHash: header.hash,
      blockNumber: header.number,
      blockTime: header.time,
    }
    // Whoever reads the chain may have counted this coin as yet to come: it must count anew.
    await raiseFence(tx, chainId)
    await lockSessions(tx, [sessionId])
    const id = uuidv7(now, ctx.random(10))
    await insertTransfers(tx, [{ id, ...fact, ...place }], now)
    await settleSessions(tx, ctx, [sessionId], now, 'progress', new Set([id]))
    ctx.log.warn({ chainId, assetId: coin, address, amount: `${amountRaw}` }, 'Coin was found at an old address')
  })
}
