import type { CheckoutSession, Transaction, UnmatchedPayment } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { amountText } from '../../ui/amount.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Card, Facts } from '../../ui/Card.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { TransactionLink } from './TransactionLink.tsx'
import { UnmatchedActions } from './UnmatchedActions.tsx'
import { decisionOf, UNMATCHED_REASONS } from './unmatchedTexts.ts'

/** The money that came, with where it can be looked up, and what to decide about what does not count. */
export function TransfersCard({ session }: { session: CheckoutSession }) {
  const { id } = session
  const { data: unmatched } = useQuery({
    queryKey: ['unmatched_payment', 'of', id],
    queryFn: async () => await bitstream.unmatchedPayments.list({ checkoutSessionId: id }),
  })
  const transfers = session.paymentIntent.transactions.filter(({ type }) => type === 'incoming')
  const strays = unmatched?.data ?? []
  const strayIds = new Set(strays.map(stray => stray.transfer.id))
  const counted = transfers.filter(transfer => !strayIds.has(transfer.id))
  return (
    <Card title="Money that came">
      {counted.length + strays.length === 0 && <p className="text-muted">Nothing has come so far.</p>}
      <div className="flex flex-col gap-5">
        {counted.map(transfer => (
          <Transfer
            key={transfer.id}
            transfer={transfer}
            badge={<Confirmations session={session} transfer={transfer} />}
          />
        ))}
        {strays.map(stray => (
          <Transfer key={stray.id} transfer={stray.transfer} badge={<Decision stray={stray} />}>
            {stray.status === 'open' && mayWrite('checkout_sessions') && (
              <UnmatchedActions payment={stray} session={session} onDone={() => undefined} />
            )}
          </Transfer>
        ))}
      </div>
    </Card>
  )
}

function Decision({ stray }: { stray: UnmatchedPayment }) {
  const [short] = UNMATCHED_REASONS[stray.reason]
  const [tone, text] = decisionOf(stray)
  return <Badge tone={tone}>{`${short}: ${text.toLowerCase()}`}</Badge>
}

function Transfer(props: { transfer: Transaction; badge: ReactNode; children?: ReactNode }) {
  const { transfer, badge, children } = props
  const { amountRaw, asset, fromAddress, transactionHash, transactionUrl, createdAt } = transfer
  return (
    <div className="flex flex-col gap-3 border-line not-first:border-t not-first:pt-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-semibold tabular-nums">{amountText(amountRaw, asset.symbol, asset.decimals)}</span>
        <span className="text-muted">on {asset.chain.name}</span>
        {badge}
      </div>
      <Facts
        rows={[
          ['Seen', <Time key="seen" at={createdAt} />],
          ['From', fromAddress && <CopyText key="from" text={fromAddress} label="sender" />],
          [
            'Transaction',
            transactionHash && <TransactionLink key="hash" hash={transactionHash} url={transactionUrl} />,
          ],
        ]}
      />
      {children}
    </div>
  )
}

function Confirmations({ session, transfer }: { session: CheckoutSession; transfer: Transaction }) {
  const address = session.addresses.find(({ asset }) => asset.id === transfer.assetId)
  if (session.status === 'complete') return <Badge tone="good">Counted</Badge>
  if (address === undefined) return null
  const { best, required } = address.confirmations
  return best >= required ? (
    <Badge tone="good">Final</Badge>
  ) : (
    <Badge tone="warn">{`${best} of ${required} confirmations`}</Badge>
  )
}
