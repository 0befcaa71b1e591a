import { readGasMoney } from '../actions/readGasMoney.ts'
import type { Context } from '../context.ts'
import type { SweepMemory } from './sweepChain.ts'

const ALARM_EVERY_MS = 60 * 60_000

/** Logs an error, at most once an hour, when the gas account of the chain runs low. */
export async function checkGasMoney(ctx: Context, chainId: number, memory: SweepMemory): Promise<void> {
  const now = ctx.clock.now().getTime()
  if (now - memory.alarmedAt < ALARM_EVERY_MS) return
  const money = await readGasMoney(ctx, chainId)
  if (money === null || !money.isLow) return
  memory.alarmedAt = now
  const { address, balanceRaw, daysLeft } = money
  ctx.log.error(
    { chainId, account: address, balanceRaw: `${balanceRaw}`, daysLeft: daysLeft === null ? null : `${daysLeft}` },
    'The gas account runs low: send it coin, or nothing is swept',
  )
}
