import type { Asset } from './asset.ts'
import type { AppliedDiscount } from './coupon.ts'
import type { Crypto, Currency } from './currency.ts'
import type { Customer } from './customer.ts'
import type { Payout } from './depositAddress.ts'
import type { Policy } from './finality.ts'
import type { Hex } from './hex.ts'
import type { Receipt } from './receipt.ts'
import type { IntentStatus, SessionStatus } from './settlement.ts'
import type { LineTax } from './taxRate.ts'

export type Metadata = Record<string, string>

export type Visibility = 10 | 20

/** What is sold. `visibility` is 10 when made in the dashboard or implied by a price, 20 when made by the API. */
export type Product = {
  id: string
  createdAt: Date
  updatedAt: Date
  name: string
  description: string | null
  images: string[]
  /** The files that are our copies of the images, in their order; one that could not be fetched yet is left out. */
  imageFileIds: string[]
  unitLabel: string | null
  url: string | null
  metadata: Metadata | null
  isActive: boolean
  defaultPriceId: string | null
  visibility: Visibility
}

/** How often a recurring price is due: every `intervalCount` intervals. */
export type Interval = 'day' | 'week' | 'month' | 'year'

/** What a payer may choose for a price without an amount, at 8 decimals; a null bound is none. */
export type OpenAmount = { min: bigint | null; max: bigint | null; preset: bigint | null; suggestions: bigint[] }

/** A product's price per unit at 8 decimals; a null `unitAmount` is the payer's choice within `open`. Amount and currency never change. */
export type Price = {
  id: string
  createdAt: Date
  updatedAt: Date
  product: Product
  currency: Currency
  type: 'one_time' | 'recurring' | 'streaming'
  unitAmount: bigint | null
  open: OpenAmount | null
  interval: Interval | null
  intervalCount: number | null
  nickname: string | null
  metadata: Metadata | null
  isActive: boolean
  isPublic: boolean
  visibility: Visibility
}

/** A line of the cart; its amounts are at 8 decimals and exact: subtotal − discount + tax = total. */
export type LineItem = {
  quantity: number
  description: string | null
  periodStart: Date | null
  periodEnd: Date | null
  price: Price
  /** What the payer chose for an open price; null while nothing is chosen, and where the price has an amount. */
  unitAmount: bigint | null
  amountSubtotal: bigint
  amountDiscount: bigint
  /** Tax that is added; what a price includes already is in `taxes` alone. */
  amountTax: bigint
  amountTotal: bigint
  taxes: LineTax[]
}

/** The rates that an amount in another coin was locked with: US dollars for one whole unit, as decimal text, and who said so. */
export type LockedQuote = { fromUsd: string; toUsd: string; sources: string[]; at: string }

/**
 * An asset that the session may be paid in: what is due at 8 decimals and in the asset's base units, and when a payment in it is
 * final. `quote` is null where the price is in this very coin.
 */
export type PayableAsset = {
  id: string
  asset: Asset
  amount: bigint
  amountRaw: bigint
  policy: Policy
  quote: LockedQuote | null
}

/** Where the session's money arrives, with everything needed to compute the address again. */
export type Deposit = { address: Hex; factory: Hex; initCodeHash: Hex; payouts: Payout[] }

/** A chain that the session may be paid on, as the merchant wrote it. */
export type AllowedChain = {
  chainId: number
  blacklistCurrencies?: Crypto[] | undefined
  withdrawalAddress?: Hex | undefined
  withdrawalAddresses?: { splitPercentage: number; address: Hex }[] | undefined
}

export type PaymentSetting = {
  allowedChains: AllowedChain[]
  preferredChainId: number
  allowSwap: boolean
  allowFiatPayment: boolean
}

export type Address = { [K in 'line1' | 'line2' | 'city' | 'state' | 'postalCode' | 'country']?: string | undefined }

/** A person or company with an address. */
export type FullAddress = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  organizationName?: string | undefined
  address?: Address | undefined
}

/** What a payer may answer freely, between these lengths; `value` is what he answered. */
export type InputField = { minimumLength?: number | undefined; maximumLength?: number | undefined; value: string }

