import type { Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import { AppError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { lockSessions } from '../store/checkoutSessions.ts'
import { raiseFence } from '../store/cursors.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { findDepositOwners } from '../store/depositAddresses.ts'
import { insertTransfers, type NewTransfer } from '../store/transfers.ts'
import { chainOf } from './chainOf.ts'
import { type CoinCount, countCoin, missingCoin } from './countCoin.ts'
import { type FoundTransaction, lookUpTransaction, nodeOf, reliesOn } from './lookUpTransaction.ts'
import { matchTransfers } from './matchTransfers.ts'
import { settleSessions } from './settleSessions.ts'

/** Whose money is looked for: an organization's, or only what came to one deposit address of it. */
export type RecoveryScope = { organizationId: string; deposit: Hex | null }

/**
 * Looks a transaction up and records what it paid to the deposit addresses in `scope` and the watcher has not, as the watcher does:
 * any number of calls, and whatever the watcher does meanwhile, record it once. Returns the sessions that it pays, in the order of its
 * logs, those paid in coin last. Throws `network_unsupported`, `transaction_not_found`, `transaction_failed`, `transaction_not_read`,
 * `transaction_pays_nothing` and `UpstreamError`.
 */
export async function recoverTransaction(
  ctx: Context,
  scope: RecoveryScope,
  chainId: number,
  txHash: Hex,
): Promise<[string, ...string[]]> {
  const refuse = (code: 'transaction_not_found' | 'transaction_failed' | 'transaction_pays_nothing', message: string) =>
    new AppError(code, message, { param: 'transactionHash' })
  if (!ctx.nodes.has(chainId)) {
    throw new AppError('network_unsupported', `Chain ${chainId} is not served here.`, { param: 'chainId' })
  }
  const found = await lookUpTransaction(ctx, chainId, txHash, scope.deposit)
  if (found === null) {
    throw refuse('transaction_not_found', `The nodes of chain ${chainId} know no mined transaction of this hash.`)
  }
  if (!found.succeeded) throw refuse('transaction_failed', 'This transaction was reverted: it moved nothing.')
  const payments = await paymentsInScope(ctx, scope, chainId, found)
  const coinAddresses = payments.filter(({ asset }) => asset === NATIVE).map(({ to }) => to)
  const count = coinAddresses.length === 0 ? null : await countCoin(ctx, chainId, coinAddresses)
  const paid = await asWorker(ctx.db, tx => record(tx, ctx, chainId, found, payments, count))
  const [first, ...others] = paid
  if (first !== undefined) return [first, ...others]
  const whom = scope.deposit === null ? 'no deposit address of yours' : 'nothing to the address of this session'
  throw refuse('transaction_pays_nothing', `This transaction pays ${whom}.`)
}

/** What the transaction paid to the addresses in scope; coin that a contract sent on the way is found for a named address only. */
async function paymentsInScope(
  ctx: Context,
  { organizationId, deposit }: RecoveryScope,
  chainId: number,
  found: FoundTransaction,
): Promise<Transfer[]> {
  const owners = await asWorker(ctx.db, tx =>
    findDepositOwners(
      tx,
      found.payments.map(({ to }) => to),
    ),
  )
  const own = found.payments.filter(({ to }) => owners.get(to)?.organizationId === organizationId)
  if (deposit === null) return own
  const direct = own.filter(({ to }) => to === deposit)
  return direct.length > 0 ? direct : await innerPayment(ctx, chainId, found, deposit)
}

/** The coin that the block brought to `to`, by its balances; nothing where their state is gone. */
async function innerPayment(ctx: Context, chainId: number, { header }: FoundTransaction, to: Hex): Promise<Transfer[]> {
  if (!chainOf(ctx, chainId).assets.some(({ address }) => address === NATIVE)) return []
  const node = nodeOf(ctx, chainId)
  const wanted = [{ asset: NATIVE, address: to }]
  const [after] = (await node.balances(wanted, header)) ?? []
  const [before] = (await node.balances(wanted, await node.header(header.parentHash))) ?? []
  if (typeof after !== 'bigint' || typeof before !== 'bigint' || after <= before) return []
  // Which of the block's transactions brought it is not known, so that none is named.
  const fact = { chainId, asset: NATIVE, to, from: null, txHash: null, place: `native:${to}` }
  return [{ ...fact, amountRaw: after - before, blockHash: header.hash, blockNumber: header.number }]
}

/** Stores what is missing, and returns the sessions that the transaction pays. */
async function record(
  tx: Tx,
  ctx: Context,
  chainId: number,
  found: FoundTransaction,
  payments: readonly Transfer[],
  count: CoinCount | null,
): Promise<string[]> {
  const { finality } = chainOf(ctx, chainId)
  const witness = finality.some(band => band.witness === 'all') ? 'all' : 'quorum'
  if (!(await reliesOn(tx, chainId, found, { wait: 1, witness }))) throw notRead()
  const now = ctx.clock.now()
  const { arrivals } = await matchTransfers(tx, ctx, [{ header: found.header, transfers: payments }], now)
  const added: NewTransfer[] = []
  for (const arrival of arrivals) {
    const missing = await missingOf(tx, arrival, count)
    if (missing !== null) added.push(missing)
  }
  const sessionIds = [...new Set(arrivals.map(({ sessionId }) => sessionId))]
  if (added.length === 0) return sessionIds
  // Whoever reads the chain may have counted this coin as yet to come: it must count anew.
  if (added.some(({ place }) => place.startsWith('native:'))) await raiseFence(tx, chainId)
  await lockSessions(tx, sessionIds)
  await insertTransfers(tx, added, now)
  await settleSessions(tx, ctx, sessionIds, now, 'progress', new Set(added.map(({ id }) => id)))
  return sessionIds
}

/** The arrival as far as no fact tells of it; null where all of it is told. Tokens are known by their logs, and stored once by them. */
async function missingOf(tx: Tx, arrival: NewTransfer, count: CoinCount | null): Promise<NewTransfer | null> {
  if (!arrival.place.startsWith('native:')) return arrival
  const missing = count === null ? null : await missingCoin(tx, count, arrival.address)
  if (missing === null) throw notRead()
  if (missing <= 0n) return null
  return missing < arrival.amountRaw ? { ...arrival, amountRaw: missing } : arrival
}

function notRead(): AppError {
  return new AppError(
    'transaction_not_read',
    'The block of this transaction was not read and agreed on yet: send the same request again in a minute.',
    { retryAfterS: 60 },
  )
}
