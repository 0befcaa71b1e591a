import type { BlockHeader } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { invariant } from '../domain/errors.ts'
import type { Fees } from '../domain/gasFees.ts'
import type { Hex } from '../domain/hex.ts'
import { assertSweepMove } from '../domain/sweep.ts'
import { asWorker } from '../store/database.ts'
import {
  type GasTransaction,
  insertGasTransaction,
  lastOpenNonce,
  loadGasTransactions,
  lockNonces,
  setBroadcast,
} from '../store/gasTransactions.ts'
import { lockSweep, saveSweep } from '../store/sweeps.ts'
import type { SweepAtWork } from './readOpenSweeps.ts'

/** How a sweep is to be sent: `nonce` is how many transactions the account has in the chain up to `block`. */
export type Sending = { block: BlockHeader; nonce: bigint; gas: bigint; fees: Fees }

/**
 * Signs the transaction of a planned sweep with the account's next nonce and stores it, before anybody can see it. Returns it, or
 * null when the sweep is no longer planned.
 */
export async function submitSweep(ctx: Context, sweep: SweepAtWork, sending: Sending): Promise<GasTransaction | null> {
  const { chainId, id } = sweep
  const gas = ctx.gas.get(chainId)
  invariant(gas, 'the chain has a gas account')
  return await asWorker(ctx.db, async tx => {
    await lockNonces(tx, chainId, gas.address)
    if ((await lockSweep(tx, id)) !== 'planned') return null
    assertSweepMove('planned', 'submitted')
    const last = await lastOpenNonce(tx, chainId, gas.address)
    const nonce = last === null || last < sending.nonce ? sending.nonce : last + 1n
    const signed = await gas.sign(sweep.call, { nonce, gas: sending.gas, fees: sending.fees })
    const now = ctx.clock.now()
    const transaction: GasTransaction = {
      ...signed,
      sweepId: id,
      chainId,
      sender: gas.address,
      nonce,
      feeCapRaw: sending.fees.cap,
      headNumber: sending.block.number,
      createdAt: now,
      broadcastAt: null,
    }
    await saveSweep(tx, { ...sweep, status: 'submitted', txHash: signed.hash, updatedAt: now }, 'planned')
    await insertGasTransaction(tx, transaction)
    return transaction
  })
}

/**
 * Signs the newest transaction of a submitted sweep once more, with the same nonce, for the fees that `choose` makes of its own, and
 * stores it. Returns it, or null where `choose` has none or the sweep has moved on.
 */
export async function replaceTransaction(
  ctx: Context,
  sweep: SweepAtWork,
  block: BlockHeader,
  choose: (old: Fees, gas: bigint) => Fees | null,
): Promise<GasTransaction | null> {
  const gas = ctx.gas.get(sweep.chainId)
  invariant(gas, 'the chain has a gas account')
  return await asWorker(ctx.db, async tx => {
    if ((await lockSweep(tx, sweep.id)) !== 'submitted') return null
    const newest = (await loadGasTransactions(tx, [sweep.id])).get(sweep.id)?.[0]
    const signed = newest === undefined ? null : await gas.replace(newest.raw, choose)
    if (newest === undefined || signed === null) return null
    const { hash, raw, fees } = signed
    const now = ctx.clock.now()
    const transaction: GasTransaction = {
      ...newest,
      hash,
      raw,
      feeCapRaw: fees.cap,
      headNumber: block.number,
      createdAt: now,
      broadcastAt: null,
    }
    await saveSweep(tx, { ...sweep, txHash: hash, updatedAt: now }, 'submitted')
    await insertGasTransaction(tx, transaction)
    return transaction
  })
}

/** Notes that a provider has taken the transaction. */
export async function recordBroadcast(ctx: Context, hash: Hex): Promise<void> {
  await asWorker(ctx.db, tx => setBroadcast(tx, hash, ctx.clock.now()))
}
