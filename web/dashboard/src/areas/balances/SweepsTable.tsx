import type { Balance, Chain, Sweep } from '@bitstream/sdk'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useList } from '../../data/useList.ts'
import { StatusBadge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { SweepDialog } from './SweepDialog.tsx'
import { STATUSES, sweepText } from './sweepText.ts'

type Props = { chains: readonly Chain[]; balances: readonly Balance[] }

/** All sweeps, newest first; one that is open stays as new as the list. */
export function SweepsTable({ chains, balances }: Props) {
  const list = useList<Sweep>(['sweep', 'list'], async page => await bitstream.sweeps.list(page))
  const [openId, setOpenId] = useState<string | null>(null)
  const shown = list.rows.find(({ id }) => id === openId)
  const chainOf = ({ chainId }: Sweep) => chains.find(({ id }) => id === chainId) ?? null
  if (list.error !== null) {
    return (
      <Notice tone="bad" title="The sweeps could not be read">
        <Button onClick={list.retry}>Try again</Button>
      </Notice>
    )
  }
  if (list.isEmpty) return null
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold">Sweeps</h2>
      <DataTable
        label="Sweeps"
        rows={list.rows}
        keyOf={({ id }) => id}
        isLoading={list.isLoading}
        onEnd={list.onEnd}
        onOpen={({ id }) => setOpenId(id)}
        columns={[
          { name: 'Amount', width: 'minmax(0,1.5fr)', cell: sweep => sweepText(sweep, balances) },
          {
            name: 'Status',
            width: '6rem',
            cell: ({ status }) => <StatusBadge status={STATUSES[status]} />,
          },
          {
            name: 'Network',
            width: 'minmax(0,1fr)',
            isMinor: true,
            cell: sweep => chainOf(sweep)?.name ?? sweep.chainId,
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
          { name: 'Made', width: '5.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
        ]}
      />
      {shown !== undefined && (
        <SweepDialog sweep={shown} chain={chainOf(shown)} balances={balances} onClose={() => setOpenId(null)} />
      )}
    </section>
  )
}
