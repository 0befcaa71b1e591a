import type { Context } from '../context.ts'
import { type GasMoney, isGasLow } from '../domain/gasMoney.ts'
import { daysOfGas } from '../domain/sweepPlan.ts'
import { countSent } from './countSent.ts'

/** As many days of sweeps tell what the account needs. */
const DAYS = 7

/**
 * What the gas account has on the chain, and whether that is too little by what it sent in the last week; null where there is none,
 * or the nodes do not tell. Talks to the network.
 */
export async function readGasMoney(ctx: Context, chainId: number): Promise<GasMoney | null> {
  const gas = ctx.gas.get(chainId)
  const head = (await gas?.head()) ?? null
  if (gas === undefined || head === null) return null
  const [{ price }, balanceRaw, sent] = await Promise.all([
    gas.market(),
    gas.balance(head.block),
    countSent(ctx, chainId, DAYS),
  ])
  if (balanceRaw === null) return null
  const daysLeft = daysOfGas(balanceRaw, price, sent, DAYS)
  return { chainId, address: gas.address, balanceRaw, daysLeft, isLow: isGasLow(balanceRaw, price, daysLeft) }
}
