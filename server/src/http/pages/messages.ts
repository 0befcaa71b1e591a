import { html } from 'hono/html'

/** A piece of escaped HTML, as `hono/html` makes it. */
export type Html = ReturnType<typeof html>

/** Every sentence of the payer's pages, by key; `{name}` marks a value. One such table per language. */
const ENGLISH = {
  language: 'en',
  direction: 'ltr',
  testBanner: 'Test mode. No real money is used.',
  payMerchant: 'Pay {merchant}',
  paidMerchant: 'Paid to {merchant}',
  paymentTo: 'Payment to {merchant}',
  backTo: 'Back to {host}',
  cancelLabel: 'Cancel and go back to {host}',
  quantityEach: '{quantity} × {amount}',
  itemCount: '{count} items',
  items: 'What you are paying for',
  subtotal: 'Subtotal',
  discount: 'Discount',
  discountCode: 'Discount ({code})',
  tax: 'Tax',
  total: 'Total',

  statusOpen: 'Waiting for your payment',
  statusPartial: '{remaining} left to pay',
  statusProcessing: 'Payment seen, confirming',
  statusComplete: 'Payment complete',
  statusExpired: 'This payment has expired',
  statusExpiredPartial: 'Time is up, and part is missing',
  statusUnready: 'This payment is not ready',

  titleOpen: 'Pay {merchant}',
  titlePartial: '{remaining} left – {merchant}',
  titleProcessing: 'Confirming – {merchant}',
  titleComplete: 'Paid – {merchant}',
  titleExpired: 'Expired – {merchant}',
  titleNotFound: 'Payment not found',
  titleLeaving: 'Returning to {host}',

  partialLead: '{received} of {due} arrived. Send the rest to the same address.',
  partialPending: '{received} of {due} is on its way. Send the rest to the same address.',
  processingLead: 'Nothing more to do. You may close this page: the payment goes on without it.',
  processingLate: '{received} of {due} is on its way, but the time to pay the rest is over. Do not send more.',
  completeLead: '{merchant} has your payment.',
  expiredLead: 'Do not pay: money sent now may not be credited.',
  expiredNext: 'Go back to the shop and start again to get a new address.',
  expiredPaid: 'Already sent it? Keep this page open: a payment made in time still counts when the network shows it.',
  expiredPartialLead: '{received} of {due} arrived in time. Do not send the rest now.',
  expiredPartialNext: '{merchant} has been told and can accept what arrived or send it back.',
  unreadyLead: 'No coin or network can be used for it right now.',
  unreadyNext: 'Nothing was charged. Go back and try again in a few minutes.',

  choose: 'Coin and network',
  change: 'Change',
  networkSlow: 'slow now',
  networkHalted: 'not working now',
  amountLabel: 'Send exactly',
  amountRestLabel: 'Send the rest',
  addressLabel: 'To this address',
  networkLabel: 'On this network',
  tokenLabel: 'Token contract',
  copy: 'Copy',
  copied: 'Copied',
  copyAmount: 'Copy the amount',
  copyAddress: 'Copy the address',
  copiedAmount: 'Amount copied.',
  copiedAddress: 'Address copied.',
  copyFailed: 'Copying was refused. Select the text and copy it.',
  qrLabel: 'QR code of the address {address}',
  qrCaption: 'Scan with your wallet, then enter the amount',
  openWallet: 'Open in a wallet app',
  payTestWallet: 'Pay with the test wallet',
  payingTestWallet: 'Paying…',
  testWalletFailed: 'The test wallet did not answer. Try again.',
  onlyThis: 'Send only {symbol} on {network}. Another coin or network may be lost.',
  feeExtra: 'The network’s own fee comes on top: the full amount has to arrive.',
  payBy: 'until {time}',
  payByFull: 'Pay by {time}',
  fiveMinutesLeft: 'Five minutes left to pay.',
  oneMinuteLeft: 'One minute left to pay.',
  timeUp: 'The time to pay is over. Do not pay.',
  connectionLost: 'The connection is lost. What you see may be out of date; we keep trying.',
  addressChanged:
    'Something on this device changed the address. Do not pay. Open the payment again in another browser.',
  checkAgain: 'Check again',

  confirmations: '{best} of {required} confirmations',
  confirmationsWaiting: 'Waiting for the first confirmation',
  payments: 'Payments seen',
  opensNewTab: 'opens in a new tab',

  receipt: 'Receipt',
  receiptPaidTo: 'Paid to',
  receiptAmount: 'Total',
  receiptPaid: 'Sent',
  receiptNetwork: 'Network',
  receiptTime: 'Seen',
  receiptTransaction: 'Transaction',
  receiptReference: 'Reference',
  returningIn: 'Returning to {host} in {seconds} s',
  returningSoon: 'Returning to {host} in a moment',
  returnNow: 'Return to {host}',
  stay: 'Stay on this page',
  print: 'Print the receipt',

  noticeOverpaid: 'More arrived than was asked for.',
  noticeOverpaidBy: '{excess} more arrived than was asked for.',
  nextOverpaid: 'Ask {merchant} to send it back, and quote the reference.',
  noticeDuplicate: 'A second payment arrived after the first had paid in full.',
  nextDuplicate: '{merchant} has been told. Ask them to send it back, and quote the reference.',
  noticeLate: 'Money arrived after the time to pay was over.',
  nextLate: '{merchant} has been told and can accept it or send it back.',
  noticeWrongToken: 'A different coin arrived, so it was not counted.',
  nextWrongToken: '{merchant} has been told. Ask them to send it back, and quote the reference.',
  noticeWrongChain: 'Money arrived on a network that is not accepted here, so it was not counted.',
  nextWrongChain: '{merchant} has been told. Ask them to send it back, and quote the reference.',
  noticeReplaced: 'The transaction was replaced by its sender before it was confirmed.',
  nextReplaced: 'If you sped it up, there is nothing to do. If you cancelled it, the payment is still open.',
  noticeReorged: 'The network took a payment back that it had shown before.',
  nextReorged: 'It usually returns within minutes. Keep this page open and do not pay a second time.',
  noticeSlow: '{network} is slow at the moment.',
  nextSlow: 'You can pay; confirming takes longer than usual.',
  noticeHalted: '{network} is making no blocks at the moment.',
  nextHalted: 'Wait, or choose another network.',
  nextHaltedOnly: 'Wait until it works again before you pay.',
  contact: 'Contact {merchant}',

  notFoundHeading: 'We can’t find this payment',
  notFoundLead: 'The link may be incomplete, or the payment may have been removed.',
  notFoundNext: 'Do not pay to an address from it. Go back to the shop and start again.',
  leavingHeading: 'Returning to {host}',
  leavingLead: 'The payment was left unfinished. If nothing happens, use the button.',
  leavingNowhereHeading: 'You left the payment',
  leavingNowhereLead: 'It was left unfinished. You can close this page.',
  continuePaying: 'Continue paying',

  titleTransaction: 'Transaction {hash}…',
  transactionWaiting: 'Waiting for a block',
  transactionSucceeded: 'Transaction succeeded',
  transactionFailed: 'Transaction failed',
  transactionUnknown: 'No such transaction',
  transactionUnknownLead:
    'The test network does not know it. A test world that was started anew has forgotten the transactions before.',
  transactionAmount: 'Amount',
  transactionReceiver: 'Received by',
  transactionFrom: 'From',
  transactionTo: 'To',
  transactionContract: 'Token contract',
  transactionBlock: 'Block',
  transactionConfirmations: 'Confirmations',
  transactionTime: 'Time',
  transactionUnits: '{units} units of token',

  support: 'Support',
  terms: 'Terms',
  privacy: 'Privacy',
  poweredBy: 'Powered by Bitstream',
  months: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
} as const

/** The key of a sentence. */
export type MessageKey = keyof typeof ENGLISH

/** Plain text of a sentence, values put in as they are: for attributes and titles, where no markup can isolate them. */
export function sayText(key: MessageKey, values: Readonly<Record<string, string>> = {}): string {
  return ENGLISH[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** A sentence as HTML; each value stands in `<bdi>`, so that a merchant's right-to-left text cannot reorder ours. */
export function say(key: MessageKey, values: Readonly<Record<string, string>> = {}): Html {
  const parts = ENGLISH[key].split(/\{(\w+)\}/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<bdi>${values[part] ?? ''}</bdi>`))}`
}
