import type { CheckoutSession } from '@bitstream/sdk'
import type { Status } from '../../ui/Badge.tsx'

type Shown = Pick<CheckoutSession, 'status'> & { paymentIntent: { status: CheckoutSession['paymentIntent']['status'] } }

/** How a payment stands, in a word. */
export function sessionStatus({ status, paymentIntent }: Shown): Status {
  if (status === 'complete') return ['good', 'Paid']
  if (paymentIntent.status === 'processing') return ['warn', 'Confirming']
  if (status === 'incomplete') return ['warn', 'Incomplete']
  return status === 'open' ? ['plain', 'Open'] : ['plain', 'Expired']
}

/** What a person should know of beside the status, and what to do about it. */
export const EXCEPTIONS: Readonly<
  Record<CheckoutSession['exceptions'][number], readonly [title: string, next: string]>
> = {
  underpaid: [
    'Less came than was asked for',
    'Ask the payer for the rest at the same address while the payment is open; afterwards accept what came, or give it back.',
  ],
  overpaid: ['More came than was asked for', 'The payment counts. Give the difference back if the payer wants it.'],
  duplicate: ['It was paid a second time', 'Give the second payment back, or keep it after you asked the payer.'],
  late: ['Money came after the end', 'Accept it if you still deliver at this price; otherwise give it back.'],
  wrong_token: ['Another coin came than the ones asked for', 'It cannot count by itself: give it back or keep it.'],
  wrong_chain: ['Money came on another network', 'It cannot count by itself: give it back or keep it.'],
  reorged: [
    'The network took a payment back',
    'Do not deliver. It usually comes again within minutes; if it does not, ask the payer to pay again.',
  ],
  replaced: [
    'The payer replaced the transaction',
    'Do not deliver: what was seen will not come. Ask the payer to pay again.',
  ],
  refunded_without_payment: [
    'More was given back than is here',
    'The payment that was refunded was taken back by the network. Look at the refund below.',
  ],
}
