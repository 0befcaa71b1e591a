import type { CheckoutSession, Refund, UnmatchedPayment } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { amountText } from '../../ui/amount.ts'
import { type Status, StatusBadge } from '../../ui/Badge.tsx'
import { Facts } from '../../ui/Card.tsx'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Time } from '../../ui/Time.tsx'
import { RefundsCard } from './RefundsCard.tsx'
import { refundsOf } from './refundsOf.ts'
import { TransactionLink } from './TransactionLink.tsx'
import { UnmatchedActions } from './UnmatchedActions.tsx'
import { decisionOf, UNMATCHED_REASONS } from './unmatchedTexts.ts'

type Props = { payment: UnmatchedPayment | null; onClose: () => void }

/** All that is known of an unmatched payment, and what can be decided about it. */
export function UnmatchedDialog({ payment, onClose }: Props) {
  const { amountRaw = '0', asset } = payment?.transfer ?? {}
  return (
    <Dialog
      isOpen={payment !== null}
      onClose={onClose}
      title={asset === undefined ? '' : amountText(amountRaw, asset.symbol, asset.decimals)}
      description={payment && UNMATCHED_REASONS[payment.reason][1]}
    >
      {payment !== null && <Details payment={payment} onDone={onClose} />}
    </Dialog>
  )
}

function Details({ payment, onDone }: { payment: UnmatchedPayment; onDone: () => void }) {
  const { checkoutSessionId, transfer, status } = payment
  const { data: session } = useQuery({
    queryKey: ['checkout_session', 'get', checkoutSessionId],
    queryFn: async () => await bitstream.checkout.sessions.get(checkoutSessionId),
  })
  const isBeingRefunded = useIsBeingRefunded(payment, session)
  const decision: Status = isBeingRefunded && status === 'open' ? ['warn', 'Being given back'] : decisionOf(payment)
  const { asset, fromAddress, transactionHash, transactionUrl, createdAt } = transfer
  return (
    <div className="flex flex-col gap-5">
      <Facts
        rows={[
          ['Decision', <StatusBadge key="decision" status={decision} />],
          ['Network', asset.chain.name],
          ['Came', <Time key="came" at={createdAt} />],
          [
            'From',
            fromAddress && (
              <CopyText
                key="from"
                text={fromAddress}
                shown={shortened(fromAddress, 8)}
                label="sender"
                className="min-h-6"
              />
            ),
          ],
          [
            'Transaction',
            transactionHash && <TransactionLink key="hash" hash={transactionHash} url={transactionUrl} />,
          ],
          ['Came to', <ItsPayment key="payment" id={checkoutSessionId} session={session} />],
        ]}
      />
      {session !== undefined && <RefundsCard session={session} />}
      {status === 'open' && mayWrite('checkout_sessions') && session !== undefined && !isBeingRefunded && (
        <UnmatchedActions payment={payment} session={session} onDone={onDone} />
      )}
      {status === 'open' && !mayWrite('checkout_sessions') && (
        <p className="text-muted">Your role sees this; owners, admins, developers and support decide.</p>
      )}
    </div>
  )
}

/** Whether a refund of it is prepared or under way: until that is canceled nothing else can be decided. */
function useIsBeingRefunded({ id }: UnmatchedPayment, session: CheckoutSession | undefined): boolean {
  const { data } = useQuery({ ...refundsOf(session?.paymentIntent.id ?? ''), enabled: session !== undefined })
  const isLive = ({ unmatchedPaymentId, status }: Refund) =>
    unmatchedPaymentId === id && (status === 'requires_signature' || status === 'submitted')
  return data?.data.some(isLive) ?? false
}

function ItsPayment({ id, session }: { id: string; session: CheckoutSession | undefined }) {
  if (session === undefined) return <Skeleton className="w-40" />
  const { amountTotal, currency, lineItems } = session
  return (
    <Link to="/payments/$id" params={{ id }} className="inline-block min-h-6 text-accent underline">
      the payment of {amountText(amountTotal, currency)} for{' '}
      {lineItems.data.map(({ price }) => price.product.name).join(', ')}
    </Link>
  )
}
