import type { Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import { strictest } from '../domain/finality.ts'
import { moveRefund, placesOfPayments, type Refund } from '../domain/refund.ts'
import { loadSessions, lockSessions } from '../store/checkoutSessions.ts'
import { asWorker, type Tx } from '../store/database.ts'
import { appendEvents } from '../store/events.ts'
import { findLostRefunds, findRefund, findRefundsPaidBy, findSubmittedRefunds, saveRefund } from '../store/refunds.ts'
import { bookRefund } from './bookEntries.ts'
import { lockRefund } from './cancelRefund.ts'
import { chainOf } from './chainOf.ts'
import { type FoundTransaction, lookUpTransaction, nodeOf, reliesOn } from './lookUpTransaction.ts'
import { refundEvent } from './refundEvent.ts'
import { settleSessions } from './settleSessions.ts'

const BATCH = 100

/**
 * Looks for the transactions of all submitted refunds on the chains that are served, and takes back the success of those that a
 * reorg took away. What cannot be looked up now is logged and tried with the next call. Ends early when `signal` aborts.
 */
export async function followRefunds(ctx: Context, signal: AbortSignal): Promise<void> {
  await takeBackLost(ctx)
  const chainIds = [...ctx.nodes.keys()]
  let after: string | null = null
  do {
    const last = after
    const found: Refund[] = await asWorker(ctx.db, tx => findSubmittedRefunds(tx, chainIds, last, BATCH, ctx.known))
    for (const refund of found) {
      if (signal.aborted) return
      try {
        await followRefund(ctx, refund)
      } catch (error) {
        ctx.log.warn({ err: error, refundId: refund.id }, 'The transaction of a refund could not be looked up')
      }
    }
    after = found.length < BATCH ? null : (found.at(-1)?.id ?? null)
  } while (after !== null)
}

async function followRefund(ctx: Context, { id, txHash, asset, to }: Refund): Promise<void> {
  if (txHash === null) return
  const found = await lookUpTransaction(ctx, asset.chainId, txHash, to)
  if (found === null) return
  const policy = strictest(chainOf(ctx, asset.chainId).finality)
  const isFinal = (tx: Tx) => reliesOn(tx, asset.chainId, found, policy)
  if (!(await asWorker(ctx.db, isFinal))) return
  // What a block's hash does not tell anybody can claim: whether it was reverted, and the balances below.
  const vouched = await nodeOf(ctx, asset.chainId).vouchedSent(txHash)
  if (vouched?.blockHash !== found.header.hash || vouched.succeeded !== found.succeeded) return
  const isDirect = found.payments.some(paid => paid.asset === NATIVE && paid.to === to)
  const isInner = asset.address === NATIVE && found.succeeded && !isDirect
  const inner = isInner ? await innerCoin(ctx, found, asset.chainId, to) : []
  // Whether a contract paid the coin on the way nobody can say any more, so that nobody says it failed.
  if (inner === null) return
  await asWorker(ctx.db, async tx => {
    if (!(await isFinal(tx))) return
    const refund = await lockRefund(tx, ctx, id)
    if (refund?.status !== 'submitted' || refund.txHash !== txHash) return
    await conclude(tx, ctx, refund, found, [...found.payments, ...inner])
  })
}

/** The refund succeeds where one of the payments is its own and no other refund's, and fails otherwise. */
async function conclude(
  tx: Tx,
  ctx: Context,
  refund: Refund,
  { txHash, header, succeeded }: FoundTransaction,
  payments: readonly Transfer[],
): Promise<void> {
  const now = ctx.clock.now()
  const refunds = await findRefundsPaidBy(tx, refund.organizationId, refund.asset.chainId, txHash, ctx.known)
  const waiting = refunds.filter(({ status }) => status === 'submitted')
  const used = new Set(
    refunds.flatMap(({ status, payment }) => (status === 'succeeded' && payment ? payment.place : [])),
  )
  const place = placesOfPayments(waiting, payments, used).get(refund.id)
  const after =
    place === undefined
      ? moveRefund(refund, { status: 'failed', failure: succeeded ? 'pays_something_else' : 'reverted' }, now)
      : moveRefund(
          refund,
          { status: 'succeeded', payment: { place, blockHash: header.hash, blockNumber: header.number } },
          now,
        )
  await saveRefund(tx, 'submitted', after)
  if (after.status === 'succeeded') await book(tx, ctx, after, true, now)
  // That it succeeded by this transaction was told, and is true again, if a reorg only moved it.
  const isTold = after.status === 'succeeded' && refund.payment !== null
  const type = after.status === 'succeeded' ? 'refund.succeeded' : 'refund.failed'
  if (!isTold) await appendEvents(tx, [refundEvent(type, after, ctx)])
  await settleSessions(tx, ctx, [refund.sessionId], now)
}

/** What a block brought `to` in coin, by its balances: a wallet that is a contract sends it on the way. Null where they are gone. */
async function innerCoin(
  ctx: Context,
  { header, txHash }: FoundTransaction,
  chainId: number,
  to: Transfer['to'],
): Promise<Transfer[] | null> {
  const node = nodeOf(ctx, chainId)
  const wanted = [{ asset: NATIVE, address: to }]
  const [after] = (await node.vouchedBalances(wanted, header)) ?? []
  const [before] = (await node.vouchedBalances(wanted, await node.header(header.parentHash))) ?? []
  if (typeof after !== 'bigint' || typeof before !== 'bigint') return null
  const fact = { chainId, asset: NATIVE, to, from: null, txHash, place: `native:${to}` }
  return [{ ...fact, amountRaw: after - before, blockHash: header.hash, blockNumber: header.number }]
}

/**
 * Refunds whose block a reorg took away wait again for their transaction, or another. Nothing is told of it: what comes of them next
 * is, unless that is what was told.
 */
async function takeBackLost(ctx: Context): Promise<void> {
  await asWorker(ctx.db, async tx => {
    const lost = await findLostRefunds(tx, BATCH, ctx.known)
    if (lost.length === 0) return
    await lockSessions(
      tx,
      lost.map(({ sessionId }) => sessionId),
    )
    const now = ctx.clock.now()
    for (const { id, payment } of lost) {
      const refund = await findRefund(tx, id, ctx.known)
      if (refund?.payment?.blockHash !== payment?.blockHash || refund?.status !== 'succeeded') continue
      await saveRefund(tx, 'succeeded', moveRefund(refund, { status: 'submitted', payment: refund.payment }, now))
      ctx.log.warn(
        { refundId: id, txHash: refund.txHash },
        'A reorg took back the payment of a refund that had succeeded',
      )
      await book(tx, ctx, refund, false, now)
    }
    const sessions = lost.map(({ sessionId }) => sessionId)
    await settleSessions(tx, ctx, sessions, now)
  })
}

async function book(tx: Tx, ctx: Context, refund: Refund, isLive: boolean, now: Date): Promise<void> {
  const { id, organizationId, sessionId, transferId, asset, amountRaw } = refund
  const [session] = await loadSessions(tx, [sessionId], ctx.known)
  if (session === undefined) throw new Error('the session of a refund is stored')
  const { address } = session.deposit
  const subject = { id, organizationId, sessionId, chainId: asset.chainId, assetId: asset.id, address, amountRaw }
  await bookRefund(tx, ctx, { ...subject, of: transferId === null ? 'posted' : 'unmatched' }, isLive, now)
}
