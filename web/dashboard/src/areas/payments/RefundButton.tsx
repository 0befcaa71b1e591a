import { useState } from 'react'
import { bitstream } from '../../data/bitstream.ts'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { textOf } from '../../data/typed.ts'
import { useForm } from '../../data/useForm.ts'
import { amountDigits } from '../../ui/amount.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { toast } from '../../ui/Toasts.tsx'

type Of = { paymentIntentId: string } | { unmatchedPaymentId: string }

type Props = { of: Of; to: string | null; text: string; first?: string }

/** Prepares a refund that a wallet of the merchant then sends; `text` is the most that goes back, `to` who paid where that is known, `first` the amount to begin with. */
export function RefundButton({ of, to, text, first = '' }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>Give back</Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Give money back"
        description="No money moves yet: this prepares the transaction that your own wallet sends. This server holds no key to your money."
      >
        {isOpen && <RefundForm of={of} to={to} text={text} first={first} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  )
}

function RefundForm(props: Required<Props> & { onDone: () => void }) {
  const { of, to, text, first, onDone } = props
  const confirmed = useConfirmed()
  const { form, isBusy, errorOf, error } = useForm(async ({ toAddress = '', ...fields }) => {
    const [again, amount, reason] = [textOf(fields.confirmToAddress), textOf(fields.amount), textOf(fields.reason)]
    const asked = {
      ...{ ...of, toAddress: toAddress.trim() },
      ...(again !== null && { confirmToAddress: again }),
      ...(amount !== null && { amount: amountDigits(amount) ?? amount }),
      ...(reason !== null && { reason }),
    }
    await confirmed(() => bitstream.refunds.create(asked))
    await refresh('refund', 'unmatched_payment')
    toast('The refund is prepared.', 'Send it with your wallet: the call is on this page.')
    onDone()
  })
  return (
    <form {...form} className="flex flex-col gap-4">
      {error !== null && (
        <Notice tone="bad" title="This was not done">
          {error}
        </Notice>
      )}
      <TextField
        label="To the address"
        name="toAddress"
        required
        spellCheck={false}
        autoComplete="off"
        error={errorOf('toAddress')}
        hint={
          <>
            Ask the payer where to.
            {to !== null && ' It came from '}
            {to !== null && <span className="font-mono wrap-anywhere">{to}</span>}
            {to !== null && ', which may belong to an exchange that cannot tell whose money it is.'}
          </>
        }
      />
      <TextField
        label="The address once more (optional)"
        name="confirmToAddress"
        spellCheck={false}
        autoComplete="off"
        error={errorOf('confirmToAddress')}
        hint="Needed where the money goes back to an address that it came from."
      />
      {'paymentIntentId' in of && (
        <TextField
          label="Amount (optional)"
          name="amount"
          inputMode="decimal"
          defaultValue={first}
          error={errorOf('amount')}
          hint={`All that can be given back where you leave it out; ${text} came.`}
        />
      )}
      <TextField label="Reason (optional)" name="reason" maxLength={500} error={errorOf('reason')} />
      <Button type="submit" look="primary" isBusy={isBusy}>
        Prepare the refund
      </Button>
    </form>
  )
}
