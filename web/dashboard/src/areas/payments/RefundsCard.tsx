import type { CheckoutSession, Refund } from '@bitstream/sdk'
import { useQuery } from '@tanstack/react-query'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { ActionButton } from '../../layout/ActionButton.tsx'
import { SendButtons } from '../../layout/SendButtons.tsx'
import { amountText } from '../../ui/amount.ts'
import { type Status, StatusBadge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Facts } from '../../ui/Card.tsx'
import { Code } from '../../ui/Code.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Time } from '../../ui/Time.tsx'
import { refundsOf } from './refundsOf.ts'
import { TransactionLink } from './TransactionLink.tsx'

const STATUSES: Readonly<Record<Refund['status'], Status>> = {
  requires_signature: ['warn', 'To be sent by your wallet'],
  submitted: ['warn', 'On its way'],
  succeeded: ['good', 'Given back'],
  failed: ['bad', 'Failed'],
  canceled: ['plain', 'Canceled'],
}

/** Money that goes back to the payer; nothing where there is none. */
export function RefundsCard({ session }: { session: CheckoutSession }) {
  const { data } = useQuery(refundsOf(session.paymentIntent.id))
  if (data === undefined || data.data.length === 0) return null
  return (
    <Card title="Refunds">
      <div className="flex flex-col gap-5">
        {data.data.map(refund => (
          <RefundPart key={refund.id} refund={refund} session={session} />
        ))}
      </div>
    </Card>
  )
}

function RefundPart({ refund, session }: { refund: Refund; session: CheckoutSession }) {
  const asset = session.addresses.find(each => each.asset.id === refund.assetId)?.asset
  const { id, amount, status, toAddress, transactionHash, call, createdAt, reason } = refund
  const isOpen = status === 'requires_signature' || status === 'failed'
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-semibold tabular-nums">{amountText(amount, asset?.symbol)}</span>
        <StatusBadge status={STATUSES[status]} />
      </div>
      <Facts
        rows={[
          ['To', <CopyText key="to" text={toAddress} label="receiver" />],
          ['Prepared', <Time key="at" at={createdAt} />],
          reason !== null && ['Reason', reason],
          transactionHash !== null && [
            'Transaction',
            <TransactionLink
              key="hash"
              hash={transactionHash}
              url={asset === undefined ? null : `${asset.chain.blockExplorerTransactionUrl}${transactionHash}`}
            />,
          ],
        ]}
      />
      {isOpen && mayWrite('refunds') && call.value === '0' && (
        <SendButtons
          call={call}
          onSent={hash => noteSent(id, hash)}
          otherwise="Open this page where your wallet is, or send the call below with another one and tell its transaction."
        />
      )}
      {isOpen && (
        <details>
          <summary className="min-h-6 cursor-pointer text-accent">The call, for any other wallet</summary>
          <div className="mt-3">
            <Code label="The call that your wallet sends" text={JSON.stringify(call, null, 2)} />
          </div>
        </details>
      )}
      {isOpen && mayWrite('refunds') && (
        <div className="flex flex-wrap items-end gap-2">
          <SentForm id={id} />
          <ActionButton
            text="Give up"
            confirm="The refund is canceled. Money that your wallet has sent already is not stopped by this."
            run={() => bitstream.refunds.cancel(id)}
            done="The refund is canceled."
            changes={['refund', 'unmatched_payment', 'checkout_session']}
          />
        </div>
      )}
    </div>
  )
}

/** Notes the transaction that the merchant's wallet sent. */
async function noteSent(id: string, transactionHash: string): Promise<void> {
  await bitstream.refunds.submit(id, { transactionHash })
  await refresh('refund')
}

function SentForm({ id }: { id: string }) {
  const { form, isBusy, errorOf, error } = useForm(({ transactionHash = '' }) => noteSent(id, transactionHash.trim()))
  return (
    <form {...form} className="flex grow flex-wrap items-end gap-2">
      <TextField
        label="Transaction that your wallet sent"
        name="transactionHash"
        spellCheck={false}
        error={errorOf('transactionHash') ?? error}
        className="grow"
      />
      <Button type="submit" isBusy={isBusy}>
        It is sent
      </Button>
    </form>
  )
}
