import type { Balance, Sweep } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Wallet } from 'lucide-react'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { mayWrite } from '../../data/may.ts'
import { useList } from '../../data/useList.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { Failure } from '../../layout/States.tsx'
import { amountText } from '../../ui/amount.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'
import { Card } from '../../ui/Card.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Time } from '../../ui/Time.tsx'

const AGAIN_AFTER_MS = 10_000
const STATUSES: Readonly<Record<Sweep['status'], readonly [Tone, string]>> = {
  planned: ['plain', 'To be sent'],
  submitted: ['warn', 'On its way'],
  succeeded: ['good', 'Swept'],
  failed: ['bad', 'Failed'],
}

/** Where the money is: on deposit addresses, on its way, in the merchant's wallets. */
export function BalancesPage() {
  const balances = useQuery({
    queryKey: ['balance', 'list'],
    queryFn: async () => await bitstream.balances.list(),
    refetchInterval: AGAIN_AFTER_MS,
  })
  const chains = useQuery({ queryKey: ['chain', 'list'], queryFn: async () => (await bitstream.chains.list()).data })
  const names = new Map(chains.data?.map(({ id, name }) => [id, name]))
  const byChain = Map.groupBy(balances.data?.data ?? [], ({ chainId }) => chainId)
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
        {balances.isPending && <Skeleton className="h-24" />}
        {balances.data?.data.length === 0 && (
          <EmptyState Icon={Wallet} title="No money yet">
            Once a payer has paid, what came is shown here by network and coin.
          </EmptyState>
        )}
        {[...byChain].map(([chainId, rows]) => (
          <ChainCard key={chainId} chainId={chainId} name={names.get(chainId) ?? `Network ${chainId}`} rows={rows} />
        ))}
        <Sweeps names={names} rows={balances.data?.data ?? []} />
      </div>
    </>
  )
}

/** When the server sweeps by itself, as the settings say. */
function Policy() {
  const { data } = useQuery({
    queryKey: ['organization', 'payment_setting'],
    queryFn: async () => await bitstream.organization.paymentSetting.get(),
  })
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
      <Link to={'/settings/payments' as '/'} className="text-accent underline">
        Change
      </Link>
    </>
  )
}

function ChainCard({ chainId, name, rows }: { chainId: number; name: string; rows: readonly Balance[] }) {
  const confirmed = useConfirmed()
  const [call, setCall] = useState<Sweep['call']>(null)
  const isThere = rows.some(({ onDeposits }) => onDeposits !== '0')
  const waiting = rows
    .filter(({ onDeposits }) => onDeposits !== '0')
    .map(({ onDeposits, asset }) => amountText(onDeposits, asset.symbol, asset.decimals))
    .join(', ')
  const sweep = async () => {
    const made = await confirmed(() => bitstream.sweeps.create({ chainId }))
    if (made.call !== null) setCall(made.call)
  }
  return (
    <Card
      title={name}
      actions={
        mayWrite('balances') &&
        isThere && (
          <ActionButton
            text="Sweep now"
            confirm={`What is final of ${waiting} goes to your withdrawal addresses on ${name}, as much as one transaction can carry. It can go nowhere else. The server pays the gas where it has a gas account; otherwise you get the call for your own wallet.`}
            run={sweep}
            done="The sweep is made."
            changes={['sweep', 'balance']}
          />
        )
      }
    >
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {rows.map(row => (
          <Coin key={row.assetId} row={row} />
        ))}
      </div>
      <Dialog
        isOpen={call !== null}
        onClose={() => setCall(null)}
        title="Send this with your wallet"
        description="Anybody may send it: the money can go to your withdrawal addresses only. Whoever sends it pays the gas."
      >
        {call !== null && <Code label="Call" text={JSON.stringify(call, null, 2)} />}
      </Dialog>
    </Card>
  )
}

function Coin({ row: { asset, onDeposits, pending, swept, refunded } }: { row: Balance }) {
  const text = (raw: string) => amountText(raw, asset.symbol, asset.decimals)
  const lines = [
    ['Of that not final yet', pending],
    ['Swept', swept],
    ['Given back', refunded],
  ] as const
  return (
    <dl className="flex flex-col gap-1 tabular-nums">
      <div>
        <dt className="text-muted">On deposit addresses</dt>
        <dd className="text-lg font-semibold wrap-anywhere">{text(onDeposits)}</dd>
      </div>
      {lines.map(([name, raw]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-3">
          <dt className="text-muted">{name}</dt>
          <dd className="wrap-anywhere">{text(raw)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Sweeps({ names, rows }: { names: ReadonlyMap<number, string>; rows: readonly Balance[] }) {
  const list = useList<Sweep>(['sweep', 'list'], async page => await bitstream.sweeps.list(page))
  const [shown, setShown] = useState<Sweep | null>(null)
  const assets = new Map(rows.map(({ assetId, asset }) => [assetId, asset]))
  const sums = ({ deposits }: Sweep) =>
    [...Map.groupBy(deposits, ({ assetId }) => assetId)]
      .map(([assetId, all]) => {
        const raw = all.reduce((sum, { amountRaw }) => sum + BigInt(amountRaw), 0n)
        const asset = assets.get(assetId)
        return asset === undefined ? '' : amountText(`${raw}`, asset.symbol, asset.decimals)
      })
      .join(', ')
  if (!list.isLoading && list.rows.length === 0) return null
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold">Sweeps</h2>
      <DataTable
        label="Sweeps"
        rows={list.rows}
        keyOf={({ id }) => id}
        isLoading={list.isLoading}
        onEnd={list.onEnd}
        onOpen={setShown}
        columns={[
          { name: 'Amount', width: 'minmax(0,1.5fr)', cell: sums },
          {
            name: 'Status',
            width: '6.5rem',
            cell: ({ status }) => <Badge tone={STATUSES[status][0]}>{STATUSES[status][1]}</Badge>,
          },
          {
            name: 'Network',
            width: 'minmax(0,1fr)',
            isMinor: true,
            cell: ({ chainId }) => names.get(chainId) ?? chainId,
          },
          {
            name: 'Transaction',
            width: '10rem',
            isMinor: true,
            cell: ({ transactionHash }) =>
              transactionHash && (
                <CopyText text={transactionHash} shown={shortened(transactionHash)} label="transaction" />
              ),
          },
          { name: 'Made', width: '7.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
        ]}
      />
      <Dialog isOpen={shown !== null} onClose={() => setShown(null)} title="Sweep">
        {shown !== null && (
          <Code
            label={shown.call === null ? 'Sweep' : 'The call that your wallet sends'}
            text={JSON.stringify(shown.call ?? shown, null, 2)}
          />
        )}
      </Dialog>
    </section>
  )
}
