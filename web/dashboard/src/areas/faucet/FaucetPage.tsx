import { PageHeader } from '../../ui/PageHeader.tsx'
import { GiveCoins } from './GiveCoins.tsx'
import { PlayOutcome } from './PlayOutcome.tsx'

/** Test coins, and payments as they can turn out, where no real money moves. */
export function FaucetPage() {
  return (
    <>
      <PageHeader
        title="Faucet"
        description="Coins that are worth nothing, on networks that exist on this machine alone: pay with them as your payers will."
      />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <GiveCoins />
        <PlayOutcome />
      </div>
    </>
  )
}
