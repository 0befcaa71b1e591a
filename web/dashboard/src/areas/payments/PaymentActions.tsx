import type { CheckoutSession } from '@bitstream/sdk'
import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { amountText, typedAmount } from '../../ui/amount.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { toast } from '../../ui/Toasts.tsx'
import { RefundButton } from './RefundButton.tsx'

const CHANGES = ['checkout_session', 'payment_intent', 'unmatched_payment']

/** What can be done about a payment, each asked once with what exactly happens. */
export function PaymentActions({ session }: { session: CheckoutSession }) {
  const [isRecovering, setRecovering] = useState(false)
  const { id, status, paymentIntent, currency, amountTotal } = session
  const isWriter = mayWrite('checkout_sessions')
  const received = paymentIntent.amountReceived ?? '0'
  const copy = async () => {
    await navigator.clipboard.writeText(
      `curl ${location.origin}/api/v1/checkout/sessions/${id} -H "Authorization: Bearer $BITSTREAM_KEY"`,
    )
    toast('The request is copied.', 'Put your key into BITSTREAM_KEY.')
  }
  return (
    <>
      {isWriter && status === 'incomplete' && (
        <ActionButton
          text="Accept what came"
          look="primary"
          confirm={`The payment becomes complete with ${amountText(received, currency)} of ${amountText(amountTotal, currency)}. Webhooks tell your server that it is paid. This cannot be taken back.`}
          run={() => bitstream.checkout.sessions.completePartial(id)}
          done="The payment is complete."
          changes={CHANGES}
        />
      )}
      {mayWrite('refunds') && received !== '0' && (
        <RefundButton
          of={{ paymentIntentId: paymentIntent.id }}
          to={null}
          text={amountText(received, currency)}
          first={excessOf(session)}
        />
      )}
      {isWriter && status === 'open' && (
        <ActionButton
          text="Expire"
          isDangerous
          confirm="The payer can no longer pay. Money that is sent afterwards still arrives, counts as late, and waits for your decision."
          run={() => bitstream.checkout.sessions.expire(id)}
          done="The payment has ended. It closes with the next block of its networks."
          changes={CHANGES}
        />
      )}
      <Menu
        label="More"
        trigger="More"
        entries={[
          { text: 'Copy as curl', run: () => void copy() },
          ...(isWriter ? [{ text: 'Recover by transaction', run: () => setRecovering(true) }] : []),
        ]}
      />
      <Dialog
        isOpen={isRecovering}
        onClose={() => setRecovering(false)}
        title="Recover by transaction"
        description="Looks a transaction up on its network and counts what it pays to this address, should we have missed it. Nothing else changes."
      >
        {isRecovering && <RecoverForm session={session} onDone={() => setRecovering(false)} />}
      </Dialog>
    </>
  )
}

/** What came beyond what was asked for, as it is typed; nothing where the coin that goes back is counted otherwise than the price. */
function excessOf({ amountTotal, currency, exceptions, paymentIntent, addresses }: CheckoutSession): string {
  const isInCoin = addresses.every(({ asset }) => asset.currency === currency)
  if (!isInCoin || !exceptions.includes('overpaid')) return ''
  return typedAmount(`${BigInt(paymentIntent.amountReceived ?? '0') - BigInt(amountTotal)}`)
}

function RecoverForm({ session, onDone }: { session: CheckoutSession; onDone: () => void }) {
  const chains = new Map(session.addresses.map(({ asset }) => [asset.chainId, asset.chain.name]))
  const { form, isBusy, errorOf, error } = useForm(async ({ chainId = '', transactionHash = '' }) => {
    const asked = { chainId: Number(chainId), transactionHash: transactionHash.trim() }
    await bitstream.checkout.sessions.autoRecover(session.id, asked)
    await refresh(...CHANGES)
    toast('All that this transaction pays is recorded.')
    onDone()
  })
  return (
    <form {...form} className="flex flex-col gap-4">
      {error !== null && (
        <Notice tone="bad" title="This was not done">
          {error}
        </Notice>
      )}
      <SelectField
        label="Network"
        name="chainId"
        choices={[...chains].map(([chainId, name]) => [String(chainId), name] as const)}
        error={errorOf('chainId')}
      />
      <TextField
        label="Transaction"
        name="transactionHash"
        required
        spellCheck={false}
        error={errorOf('transactionHash')}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        Look it up
      </Button>
    </form>
  )
}
