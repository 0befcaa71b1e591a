import type { Balance, Sweep } from '@bitstream/sdk'
import { amountText } from '../../ui/amount.ts'
import type { Status } from '../../ui/Badge.tsx'

/** What each status of a sweep means for its reader. */
export const STATUSES: Readonly<Record<Sweep['status'], Status>> = {
  planned: ['plain', 'To be sent'],
  submitted: ['warn', 'On its way'],
  succeeded: ['good', 'Swept'],
  failed: ['bad', 'Failed'],
}

/** Why money was not moved. */
export const FAILURES: Readonly<Record<NonNullable<Sweep['failure']>, string>> = {
  gas_exceeds_value: 'The gas would have cost more than what is moved.',
  not_sent: 'Nobody sent it for a day: the money lies where it was. Sweep again.',
  reverted: 'The network turned the transaction down: the money lies where it was. Sweep again.',
  token_paused: 'The coin’s issuer has paused it: the money can move once it goes on.',
  transfer_refused: 'The coin or the receiver refused a transfer: that money lies where it was.',
}

/** What a sweep moves, by coin. */
export function sweepText({ deposits }: Sweep, balances: readonly Balance[]): string {
  const assets = new Map(balances.map(({ assetId, asset }) => [assetId, asset]))
  return [...Map.groupBy(deposits, ({ assetId }) => assetId)]
    .flatMap(([assetId, all]) => {
      const raw = all.reduce((sum, { amountRaw }) => sum + BigInt(amountRaw), 0n)
      const asset = assets.get(assetId)
      return asset === undefined ? [] : amountText(`${raw}`, asset.symbol, asset.decimals)
    })
    .join(', ')
}