/** A question of the merchant's to the payer, with the answer under the name of its type; an empty one is none. */
export type CustomField = {
  key: string
  type: 'text' | 'numeric' | 'dropdown'
  label: { type: 'custom'; custom: string }
  optional: boolean
  text?: InputField | undefined
  numeric?: InputField | undefined
  dropdown?: { options: { label: string; value: string }[]; value: string } | undefined
}

/** What the merchant asked for beside the terms, and what the payer answered; shown to both. */
export type SessionOptions = {
  submitType: 'pay' | 'book' | 'donate'
  customerCreation: 'if_required' | 'always'
  customerUpdate: { [K in 'address' | 'name' | 'shipping']?: 'auto' | 'never' | undefined } | null
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields: { fields: CustomField[] } | null
  afterCompletion: 'redirect' | 'hosted_confirmation' | null
  afterCompletionConfirmMsg: string | null
  customerDetails: {
    name?: string | undefined
    email?: string | undefined
    phone?: string | undefined
    organizationName?: string | undefined
    address: Address
    taxIds?: { object: 'list'; data: { [K in 'name' | 'value' | 'country']?: string | undefined }[] } | undefined
  }
  /** Where it goes and who is billed, as the payer said. */
  shippingDetails?: FullAddress
  billingDetails?: FullAddress
  allowPromotionCodes: boolean
  defaultPromotionCode: string | null
}

/** A payment that arrived for the session, as the chain tells it; `amountRaw` in the asset's base units. */
export type SessionTransfer = {
  id: string
  asset: Asset
  from: Hex | null
  amountRaw: bigint
  txHash: Hex | null
  place: string
  blockNumber: bigint
  blockTime: Date
  firstSeenAt: Date
  postedAt: Date | null
  orphanedAt: Date | null
  /** When another transaction was found to be final in its place. */
  replacedAt: Date | null
  unmatchedReason: 'duplicate' | 'late' | 'wrong_token' | 'wrong_chain' | null
}

export type PaymentIntent = {
  id: string
  createdAt: Date
  updatedAt: Date
  status: IntentStatus
  amountReceived: bigint | null
  canceledAt: Date | null
  /** When the merchant noted that the payer has the money back, by whatever way; null if not. */
  markRefundedAt: Date | null
  markRefundedComment: string | null
  /** Made when it succeeds for the first time. */
  receipt: Receipt | null
}

/** A checkout session whole: its terms, the facts that arrived, and what is derived from them. */
export type CheckoutSession = {
  id: string
  organizationId: string
  createdAt: Date
  updatedAt: Date
  mode: 'payment'
  currency: Currency
  /** At 8 decimals: subtotal − discount + tax + fee = total. */
  amountSubtotal: bigint
  amountDiscount: bigint
  amountTax: bigint
  amountFee: bigint
  amountTotal: bigint
  /** The surcharge that the payer bears, in parts per million; null where there is none. */
  feePpm: number | null
  /** The one coupon in force. */
  discount: AppliedDiscount | null
  /** What it is worth in US dollars at 8 decimals; null where no rate was known. */
  valueUsd: bigint | null
  expiresAt: Date
  options: SessionOptions
  paymentSetting: PaymentSetting
  successUrl: string
  cancelUrl: string | null
  metadata: Metadata | null
  clientReferenceId: string | null
  customerId: string | null
  /** Whom `customerId` names, as it is now; null when it was deleted, too. */
  customer: Customer | null
  /** Whose redemption the discount is: the customer's id, else the payer's e-mail address in lower case. */
  redeemedBy: string | null
  paymentLinkId: string | null
  subscriptionId: string | null
  invoiceId: string | null
  toleranceBps: number
  status: SessionStatus
  exceptions: string[]
  deadline: Date
  isClosed: boolean
  lineItems: LineItem[]
  assets: PayableAsset[]
  deposit: Deposit
  intent: PaymentIntent
  transfers: SessionTransfer[]
}

/** What payers see of the merchant; `logo` is a path on our own origin, `color` is `#` and six hex digits. */
export type Brand = { name: string } & {
  [K in 'logo' | 'color' | 'supportUrl' | 'termsUrl' | 'privacyUrl']: string | null
}

/** What the payer's pages know of the merchant: how it looks, and the origins of its sites that may show them in a frame. */
export type Storefront = { brand: Brand; embedOrigins: readonly string[] }

/** A wallet of the merchant that money may be swept to. */
export type WithdrawalAddress = { chainId: number; address: Hex; isDefault: boolean }
