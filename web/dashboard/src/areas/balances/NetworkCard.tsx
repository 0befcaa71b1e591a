import type { Balance, Chain, Sweep } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { mayWrite } from '../../data/may.ts'
import { networksQuery } from '../../data/networks.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { amountText } from '../../ui/amount.ts'
import { Card } from '../../ui/Card.tsx'
import { GasLine } from './GasLine.tsx'
import { LedgerProof } from './LedgerProof.tsx'
import { SweepDialog } from './SweepDialog.tsx'

type Props = {
  chainId: number
  /** Null while it is not known, and for a network that is served no more. */
  chain: Chain | null
  rows: readonly Balance[]
}

/** The money on one network by coin, with what can be done about it. */
export function NetworkCard({ chainId, chain, rows }: Props) {
  const confirmed = useConfirmed()
  const [made, setMade] = useState<Sweep | null>(null)
  const { data: networks } = useQuery(networksQuery)
  const hasGasAccount = networks?.find(each => each.chainId === chainId)?.hasGasAccount === true
  const name = chain?.name ?? `Network ${chainId}`
  const held = rows.filter(({ onDeposits }) => onDeposits !== '0')
  const waiting = held.map(row => text(row, row.onDeposits)).join(', ')
  const sweep = async () => {
    const planned = await confirmed(() => bitstream.sweeps.create({ chainId }))
    if (planned.call !== null) setMade(planned)
  }
  return (
    <Card
      title={name}
      actions={
        mayWrite('balances') &&
        held.length > 0 &&
        networks !== undefined && (
          <ActionButton
            text="Sweep now"
            look="primary"
            confirm={`What is final of ${waiting} goes to your withdrawal addresses on ${name}, as much as one transaction can carry. It can go nowhere else. ${hasGasAccount ? 'The server sends it now and pays the gas.' : 'Your own wallet sends it and pays the gas: nothing moves before you say so there.'}`}
            run={sweep}
            done="The sweep is made."
            changes={['sweep', 'balance']}
          />
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Coins rows={rows} name={name} />
        <div className="flex flex-col gap-2 border-t border-line pt-4">
          {chain !== null && <GasLine chain={chain} />}
          <LedgerProof chainId={chainId} />
        </div>
      </div>
      {made !== null && <SweepDialog sweep={made} chain={chain} balances={rows} onClose={() => setMade(null)} />}
    </Card>
  )
}

function text({ asset }: Balance, raw: string): string {
  return amountText(raw, asset.symbol, asset.decimals)
}

const COLUMNS = [
  ['On deposit addresses', 'onDeposits'],
  ['Of that not final yet', 'pending'],
  ['Swept to your wallets', 'swept'],
  ['Given back', 'refunded'],
] as const

/** A row for each coin; on a phone each is a block of its own, with the names of the columns beside the amounts. */
function Coins({ rows, name }: { rows: readonly Balance[]; name: string }) {
  return (
    <table className="w-full tabular-nums max-md:block md:table-fixed">
      <caption className="sr-only">Balances on {name}</caption>
      <thead className="max-md:sr-only">
        <tr className="text-xs text-muted">
          <th scope="col" className="w-20 pb-2 text-start font-medium">
            Coin
          </th>
          {COLUMNS.map(([title]) => (
            <th key={title} scope="col" className="pb-2 ps-4 text-end font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map(row => (
          <tr
            key={row.assetId}
            className="border-t border-line max-md:block max-md:py-3 max-md:first:border-t-0 max-md:first:pt-0"
          >
            <th scope="row" className="py-2 text-start font-semibold max-md:block max-md:py-0">
              {row.asset.symbol}
            </th>
            {COLUMNS.map(([title, field]) => (
              <td
                key={field}
                className="py-2 ps-4 text-end max-md:flex max-md:justify-between max-md:gap-3 max-md:py-0.5 max-md:ps-0"
              >
                <span aria-hidden className="text-start text-muted md:hidden">
                  {title}
                </span>
                <span className={field === 'onDeposits' ? 'font-semibold wrap-anywhere' : 'wrap-anywhere'}>
                  {text(row, row[field])}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
