import type { ChainTrouble } from './summary.ts'

const CHAIN: Readonly<Record<string, string>> = {
  wrong_chain: 'its nodes serve another network than the one that was set up',
  halted_deep_reorg: 'it gave blocks up that were final, and is not read until somebody decides',
  factory_missing: 'the contract that moves money on from deposit addresses is not there',
  probe_failed: 'the contract that moves money on from deposit addresses does not work',
  finality_unknown: 'its nodes do not tell which blocks are final',
  providers_missing: 'none of its nodes answers',
  halted: 'it makes no blocks',
  quorum_missing: 'too few of its nodes answer, or they do not agree',
  finality_stalled: 'its blocks do not become final',
}

const COIN: Readonly<Record<string, string>> = {
  asset_unreliable: 'less of it is there than its contract told',
  coin_missing: 'less of it is there than came',
  decimals_changed: 'its contract tells other decimals than were set up',
}

/** Why a network cannot be relied on and what that means for payments; null where something else is wrong. */
export function chainText({ name, health: { status, reason } }: ChainTrouble): string | null {
  if (reason === null) return null
  const why = CHAIN[reason] ?? reason.replaceAll('_', ' ')
  return status === 'off'
    ? `${name} is off: ${why}. Nobody can begin a payment there; those under way go on.`
    : `${name} is slow: ${why}. Payments there wait until it is well.`
}

/** Why a coin cannot be relied on and what that means for payments. */
export function coinText(name: string, { symbol, reason }: ChainTrouble['coins'][number]): string {
  const why = COIN[reason] ?? reason.replaceAll('_', ' ')
  return `${symbol} on ${name} is off: ${why}. Nobody can begin a payment in it, and what comes in it does not count.`
}
