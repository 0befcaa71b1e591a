/** The groups of operations in the API reference, in its order, and what each is about. */
export const TAGS = {
  'Checkout sessions':
    'What a payer is asked to pay, once: a cart, an amount, the coins it may be paid in, a time limit.',
  'Payment page':
    "The payer's view of a session, and what a payer may do with it. Public: the session's id is the key.",
  'Payment links': 'Pages of yours that make a session for everyone who opens them.',
  Products: 'What you sell.',
  Prices: 'What a product costs, once or again and again. An amount and its currency never change.',
  Customers: 'Who buys from you, with addresses and tax ids.',
  Invoices: 'Bills with a number, sent as PDF and paid through a session of their own.',
  Coupons: 'Discounts, and the codes that payers type.',
  Subscriptions: 'What customers pay again and again. Not available yet: there are none.',
  'Tax rates': 'Taxes that are put on lines, or that prices include.',
  'Payment intents': 'The payment side of a session: its status is about the money alone.',
  Transactions: 'Money that came in or went out, as the chain tells it.',
  Refunds: 'Money that you send back from your own wallet; the chain says when it arrived.',
  'Unmatched payments': 'Money that came late, twice, in another coin or on another chain, and what becomes of it.',
  'Balances and sweeps': 'What lies on deposit addresses, and moving it to your wallets.',
  Events: 'What happened, for 30 days.',
  'Webhook endpoints': 'Where events are sent to, signed, until they arrive.',
  Organization: 'Your business: what payers see, how you are paid, how invoices are numbered.',
  'Withdrawal addresses': 'Your wallets: the only places that money may be swept to.',
  Team: 'Who works for your organization, and in which role.',
  'API keys': 'Keys that programs call this API with: secret, restricted to scopes, or publishable.',
  Partners: 'Accounts that you open for others.',
  Storage: 'Pictures of yours, served from this server.',
  'Chains and assets': 'The networks and coins of this deployment, and how they are.',
  Rates: 'What coins are worth, and rates that are locked for a time.',
  'Test world': 'Coins for nothing, payments of every outcome, a clock that can be moved. In test mode only.',
} as const

/** A group of operations in the API reference. */
export type Tag = keyof typeof TAGS
