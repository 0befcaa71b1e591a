import type { CheckoutSession, UnmatchedPayment } from '@bitstream/sdk'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { amountText } from '../../ui/amount.ts'
import { RefundButton } from './RefundButton.tsx'

const CHANGES = ['checkout_session', 'unmatched_payment', 'payment_intent', 'balance']

/** How it would count, where it can. */
const HOW: Readonly<Record<UnmatchedPayment['reason'], string | null>> = {
  late: 'as if it had come in time',
  duplicate: 'which then has more than was asked for',
  wrong_token: null,
  wrong_chain: null,
}

type Props = { payment: UnmatchedPayment; session: CheckoutSession; onDone: () => void }

/** Accept, give back or keep: each says what exactly will happen, and is asked once. */
export function UnmatchedActions({ payment: { id, reason, transfer }, session, onDone }: Props) {
  const { amountRaw, asset, fromAddress } = transfer
  const text = amountText(amountRaw, asset.symbol, asset.decimals)
  const its = `the payment of ${amountText(session.amountTotal, session.currency)}`
  const resolve = (resolution: 'accepted' | 'refunded' | 'swept') => async () => {
    await bitstream.unmatchedPayments.resolve(id, { resolution })
    onDone()
  }
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      {HOW[reason] !== null && (
        <ActionButton
          text="Accept"
          look="primary"
          confirm={`${text} counts for ${its}, ${HOW[reason]}. Webhooks tell your server what that changes. This cannot be taken back.`}
          run={resolve('accepted')}
          done={`${text} counts for its payment.`}
          changes={CHANGES}
        />
      )}
      {mayWrite('refunds') && <RefundButton of={{ unmatchedPaymentId: id }} to={fromAddress} text={text} />}
      <ActionButton
        text="Keep"
        confirm={`${text} goes to your withdrawal address with the next sweep, and counts for no payment. Nothing goes back to the payer by itself. This cannot be taken back.`}
        run={resolve('swept')}
        done={`${text} is yours, and counts for no payment.`}
        changes={CHANGES}
      />
      <ActionButton
        text="I gave it back"
        look="quiet"
        confirm={`No money moves: this notes that you gave ${text} back yourself, from a wallet of your own. The money that came stays yours, and counts for no payment. This cannot be taken back.`}
        run={resolve('refunded')}
        done={`${text} is noted as given back.`}
        changes={CHANGES}
      />
    </div>
  )
}
