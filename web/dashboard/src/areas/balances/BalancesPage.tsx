import type { Balance } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Wallet } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { chainsQuery } from '../../data/chains.ts'
import { paymentSettingQuery } from '../../data/organization.ts'
import { Failure } from '../../layout/States.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { NetworkCard } from './NetworkCard.tsx'
import { SweepsTable } from './SweepsTable.tsx'

/** Where the money is: on deposit addresses, on its way, in the merchant's wallets. */
export function BalancesPage() {
  const balances = useQuery({
    queryKey: ['balance', 'list'],
    queryFn: async () => (await bitstream.balances.list({ limit: 100 })).data,
  })
  const chains = useQuery(chainsQuery)
  const byChain = Map.groupBy<number, Balance>(balances.data ?? [], ({ chainId }) => chainId)
  if (balances.error !== null) return <Failure error={balances.error} reset={() => void balances.refetch()} />
  return (
    <>
      <PageHeader
        title="Balances"
        description={
          <>
            What was paid, by the ledger. Money on deposit addresses can go to your withdrawal addresses only; sweeping
            moves it there. <Policy />
          </>
        }
      />
      <div className="flex flex-col gap-6">
        {balances.isPending && <Skeleton className="h-40" />}
        {balances.data?.length === 0 && (
          <EmptyState Icon={Wallet} title="No money yet">
            Once a payer has paid, what came is shown here by network and coin.
          </EmptyState>
        )}
        {[...byChain].map(([chainId, rows]) => (
          <NetworkCard
            key={chainId}
            chainId={chainId}
            chain={chains.data?.find(({ id }) => id === chainId) ?? null}
            rows={rows}
          />
        ))}
        <SweepsTable chains={chains.data ?? []} balances={balances.data ?? []} />
      </div>
    </>
  )
}

/** When the server sweeps by itself, as the settings say. */
function Policy() {
  const { data } = useQuery(paymentSettingQuery)
  if (data === undefined) return null
  const texts = {
    manual: 'It is swept when you say so.',
    now: 'It is swept as soon as it is final.',
    worth: `It is swept once it is worth ${data.sweepWorth ?? 20} times the gas.`,
    daily: 'It is swept once a day.',
  }
  return (
    <>
      {texts[data.sweepPolicy ?? 'manual']}{' '}
      <Link to="/settings/payments" className="text-accent underline">
        Change
      </Link>
    </>
  )
}
