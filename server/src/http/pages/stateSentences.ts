import type { PaymentPage } from './paymentPageView.ts'
import type { PaymentStateKind } from './paymentState.ts'
import type { MessageKey } from './words.ts'

const STATUS: Record<PaymentStateKind, MessageKey> = {
  amount: 'statusAmount',
  details: 'statusDetails',
  zero: 'statusZero',
  open: 'statusOpen',
  partial: 'statusPartial',
  processing: 'statusProcessing',
  complete: 'statusComplete',
  expired: 'statusExpired',
  expiredPartial: 'statusExpiredPartial',
  unready: 'statusUnready',
}

/** The sentence that says where the payment stands; it is announced when it changes. */
export function statusKey(view: PaymentPage, kind: PaymentStateKind): MessageKey {
  return kind === 'complete' && view.amountTotal === '0' ? 'statusConfirmed' : STATUS[kind]
}

const ASKS = { pay: 'titleOpen', book: 'titleBook', donate: 'titleDonate' } as const

/** The title of the page's tab. */
export function titleKey(view: PaymentPage, kind: PaymentStateKind): MessageKey {
  switch (kind) {
    case 'amount':
    case 'details':
    case 'zero':
    case 'open':
    case 'unready':
      return ASKS[view.submitType]
    case 'partial':
      return 'titlePartial'
    case 'processing':
      return 'titleProcessing'
    case 'complete':
      return view.amountTotal === '0' ? 'titleConfirmed' : 'titleComplete'
    case 'expired':
    case 'expiredPartial':
      return 'titleExpired'
    default:
      return kind satisfies never
  }
}
