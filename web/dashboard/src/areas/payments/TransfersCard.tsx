import type { CheckoutSession, Transaction, UnmatchedPayment } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { amountText } from '../../ui/amount.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Card, Facts } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { Time } from '../../ui/Time.tsx'
import { RefundButton } from './RefundButton.tsx'

const CHANGES = ['checkout_session', 'unmatched_payment', 'payment_intent']
const REASONS: Readonly<Record<UnmatchedPayment['reason'], string>> = {
  duplicate: 'Paid a second time',
  late: 'Came late',
  wrong_token: 'Another coin',
  wrong_chain: 'Another network',
}
const RESOLUTIONS = { accepted: 'Accepted', refunded: 'Given back', swept: 'Kept' } as const

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
          <Transfer key={transfer.id} transfer={transfer}>
            <Confirmations session={session} transfer={transfer} />
          </Transfer>
        ))}
        {strays.map(stray => (
          <Transfer key={stray.id} transfer={stray.transfer}>
            <Badge tone={stray.status === 'open' ? 'warn' : 'plain'}>
              {REASONS[stray.reason]}
              {stray.resolution !== null && `: ${RESOLUTIONS[stray.resolution].toLowerCase()}`}
            </Badge>
            {stray.status === 'open' && mayWrite('checkout_sessions') && <Decisions stray={stray} />}
          </Transfer>
        ))}
      </div>
    </Card>
  )
}

function Transfer({ transfer, children }: { transfer: Transaction; children: React.ReactNode }) {
  const { amountRaw, asset, fromAddress, transactionHash, transactionUrl, createdAt } = transfer
  return (
    <div className="flex flex-col gap-2 border-line not-first:border-t not-first:pt-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-semibold tabular-nums">{amountText(amountRaw, asset.symbol, asset.decimals)}</span>
        <span className="text-muted">on {asset.chain.name}</span>
        {children}
      </div>
      <Facts
        rows={[
          ['Seen', <Time key="seen" at={createdAt} />],
          ['From', fromAddress && <CopyText key="from" text={fromAddress} label="sender" />],
          [
            'Transaction',
            transactionHash && (
              <span key="hash" className="flex flex-wrap items-center gap-2">
                <CopyText text={transactionHash} shown={shortened(transactionHash, 10)} label="transaction" />
                {transactionUrl !== null && (
                  <a
                    href={transactionUrl}
                    target="_blank"
                    rel="noreferrer"
                    className="inline-flex min-h-6 items-center gap-1 text-accent underline"
                  >
                    Explorer
                    <ExternalLink aria-hidden className="size-3.5" />
                  </a>
                )}
              </span>
            ),
          ],
        ]}
      />
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

function Decisions({ stray }: { stray: UnmatchedPayment }) {
  const { id, reason, transfer } = stray
  const text = amountText(transfer.amountRaw, transfer.asset.symbol, transfer.asset.decimals)
  const isAcceptable = reason === 'late' || reason === 'duplicate'
  const resolve = (resolution: 'accepted' | 'swept') => bitstream.unmatchedPayments.resolve(id, { resolution })
  return (
    <div className="flex flex-wrap gap-2">
      {isAcceptable && (
        <ActionButton
          text="Accept it"
          confirm={`${text} will count for this payment, as if it had come in time. Webhooks tell your server. This cannot be taken back.`}
          run={() => resolve('accepted')}
          done="The money counts for the payment."
          changes={CHANGES}
        />
      )}
      {mayWrite('refunds') && <RefundButton of={{ unmatchedPaymentId: id }} to={transfer.fromAddress} text={text} />}
      <ActionButton
        text="Keep it"
        confirm={`${text} will be swept to your wallet with the rest and counts for nothing. No money goes back by itself.`}
        run={() => resolve('swept')}
        done="The money is yours, and counts for nothing."
        changes={CHANGES}
      />
    </div>
  )
}
