import { countSent } from '../actions/countSent.ts'
import type { Context } from '../context.ts'
import { daysOfGas, expectedGas } from '../domain/sweepPlan.ts'
import type { SweepMemory } from './sweepChain.ts'

const DAYS = 7
const DAYS_MIN = 3n
const ALARM_EVERY_MS = 60 * 60_000

/**
 * Logs an error, at most once an hour, when the gas account has less than three days' need at today's price of gas, by what it
 * sent in the last week; or nothing for a single sweep.
 */
export async function checkGasMoney(ctx: Context, chainId: number, memory: SweepMemory): Promise<void> {
  const gas = ctx.gas.get(chainId)
  const now = ctx.clock.now().getTime()
  if (gas === undefined || now - memory.alarmedAt < ALARM_EVERY_MS) return
  const { price } = await gas.market()
  const head = await gas.head()
  const balanceRaw = head === null ? null : await gas.balance(head.block)
  if (balanceRaw === null) return
  const sent = await countSent(ctx, chainId, DAYS)
  const daysLeft = daysOfGas(balanceRaw, price, sent, DAYS)
  if (balanceRaw >= expectedGas(1) * price && (daysLeft === null || daysLeft >= DAYS_MIN)) return
  memory.alarmedAt = now
  ctx.log.error(
    { chainId, account: gas.address, balanceRaw: `${balanceRaw}`, daysLeft: daysLeft === null ? null : `${daysLeft}` },
    'The gas account runs low: send it coin, or nothing is swept',
  )
}
