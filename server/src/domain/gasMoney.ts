import type { Hex } from './hex.ts'
import { expectedGas } from './sweepPlan.ts'

/** What the account that pays the gas of sweeps has on a chain, in base units; `daysLeft` is null where it has sent nothing lately. */
export type GasMoney = {
  chainId: number
  address: Hex
  balanceRaw: bigint
  daysLeft: bigint | null
  isLow: boolean
}

const DAYS_MIN = 3n

/** Whether the money is too little for a single sweep at this price of gas, or for three days of them. */
export function isGasLow(balanceRaw: bigint, price: bigint, daysLeft: bigint | null): boolean {
  return balanceRaw < expectedGas(1) * price || (daysLeft !== null && daysLeft < DAYS_MIN)
}
