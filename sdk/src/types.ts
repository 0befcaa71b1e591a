// Written by npm run generate, from server/openapi.json.

/** A whole number at 8 decimals, whatever the currency: 12.50 is "1250000000". */
export type Amount = string | number | bigint

export type Error = {
  statusCode: number
  error: string
  message: string
  type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'idempotency_error'
    | 'rate_limit_error'
    | 'api_error'
  code: ErrorCode
  param: string | null
  requestId: string
  docUrl: string
  errors?:
    | {
        code: ErrorCode
        message: string
        param: string | null
        docUrl: string
      }[]
    | undefined
}

export type ErrorCode =
  | 'address_checksum'
  | 'address_exists'
  | 'address_forbidden'
  | 'address_invalid'
  | 'address_not_saved'
  | 'address_unconfirmed'
  | 'amount_invalid'
  | 'amount_must_be_string'
  | 'amount_not_open'
  | 'amount_not_zero'
  | 'amount_out_of_range'
  | 'amount_scale'
  | 'amount_too_large'
  | 'amount_too_small'
  | 'api_key_ended'
  | 'api_key_invalid'
  | 'api_key_limit'
  | 'api_key_missing'
  | 'api_key_mode'
  | 'api_key_revoked'
  | 'array_too_long'
  | 'array_too_short'
  | 'asset_required'
  | 'body_too_large'
  | 'chain_unavailable'
  | 'code_invalid'
  | 'confirmation_required'
  | 'content_type'
  | 'coupon_archived'
  | 'cross_site'
  | 'currency_unsupported'
  | 'cursor_invalid'
  | 'customer_reference_exists'
  | 'dashboard_only'
  | 'database_unavailable'
  | 'details_missing'
  | 'duplicate_key'
  | 'email_in_use'
  | 'email_invalid'
  | 'endpoint_disabled'
  | 'endpoint_exists'
  | 'endpoint_limit'
  | 'event_type_unknown'
  | 'event_types_required'
  | 'expires_at_invalid'
  | 'expires_at_out_of_range'
  | 'file_limit'
  | 'idempotency_key_in_use'
  | 'idempotency_key_reused'
  | 'image_invalid'
  | 'insufficient_permissions'
  | 'internal_error'
  | 'invalid_character'
  | 'invalid_form'
  | 'invalid_idempotency_key'
  | 'invalid_json'
  | 'invalid_unicode'
  | 'invite_closed'
  | 'invite_exists'
  | 'invite_invalid'
  | 'invite_limit'
  | 'invoice_empty'
  | 'invoice_not_draft'
  | 'invoice_not_open'
  | 'invoice_number_taken'
  | 'json_too_complex'
  | 'key_in_url'
  | 'key_type'
  | 'last_owner'
  | 'limit_invalid'
  | 'link_invalid'
  | 'member_exists'
  | 'metadata_key_reserved'
  | 'metadata_limit'
  | 'metadata_value_type'
  | 'method_not_allowed'
  | 'name_invalid'
  | 'network_not_in_mode'
  | 'network_required'
  | 'network_unsupported'
  | 'not_yet_available'
  | 'nothing_to_refund'
  | 'nothing_to_sweep'
  | 'organization_suspended'
  | 'page_invalid'
  | 'parameter_invalid'
  | 'parameter_missing'
  | 'parameter_unknown'
  | 'partner_only'
  | 'passkey_invalid'
  | 'passkey_limit'
  | 'password_weak'
  | 'password_wrong'
  | 'payment_in_progress'
  | 'payment_not_acceptable'
  | 'payment_not_final'
  | 'payment_resolved'
  | 'payout_not_configured'
  | 'payouts_invalid'
  | 'product_in_use'
  | 'promotion_code_exists'
  | 'promotion_code_invalid'
  | 'quantity_invalid'
  | 'rate_limited'
  | 'rate_unavailable'
  | 'recipient_missing'
  | 'refund_not_open'
  | 'refund_too_large'
  | 'request_malformed'
  | 'request_timeout'
  | 'resource_missing'
  | 'route_unknown'
  | 'second_factor_missing'
  | 'second_factor_required'
  | 'session_not_incomplete'
  | 'session_not_open'
  | 'sign_in_invalid'
  | 'signature_invalid'
  | 'signed_out'
  | 'terms_fixed'
  | 'too_long'
  | 'totp_exists'
  | 'transaction_failed'
  | 'transaction_not_found'
  | 'transaction_not_read'
  | 'transaction_pays_nothing'
  | 'url_host_forbidden'
  | 'url_https_required'
  | 'url_invalid'
  | 'url_port_forbidden'
  | 'url_scheme'
  | 'url_unresolvable'
  | 'url_userinfo'

export type CheckoutSession = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  mode: 'payment' | 'subscription'
  paymentLinkId: string | null
  subscriptionId: string | null
  invoiceId: string | null
  /** A whole number at 8 decimals. */
  amountTotal: string
  /** A whole number at 8 decimals. */
  amountSubtotal: string
  /** A whole number at 8 decimals. */
  amountGasFee: string | null
  /** A whole number at 8 decimals. */
  amountFee: string | null
  /** A whole number at 8 decimals. */
  amountNet: string
  amountDetails: CheckoutSessionAmountDetail
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  paymentSetting: CheckoutSessionPaymentSetting
  status: 'open' | 'complete' | 'incomplete' | 'expired'
  paymentStatus: 'unpaid' | 'paid'
  expiresAt: string
  customerId: string | null
  customer: Customer | null
  customerDetails: CheckoutSessionCustomer
  clientReferenceId: string | null
  customerCreation: 'if_required' | 'always'
  customerUpdate: CheckoutSessionCustomerUpdate | null
  url: string
  successUrl: string
  cancelUrl: string | null
  submitType?: 'pay' | 'book' | 'donate' | undefined
  metadata: Record<string, string> | null
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields: CheckoutSessionCustomField | null
  afterCompletion: 'redirect' | 'hosted_confirmation' | null
  afterCompletionConfirmMsg: string | null
  shippingDetails: FullAddressDetail | null
  billingDetails: FullAddressDetail | null
  lineItems: CheckoutSessionPriceItems
  addresses: CheckoutSessionAddress[]
  paymentIntent: PaymentIntent
  isMarkRefunded: boolean
  allowPromotionCodes: boolean
  discounts: CheckoutSessionDiscount[]
  defaultPromotionCode: string | null
  isManualPayment: boolean
  exceptions: (
    | 'underpaid'
    | 'overpaid'
    | 'duplicate'
    | 'late'
    | 'wrong_token'
    | 'wrong_chain'
    | 'replaced'
    | 'reorged'
    | 'refunded_without_payment'
  )[]
  isTest: boolean
}

export type CheckoutSessionAmountDetail = {
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  /** A whole number at 8 decimals. */
  amountTotal: string
  /** A whole number at 8 decimals. */
  amountSubtotal: string
  /** A whole number at 8 decimals. */
  amountDiscount: string
  /** A whole number at 8 decimals. */
  amountTax: string
  /** A whole number at 8 decimals. */
  amountFee: string
  /** A whole number at 8 decimals. */
  amountGasFee: string | null
  feePercentage: number | null
  applyFee: boolean
  applyGasFee: boolean
  discountAmounts: DiscountAmountDetail[]
}

export type DiscountAmountDetail = {
  /** A whole number at 8 decimals. */
  amount: string
  couponId: string
}

export type CheckoutSessionPaymentSetting = {
  allowedChains: PaymentSettingChain[]
  preferredChainId: number
  allowSwap?: boolean | undefined
  allowFiatPayment: boolean
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[] | null
}

export type PaymentSettingChain = {
  chainId: number
  blacklistCurrencies?:
    | ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[]
    | undefined
  withdrawalAddress?: string | undefined
  withdrawalAddresses?: CheckoutSessionSplitWithdrawalAddress[] | undefined
}

export type CheckoutSessionSplitWithdrawalAddress = {
  splitPercentage: number
  address: string
}

export type Customer = {
  id: string
  createdAt: string
  updatedAt: string
  email: string
  name: string | null
  phone: string | null
  organizationName: string | null
  address: AddressDetail | null
  shipping: FullAddressDetail | null
  customerReferenceId: string | null
  customerNumber: string
  taxIds: TaxIds
  visibility: 10 | 20
  metadata: Record<string, string> | null
}

export type AddressDetail = {
  line1?: string | undefined
  line2?: string | undefined
  city?: string | undefined
  state?: string | undefined
  postalCode?: string | undefined
  country?: string | undefined
}

export type FullAddressDetail = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  organizationName?: string | undefined
  address?: AddressDetail | null | undefined
}

export type TaxIds = {
  object: 'list'
  data: TaxId[]
}

export type TaxId = {
  id: string
  createdAt: string
  updatedAt: string
  name: string | null
  value: string | null
  country: string | null
  customerId: string
}

export type CheckoutSessionCustomer = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  organizationName?: string | undefined
  address?: AddressDetail | null | undefined
  taxIds?:
    | {
        object: 'list'
        data: {
          name?: string | undefined
          value?: string | undefined
          country?: string | undefined
        }[]
      }
    | undefined
}

export type CheckoutSessionCustomerUpdate = {
  address?: 'auto' | 'never' | undefined
  name?: 'auto' | 'never' | undefined
  shipping?: 'auto' | 'never' | undefined
}

export type CheckoutSessionCustomField = {
  fields: CheckoutSessionCustomFields[]
}

export type CheckoutSessionCustomFields = {
  key: string
  type: 'text' | 'numeric' | 'dropdown'
  label: CustomFieldLabel
  optional?: boolean | undefined
  text?: InputField | undefined
  numeric?: InputField | undefined
  dropdown?: DropdownField | undefined
}

export type CustomFieldLabel = {
  type?: 'custom' | undefined
  custom: string
}

export type InputField = {
  maximumLength?: number | undefined
  minimumLength?: number | undefined
  value?: string | undefined
}

export type DropdownField = {
  options: DropdownFieldOptions[]
  value?: string | undefined
}

export type DropdownFieldOptions = {
  label: string
  value: string
}

export type CheckoutSessionPriceItems = {
  object: 'list'
  data: CheckoutSessionPriceItem[]
}

export type CheckoutSessionPriceItem = {
  description: string | null
  quantity: number
  price: PublicPrice
  periodStart: string | null
  periodEnd: string | null
  taxRates: LineTaxRate[]
  /** A whole number at 8 decimals. */
  amountTotal: string
  /** A whole number at 8 decimals. */
  amountSubtotal: string
  /** A whole number at 8 decimals. */
  amountTax: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
}

export type PublicPrice = {
  id: string
  createdAt: string
  updatedAt: string
  billingScheme: 'per_unit'
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  productId: string
  interval: 'day' | 'week' | 'month' | 'year' | null
  intervalCount: number | null
  isActive: boolean
  usageType: 'licensed'
  type: 'one_time' | 'recurring' | 'streaming'
  /** A whole number at 8 decimals. */
  unitAmount: string | null
  unitAmountDecimal: string | null
  /** A whole number at 8 decimals. */
  customUnitMax: string | null
  /** A whole number at 8 decimals. */
  customUnitMin: string | null
  /** A whole number at 8 decimals. */
  customPreset: string | null
  customUnitAmountSuggestions: string[] | null
  product: PublicProduct
  metadata: Record<string, string> | null
  visibility: 10 | 20
}

export type PublicProduct = {
  id: string
  createdAt: string
  updatedAt: string
  name: string
  description: string | null
  isActive: boolean
  images: string[]
  publicImages: string[]
  unitLabel: string | null
  url: string | null
  defaultPriceId: string | null
  metadata: Record<string, string> | null
  visibility: 10 | 20
}

export type LineTaxRate = {
  id: string
  name: string
  description: string | null
  country: string | null
  percentage: number
  type: 'exclusive' | 'inclusive'
  isDefault: boolean
  /** A whole number at 8 decimals. */
  amount: string
}

export type CheckoutSessionAddress = {
  id: string
  createdAt: string
  updatedAt: string
  checkoutSessionId: string
  asset: CheckoutSessionAsset
  paymentAddress: string
  gas: number | null
  /** A whole number at 8 decimals. */
  gasAmount: string | null
  /** A whole number at 8 decimals. */
  amount: string
  /** Base units of the asset. */
  amountRaw: string
  /** Base units of the asset. */
  amountReceivedRaw: string
  confirmations: {
    required: number
    best: number
  }
  uri: string
  /** The rates that the amount was locked with: US dollars for a unit of the price, and of the coin. */
  quote: {
    fromUsd: string
    toUsd: string
    sources: string[]
    at: string
  } | null
  proof: {
    factory: string
    initCodeHash: string
    sessionId: string
    payouts: {
      chainId: number
      receiver: string
      share: number
    }[]
  }
}

export type CheckoutSessionAsset = {
  id: string
  name: string
  chainId: number
  address: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  symbol: string
  decimals: number
  coingeckoId: string | null
  superToken: SuperToken | null
  isPublic: boolean
  chain: ChainSlim
}

export type SuperToken = {
  address: string
  decimals: number
  symbol: string
}

export type ChainSlim = {
  id: number
  name: string
  icon: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  blockExplorerTransactionUrl: string
  blockExplorerName: string
  type: 'evm' | 'bitcoin' | 'solana' | 'tron' | 'stripe' | 'binance_pay'
  isBeta: boolean
}

export type PaymentIntent = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  /** A whole number at 8 decimals. */
  amount: string
  /** A whole number at 8 decimals. */
  amountReceived: string | null
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'requires_capture'
    | 'canceled'
    | 'succeeded'
  paymentMethodId: string | null
  paymentMethod: PaymentMethod | null
  description: string | null
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  transferAccountAddress: string | null
  transactions: Transaction[]
  paymentReceipt: PaymentReceipt | null
  canceledAt: string | null
  cancellationReason: string | null
  stripe: StripeData | null
  isMarkRefunded: boolean | null
  markRefundedAt: string | null
  markRefundedComment: string | null
  exceptions: (
    | 'underpaid'
    | 'overpaid'
    | 'duplicate'
    | 'late'
    | 'wrong_token'
    | 'wrong_chain'
    | 'replaced'
    | 'reorged'
    | 'refunded_without_payment'
  )[]
}

export type PaymentMethod = {
  id: string
  createdAt: string
  updatedAt: string
  assetId: string
  asset: Asset
  type: 'superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay'
  accountAddress: string | null
  billingDetails: FullAddressDetail | null
  customerId: string | null
  options: Record<string, unknown> | null
}

export type Asset = {
  id: string
  name: string
  chainId: number
  address: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  symbol: string
  decimals: number
  coingeckoId: string | null
  superToken: SuperToken | null
  isEIP5827Supported: boolean
  health: AssetHealth
}

export type AssetHealth = {
  status: 'ok' | 'off'
  reason: 'asset_unreliable' | 'coin_missing' | 'decimals_changed' | null
  since: string | null
}

export type Transaction = {
  id: string
  checkoutSessionId: string
  paymentIntentId: string
  type: 'incoming' | 'outgoing' | 'event' | 'transfer'
  transactionRelayId: string | null
  transactionHash: string | null
  nonce: number | null
  gasLimit: number | null
  validUntil: string | null
  fromAddress: string | null
  toAddress: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  createdAt: string
  /** A whole number at 8 decimals. */
  amount: string
  /** Base units of the asset. */
  amountRaw: string
  assetId: string
  asset: CheckoutSessionAsset
  transactionUrl: string | null
}

export type PaymentReceipt = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  paymentIntentId: string
  name: string | null
  receiptNumber: string
  uri: string
}

export type StripeData = {
  paymentIntentId: string | null
  receiptUrl: string | null
  cardLast4: string | null
  displayName: string | null
}

export type CheckoutSessionDiscount = {
  /** A whole number at 8 decimals. */
  amount: string
  couponId: string
  coupon: CheckoutSessionCoupon
}

export type CheckoutSessionCoupon = {
  name: string
  percentOff: number | null
  /** A whole number at 8 decimals. */
  amountOff: string | null
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
  code: string
}

export type CreateSession = {
  mode?: 'payment' | 'subscription' | undefined
  clientReferenceId?: string | null | undefined
  nameCollection?: boolean | undefined
  emailCollection?: boolean | undefined
  phoneNumberCollection?: boolean | undefined
  shippingAddressCollection?: boolean | undefined
  billingAddressCollection?: boolean | undefined
  expiresAt?: string | Date | undefined
  customFields?: CheckoutSessionCustomField | null | undefined
  afterCompletion?: 'redirect' | 'hosted_confirmation' | null | undefined
  afterCompletionConfirmMsg?: string | null | undefined
  customerId?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  submitType?: 'pay' | 'book' | 'donate' | undefined
  customerCreation?: 'if_required' | 'always' | undefined
  customerUpdate?: CheckoutSessionCustomerUpdate | null | undefined
  allowPromotionCodes?: boolean | undefined
  successUrl: string
  cancelUrl?: string | null | undefined
  customerData?: CreateCheckoutSessionCustomer | undefined
  lineItems: CreateCheckoutSessionPriceItems
  paymentSetting?: CreateCheckoutSessionPaymentSetting | undefined
  taxRateIds?: string[] | undefined
  defaultPromotionCode?: string | null | undefined
}

export type CreateCheckoutSessionCustomer = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  organizationName?: string | undefined
  address?: AddressDetail | null | undefined
  taxIds?: CreateTaxIds | undefined
}

export type CreateTaxIds = {
  object?: string | undefined
  data?: CreateTaxId[] | undefined
}

export type CreateTaxId = {
  name?: string | undefined
  value?: string | undefined
  country?: string | undefined
}

export type CreateCheckoutSessionPriceItems = {
  data: CreateCheckoutSessionLineItem[]
}

export type CreateCheckoutSessionLineItem = {
  priceId?: string | undefined
  priceData?: PriceData | undefined
  quantity?: number | undefined
  periodStart?: string | Date | undefined
  periodEnd?: string | Date | undefined
  taxRateIds?: string[] | undefined
}

export type PriceData = {
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  unitAmount: Amount
  productId?: string | undefined
  productData?: ProductData | undefined
  type?: 'one_time' | 'recurring' | 'streaming' | undefined
  interval?: 'day' | 'week' | 'month' | 'year' | null | undefined
  intervalCount?: number | null | undefined
}

export type ProductData = {
  name: string
  description?: string | null | undefined
  images?: string[] | undefined
  unitLabel?: string | null | undefined
  url?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  visibility?: 10 | 20 | undefined
}

export type CreateCheckoutSessionPaymentSetting = {
  preferredChainId?: number | undefined
  allowSwap?: boolean | undefined
  allowFiatPayment?: boolean | undefined
  allowedChains?: PaymentSettingChain[] | undefined
}

export type PaginationFilter = {
  page: number
  limit: number
  createdAt?: DateFilter | undefined
}

export type DateFilter = {
  gt?: string | undefined
  gte?: string | undefined
  lt?: string | undefined
  lte?: string | undefined
  isnull?: boolean | undefined
  notnull?: boolean | undefined
}

export type CheckoutSessionSlim = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  mode: 'payment' | 'subscription'
  paymentLinkId: string | null
  subscriptionId: string | null
  invoiceId: string | null
  /** A whole number at 8 decimals. */
  amountTotal: string
  /** A whole number at 8 decimals. */
  amountSubtotal: string
  /** A whole number at 8 decimals. */
  amountGasFee: string | null
  /** A whole number at 8 decimals. */
  amountFee: string | null
  /** A whole number at 8 decimals. */
  amountNet: string
  amountDetails: CheckoutSessionAmountDetail
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  paymentSetting: CheckoutSessionPaymentSetting
  status: 'open' | 'complete' | 'incomplete' | 'expired'
  paymentStatus: 'unpaid' | 'paid'
  expiresAt: string
  customerId: string | null
  customerDetails: CheckoutSessionCustomer
  clientReferenceId: string | null
  customerCreation: 'if_required' | 'always'
  url: string
  successUrl: string
  cancelUrl: string | null
  submitType?: 'pay' | 'book' | 'donate' | undefined
  metadata: Record<string, string> | null
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields: CheckoutSessionCustomField | null
  afterCompletion: 'redirect' | 'hosted_confirmation' | null
  afterCompletionConfirmMsg: string | null
  shippingDetails: FullAddressDetail | null
  billingDetails: FullAddressDetail | null
  lineItems: CheckoutSessionPriceItems
  paymentIntent: {
    id: string
    createdAt: string
    updatedAt: string
    organizationId: string
    /** A whole number at 8 decimals. */
    amount: string
    /** A whole number at 8 decimals. */
    amountReceived: string | null
    currency:
      | 'usdc'
      | 'usdt'
      | 'dai'
      | 'eth'
      | 'btc'
      | 'matic'
      | 'pol'
      | 'bnb'
      | 'eurc'
      | 'pyusd'
      | 'usd'
      | 'eur'
      | 'gbp'
      | 'cad'
      | 'aud'
      | 'sgd'
      | 'inr'
    status:
      | 'requires_payment_method'
      | 'requires_confirmation'
      | 'requires_action'
      | 'processing'
      | 'requires_capture'
      | 'canceled'
      | 'succeeded'
    paymentMethodId: string | null
    paymentMethod: PaymentMethod | null
    description: string | null
    paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
    transferAccountAddress: string | null
    paymentReceipt: PaymentReceipt | null
    canceledAt: string | null
    cancellationReason: string | null
    stripe: StripeData | null
    isMarkRefunded: boolean | null
    markRefundedAt: string | null
    markRefundedComment: string | null
    exceptions: (
      | 'underpaid'
      | 'overpaid'
      | 'duplicate'
      | 'late'
      | 'wrong_token'
      | 'wrong_chain'
      | 'replaced'
      | 'reorged'
      | 'refunded_without_payment'
    )[]
  }
  isMarkRefunded: boolean
  allowPromotionCodes: boolean
  defaultPromotionCode: string | null
  isManualPayment: boolean
  exceptions: (
    | 'underpaid'
    | 'overpaid'
    | 'duplicate'
    | 'late'
    | 'wrong_token'
    | 'wrong_chain'
    | 'replaced'
    | 'reorged'
    | 'refunded_without_payment'
  )[]
  isTest: boolean
}

export type UpdateCheckoutSession = {
  metadata?: Record<string, string> | null | undefined
}

export type CheckoutSessionCompleted = {
  completed: boolean
  transactionHash: string | null
  status: 'open' | 'complete' | 'incomplete' | 'expired'
  updatedAt: string
}

export type RequestAutoRecoverCheckoutSession = {
  chainId: number
  transactionHash: string
}

export type Success = {
  message: string
  statusCode: number
}

export type UnmatchedPayment = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  checkoutSessionId: string
  transfer: Transaction
  reason: 'duplicate' | 'late' | 'wrong_token' | 'wrong_chain'
  status: 'open' | 'resolved'
  resolution: 'accepted' | 'refunded' | 'swept' | null
}

export type ResolveUnmatchedPayment = {
  /** `accepted`: it counts for its session after all. `refunded`: you gave it back yourself (to give it back with this server, create a refund instead). `swept`: you keep it. */
  resolution: 'accepted' | 'refunded' | 'swept'
}

export type Refund = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  checkoutSessionId: string
  paymentIntentId: string
  unmatchedPaymentId: string | null
  /** A whole number at 8 decimals. */
  amount: string
  /** Base units of the asset. */
  amountRaw: string
  assetId: string
  toAddress: string
  reason: string | null
  status: 'requires_signature' | 'submitted' | 'succeeded' | 'failed' | 'canceled'
  failure: 'reverted' | 'pays_something_else' | null
  transactionHash: string | null
  call: WalletCall
}

export type WalletCall = {
  chainId: number
  to: string
  data: string
  /** Base units of the asset. */
  value: string
}

export type CreateRefund = {
  /** Give back what was paid. */
  paymentIntentId?: string | undefined
  /** Give back this unmatched payment. */
  unmatchedPaymentId?: string | undefined
  /** Needed where the session was paid in several assets. */
  assetId?: string | undefined
  /** All that can be given back where it is left out. */
  amount?: Amount | undefined
  toAddress: string
  /** The same address once more, where it is, or looks like, one that a payment of the session came from. */
  confirmToAddress?: string | undefined
  reason?: string | null | undefined
}

export type SubmitRefund = {
  transactionHash: string
}

export type Balance = {
  chainId: number
  assetId: string
  asset: Asset
  /** Paid and not final yet; part of onDeposits while it was not swept. */
  pending: string
  /** What lies on deposit addresses now. */
  onDeposits: string
  /** All that has left deposit addresses towards your wallets. */
  swept: string
  /** All that your wallets gave back to payers. */
  refunded: string
}

export type Sweep = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  chainId: number
  status: 'planned' | 'submitted' | 'succeeded' | 'failed'
  failure: 'gas_exceeds_value' | 'not_sent' | 'reverted' | 'token_paused' | 'transfer_refused' | null
  transactionHash: string | null
  deposits: SweepDeposit[]
  call: WalletCall | null
}

export type SweepDeposit = {
  checkoutSessionId: string
  assetId: string
  /** What lay there when the sweep was planned, in base units. */
  amountRaw: string
}

export type CreateSweep = {
  chainId: number
  /** All assets where it is left out. */
  assetIds?: string[] | undefined
  /** All sessions where it is left out. */
  checkoutSessionIds?: string[] | undefined
}

export type WebhookEndpoint = {
  id: string
  description: string
  url: string
  secret: string | null
  isDisabled: boolean
  enabledEvents: WebhookEvents
  createdAt: string
  updatedAt: string
}

export type WebhookEvents = {
  events: (
    | '*'
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'checkout_session.canceled'
    | 'checkout_session.processing'
    | 'checkout_session.incomplete'
    | 'checkout_session.reverted'
    | 'checkout_session.exception'
    | 'payment_intent.succeeded'
    | 'payment_intent.processing'
    | 'payment_intent.payment_failed'
    | 'payment_intent.canceled'
    | 'payment.unmatched'
    | 'customer.subscription.created'
    | 'customer.subscription.started'
    | 'customer.subscription.updated'
    | 'customer.subscription.deleted'
    | 'customer.subscription.past_due'
    | 'customer.subscription.unpaid'
    | 'customer.subscription.incomplete_expired'
    | 'customer.subscription.paused'
    | 'customer.subscription.resumed'
    | 'invoice.finalized'
    | 'invoice.sent'
    | 'invoice.paid'
    | 'invoice.marked_as_paid'
    | 'invoice.marked_uncollectible'
    | 'invoice.payment_failed'
    | 'invoice.voided'
    | 'invoice.overdue'
    | 'refund.created'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'sweep.succeeded'
    | 'sweep.failed'
    | 'withdrawal_address.created'
    | 'withdrawal_address.updated'
    | 'withdrawal_address.deleted'
    | 'chain.degraded'
    | 'chain.recovered'
    | 'webhook_endpoint_test'
  )[]
}

export type CreateWebhookEndpoint = {
  description: string
  url: string
  enabledEvents: WebhookEvents
}

export type UpdateWebhookEndpoint = {
  description?: string | undefined
  url?: string | undefined
  enabledEvents?: WebhookEvents | undefined
  isDisabled?: boolean | undefined
}

export type MarkPaymentAsRefunded = {
  markRefundedComment?: string | null | undefined
}

export type Subscription = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  tags: string[]
  clientReferenceId: string | null
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  collectionMethod: 'superfluid' | 'charge_automatically' | 'send_invoice'
  interval: 'day' | 'week' | 'month' | 'year'
  intervalCount: number
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  status: 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'canceled' | 'unpaid' | 'paused'
  description: string | null
  metadata: Record<string, string> | null
  defaultPaymentMethodId: string | null
  defaultPaymentMethod: PaymentMethod | null
  customerId: string | null
  customer: Customer | null
  startDate: string | null
  endedAt: string | null
  cancelAt: string | null
  canceledAt: string | null
  lineItems: CheckoutSessionPriceItems
  cancellationReason: string | null
  currentPeriodEnd: string | null
  currentPeriodStart: string | null
  cancelAtPeriodEnd: boolean
}

export type SubscriptionCancel = {
  cancellationComment?: string | null | undefined
}

export type UpdateSubscription = {
  priceId: string
  quantity?: number | undefined
}

export type CustomerPortalSession = {
  id: string
  createdAt: string
  expiresAt: string
  organizationId: string
  customerId: string
  url: string
  returnUrl: string | null
}

export type CreateCustomerPortalSession = {
  customerId: string
  returnUrl?: string | undefined
}

export type Delivery = {
  id: string
  createdAt: string
  eventId: string
  eventType:
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'checkout_session.canceled'
    | 'checkout_session.processing'
    | 'checkout_session.incomplete'
    | 'checkout_session.reverted'
    | 'checkout_session.exception'
    | 'payment_intent.succeeded'
    | 'payment_intent.processing'
    | 'payment_intent.payment_failed'
    | 'payment_intent.canceled'
    | 'payment.unmatched'
    | 'customer.subscription.created'
    | 'customer.subscription.started'
    | 'customer.subscription.updated'
    | 'customer.subscription.deleted'
    | 'customer.subscription.past_due'
    | 'customer.subscription.unpaid'
    | 'customer.subscription.incomplete_expired'
    | 'customer.subscription.paused'
    | 'customer.subscription.resumed'
    | 'invoice.finalized'
    | 'invoice.sent'
    | 'invoice.paid'
    | 'invoice.marked_as_paid'
    | 'invoice.marked_uncollectible'
    | 'invoice.payment_failed'
    | 'invoice.voided'
    | 'invoice.overdue'
    | 'refund.created'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'sweep.succeeded'
    | 'sweep.failed'
    | 'withdrawal_address.created'
    | 'withdrawal_address.updated'
    | 'withdrawal_address.deleted'
    | 'chain.degraded'
    | 'chain.recovered'
    | 'webhook_endpoint_test'
  webhookEndpointId: string
  /** How many attempts were made. */
  attempt: number
  status: 'pending' | 'succeeded' | 'failed'
  attemptedAt: string | null
  responseStatus: number | null
  /** The first kilobyte of the answer. */
  responseBody: string | null
  /** What kept a whole answer from arriving. */
  error: string | null
  durationMs: number | null
  nextAttemptAt: string | null
}

export type Event = {
  id: string
  createdAt: string
  apiVersion: '2023-01-11'
  type:
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'checkout_session.canceled'
    | 'checkout_session.processing'
    | 'checkout_session.incomplete'
    | 'checkout_session.reverted'
    | 'checkout_session.exception'
    | 'payment_intent.succeeded'
    | 'payment_intent.processing'
    | 'payment_intent.payment_failed'
    | 'payment_intent.canceled'
    | 'payment.unmatched'
    | 'customer.subscription.created'
    | 'customer.subscription.started'
    | 'customer.subscription.updated'
    | 'customer.subscription.deleted'
    | 'customer.subscription.past_due'
    | 'customer.subscription.unpaid'
    | 'customer.subscription.incomplete_expired'
    | 'customer.subscription.paused'
    | 'customer.subscription.resumed'
    | 'invoice.finalized'
    | 'invoice.sent'
    | 'invoice.paid'
    | 'invoice.marked_as_paid'
    | 'invoice.marked_uncollectible'
    | 'invoice.payment_failed'
    | 'invoice.voided'
    | 'invoice.overdue'
    | 'refund.created'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'sweep.succeeded'
    | 'sweep.failed'
    | 'withdrawal_address.created'
    | 'withdrawal_address.updated'
    | 'withdrawal_address.deleted'
    | 'chain.degraded'
    | 'chain.recovered'
    | 'webhook_endpoint_test'
  object: string
  objectId: string
  /** The number of the event among those of its object. */
  sequence: number
  data: {
    object: Record<string, unknown>
  }
  deliveries: DeliveryCounts
}

export type DeliveryCounts = {
  pending: number
  succeeded: number
  failed: number
}

export type ResendEvent = {
  /** Tell this endpoint alone, whatever it asks for; else all that ask for the type now. */
  webhookEndpointId?: string | undefined
}

export type Product = PublicProduct & {
  defaultPrice: PublicPrice | null
}

export type CreateProduct = {
  name: string
  description?: string | null | undefined
  images?: string[] | undefined
  unitLabel?: string | null | undefined
  url?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  isActive?: boolean | undefined
  visibility?: 10 | 20 | undefined
  defaultPriceData: DefaultPriceData
}

export type DefaultPriceData = {
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  unitAmount: Amount
  type?: 'one_time' | 'recurring' | 'streaming' | undefined
  interval?: 'day' | 'week' | 'month' | 'year' | null | undefined
  intervalCount?: number | null | undefined
}

export type UpdateProduct = {
  name?: string | undefined
  description?: string | null | undefined
  images?: string[] | undefined
  unitLabel?: string | null | undefined
  url?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  isActive?: boolean | undefined
  visibility?: 10 | 20 | undefined
  defaultPriceId?: string | undefined
}

export type PaymentLink = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  url: string
  type: 'one_time' | 'multiple'
  /** A whole number at 8 decimals. */
  amount: string | null
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  currencies: ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[] | null
  preferredCurrency: 'usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd' | null
  title: string
  description: string | null
  image: string | null
  publicImage: string | null
  tags: string[]
  isActive: boolean
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields: PaymentLinkCustomField | null
  submitType: 'pay' | 'book' | 'donate'
  afterCompletion: 'redirect' | 'hosted_confirmation'
  afterCompletionRedirectUrl: string | null
  afterCompletionConfirmMsg: string | null
  suggestedCurrency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
  suggestedAmounts: string[] | null
  productId: string | null
  allowedChains: PaymentLinkChain[] | null
  interval: 'day' | 'week' | 'month' | 'year' | null
  intervalCount: number | null
  priceType: 'one_time' | 'recurring' | 'streaming'
  allowPromotionCodes: boolean
}

export type PaymentLinkCustomField = {
  fields: PaymentLinkCustomFields[]
}

export type PaymentLinkCustomFields = {
  key: string
  type: 'text' | 'numeric' | 'dropdown'
  label: CustomFieldLabel
  optional?: boolean | undefined
  text?: InputField | undefined
  numeric?: InputField | undefined
  dropdown?: DropdownField | undefined
}

export type PaymentLinkChain = {
  chainId: number
  isPreferred: boolean
}

export type CreatePaymentLink = {
  type: 'one_time' | 'multiple'
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  amount?: Amount | null | undefined
  currency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
    | undefined
  currencies?:
    | ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[]
    | null
    | undefined
  preferredCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | null
    | undefined
  title: string
  description?: string | null | undefined
  image?: string | null | undefined
  tags: string[]
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields?: PaymentLinkCustomField | null | undefined
  submitType: 'pay' | 'book' | 'donate'
  afterCompletion: 'redirect' | 'hosted_confirmation'
  afterCompletionRedirectUrl?: string | null | undefined
  afterCompletionConfirmMsg?: string | null | undefined
  suggestedCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
    | undefined
  suggestedAmounts?: Amount[] | null | undefined
  productId?: string | null | undefined
  allowPromotionCodes?: boolean | undefined
  allowedChains?: PaymentLinkChain[] | null | undefined
}

export type UpdatePaymentLink = {
  type?: 'one_time' | 'multiple' | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  amount?: Amount | null | undefined
  currency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
    | undefined
  currencies?:
    | ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[]
    | null
    | undefined
  preferredCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | null
    | undefined
  title?: string | undefined
  description?: string | null | undefined
  image?: string | null | undefined
  tags?: string[] | undefined
  nameCollection?: boolean | undefined
  emailCollection?: boolean | undefined
  phoneNumberCollection?: boolean | undefined
  shippingAddressCollection?: boolean | undefined
  billingAddressCollection?: boolean | undefined
  customFields?: PaymentLinkCustomField | null | undefined
  submitType?: 'pay' | 'book' | 'donate' | undefined
  afterCompletion?: 'redirect' | 'hosted_confirmation' | undefined
  afterCompletionRedirectUrl?: string | null | undefined
  afterCompletionConfirmMsg?: string | null | undefined
  suggestedCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
    | undefined
  suggestedAmounts?: Amount[] | null | undefined
  productId?: string | null | undefined
  allowPromotionCodes?: boolean | undefined
  allowedChains?: PaymentLinkChain[] | null | undefined
}

export type Price = PublicPrice & {
  nickname: string | null
  isPublic: boolean
}

export type CreatePrice = {
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  type?: 'one_time' | 'recurring' | 'streaming' | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  unitAmount?: Amount | null | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  customUnitMin?: Amount | null | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  customUnitMax?: Amount | null | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  customPreset?: Amount | null | undefined
  customUnitAmountSuggestions?: Amount[] | null | undefined
  interval?: 'day' | 'week' | 'month' | 'year' | null | undefined
  intervalCount?: number | null | undefined
  nickname?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  isPublic?: boolean | undefined
  visibility?: 10 | 20 | undefined
  productId?: string | null | undefined
  productData?: ProductData | null | undefined
}

export type UpdatePrice = {
  nickname?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  isActive?: boolean | undefined
  isPublic?: boolean | undefined
  visibility?: 10 | 20 | undefined
}

export type CreateCustomer = {
  email: string
  name?: string | null | undefined
  phone?: string | null | undefined
  organizationName?: string | null | undefined
  address?: AddressDetail | null | undefined
  shipping?: FullAddressDetail | null | undefined
  metadata?: Record<string, string> | null | undefined
  taxIds?: CreateTaxIds | null | undefined
  customerReferenceId?: string | null | undefined
  visibility?: 10 | 20 | undefined
}

export type UpdateCustomer = {
  email?: string | undefined
  name?: string | null | undefined
  phone?: string | null | undefined
  organizationName?: string | null | undefined
  address?: AddressDetail | null | undefined
  shipping?: FullAddressDetail | null | undefined
  metadata?: Record<string, string> | null | undefined
  taxIds?: CreateTaxIds | null | undefined
  visibility?: 10 | 20 | undefined
}

export type Coupon = {
  id: string
  organizationId: string
  createdAt: string
  updatedAt: string
  name: string
  percentOff: number | null
  /** A whole number at 8 decimals. */
  amountOff: string | null
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
  maxRedemptions: number | null
  maxRedemptionsPerCustomer: number | null
  redeemBy: string | null
  isEnable: boolean
  isArchived: boolean
  archivedAt: string | null
  metadata: Record<string, string> | null
  promotionCodes: PromotionCodeSlim[]
  status: 'active' | 'expired' | 'disabled' | 'limit_reached'
  timesRedeemed: number
}

export type PromotionCodeSlim = {
  id: string
  organizationId: string
  createdAt: string
  code: string
  couponId: string
  isActive: boolean
  expiredAt: string | null
  maxRedemptions: number | null
  metadata: Record<string, string> | null
}

export type CreateCoupon = {
  name: string
  maxRedemptions?: number | null | undefined
  maxRedemptionsPerCustomer?: number | null | undefined
  redeemBy?: string | Date | null | undefined
  metadata?: Record<string, string> | null | undefined
  percentOff?: number | null | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  amountOff?: Amount | null | undefined
  currency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
    | undefined
  isEnable?: boolean | undefined
  promotionCodeData: PromotionCodeItems
}

export type PromotionCodeItems = {
  data: PromotionCodeData[]
}

export type PromotionCodeData = {
  code: string
  expiredAt?: string | Date | null | undefined
  maxRedemptions?: number | null | undefined
  metadata?: Record<string, string> | null | undefined
}

export type UpdateCoupon = {
  name?: string | undefined
  maxRedemptions?: number | null | undefined
  maxRedemptionsPerCustomer?: number | null | undefined
  redeemBy?: string | Date | null | undefined
  metadata?: Record<string, string> | null | undefined
  isEnable?: boolean | undefined
}

export type TaxRate = {
  id: string
  createdAt: string
  updatedAt: string
  name: string
  description: string | null
  country: string | null
  percentage: number
  type: 'exclusive' | 'inclusive'
  isActive: boolean
  metadata: Record<string, string> | null
}

export type CreateTaxRate = {
  name: string
  description?: string | null | undefined
  country?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  percentage: number
  type?: 'exclusive' | 'inclusive' | undefined
  isActive?: boolean | undefined
}

export type UpdateTaxRate = {
  name?: string | undefined
  description?: string | null | undefined
  country?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  isActive?: boolean | undefined
}

export type Invoice = {
  id: string
  createdAt: string
  updatedAt: string
  organizationId: string
  description: string | null
  /** A whole number at 8 decimals. */
  total: string
  /** A whole number at 8 decimals. */
  subTotal: string
  /** A whole number at 8 decimals. */
  totalTax: string
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
    | null
  customerId: string
  customer: Customer | null
  autoAdvance: boolean
  collectionMethod: 'charge_automatically' | 'send_invoice'
  invoiceType: 'one_time' | 'recurring'
  customFields: InvoiceCustomField | null
  paymentSettingId: string
  paymentSetting: PaymentSetting
  status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
  attempted: boolean
  attemptCount: number
  nextPaymentAttempt: string | null
  dueDate: string | null
  footer: string | null
  fromInvoiceId: string | null
  latestRevisionId: string | null
  invoicePdfUrl: string | null
  invoiceNumber: string | null
  paid: boolean
  paidOutOfBand: boolean
  metadata: Record<string, string> | null
  clientReferenceId: string | null
  lineItems: InvoicePriceItems
  finalizedAt: string | null
  sentAt: string | null
  paidAt: string | null
  voidedAt: string | null
  markedUncollectibleAt: string | null
  visibility: 10 | 20
  paymentIntentId: string | null
  paymentIntent: PaymentIntent | null
  paymentIntentAttempt: PaymentIntentAttempt[]
  url: string
  subscriptionId: string | null
  periodStart: string | null
  periodEnd: string | null
  billingReason:
    | 'subscription_cycle'
    | 'subscription_create'
    | 'subscription_update'
    | 'subscription'
    | 'manual'
    | 'upcoming'
    | 'subscription_threshold'
  allowPromotionCodes: boolean
  finalizeScheduleAt: string | null
  taxRateIds: string[]
}

export type InvoiceCustomField = {
  fields: InvoiceCustomFields[]
}

export type InvoiceCustomFields = {
  name: string
  value: string
}

export type PaymentSetting = {
  id: string
  createdAt: string
  updatedAt: string
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  /** Null: all with a withdrawal address. */
  allowedChains: PaymentSettingChain[] | null
  /** Null: all that the chains have. */
  allowedCurrencies: ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[] | null
  preferredChainId: number | null
  preferredCurrency: 'usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd' | null
  allowSwap?: boolean | undefined
  applyFee?: boolean | undefined
  feePercentage: number
  applyGasFee?: boolean | undefined
  allowSplitPayments: boolean
  slippagePercentage?: number | undefined
  /** How much less than asked completes a session, in basis points. */
  toleranceBps?: number | undefined
  /** Where you wait for more confirmations than the server does. */
  confirmations?: ConfirmationsSetting[] | undefined
  /** How much is taken before finality, in US dollars at 8 decimals. */
  fastCap?: string | undefined
  sweepPolicy?: 'manual' | 'now' | 'worth' | 'daily' | undefined
  /** With the policy `worth`: swept once it is worth so many times the gas that it takes. */
  sweepWorth?: number | undefined
}

export type ConfirmationsSetting = {
  chainId: number
  wait: number | 'finalized'
}

export type InvoicePriceItems = {
  object: 'list'
  data: InvoicePriceItem[]
}

export type InvoicePriceItem = CheckoutSessionPriceItem

export type PaymentIntentAttempt = {
  id: string
  createdAt: string
  updatedAt: string
  errorCode: (ErrorCode & string) | null
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error' | 'chain_error' | 'unknown'
  declineCode: string | null
  paymentIntentId: string
  paymentMethodType: 'superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay'
  docUrl: string | null
  status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'requires_capture'
    | 'canceled'
    | 'succeeded'
}

export type CreateInvoice = {
  description?: string | null | undefined
  customFields?: InvoiceCustomField | null | undefined
  dueDate?: string | Date | null | undefined
  footer?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  clientReferenceId?: string | null | undefined
  visibility?: 10 | 20 | undefined
  allowPromotionCodes?: boolean | undefined
  lineItems?: CreatePriceItems | undefined
  paymentSetting?: CreateInvoicePaymentSetting | null | undefined
  taxRateIds?: string[] | undefined
  customerId?: string | undefined
  fromInvoiceId?: string | undefined
}

export type CreatePriceItems = {
  data: CreateCheckoutSessionLineItem[]
}

export type CreateInvoicePaymentSetting = {
  allowedChains?: PaymentSettingChain[] | null | undefined
  preferredChainId?: number | null | undefined
  preferredCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | null
    | undefined
  allowSwap?: boolean | undefined
}

export type UpdateInvoice = {
  description?: string | null | undefined
  customFields?: InvoiceCustomField | null | undefined
  dueDate?: string | Date | null | undefined
  footer?: string | null | undefined
  metadata?: Record<string, string> | null | undefined
  clientReferenceId?: string | null | undefined
  visibility?: 10 | 20 | undefined
  allowPromotionCodes?: boolean | undefined
  lineItems?: CreatePriceItems | undefined
  paymentSetting?: CreateInvoicePaymentSetting | null | undefined
  taxRateIds?: string[] | undefined
}

export type InvoiceSend = {
  cc?: string[] | undefined
  finalizeScheduleAt?: string | Date | null | undefined
}

export type Chain = ChainSlim & {
  assets: Asset[]
  isTestnet: boolean
  isEIP1559Supported: boolean
  hasMonitoring: boolean
  forkOf: number | null
  isPublic: boolean
  health: ChainHealth
}

export type ChainHealth = {
  status: 'ok' | 'degraded' | 'off'
  reason:
    | 'wrong_chain'
    | 'halted_deep_reorg'
    | 'factory_missing'
    | 'probe_failed'
    | 'finality_unknown'
    | 'providers_missing'
    | 'halted'
    | 'quorum_missing'
    | 'finality_stalled'
    | null
  since: string | null
}

export type Quote = {
  id: string
  createdAt: string
  expiresAt: string
  from:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  to:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  /** A whole number at 8 decimals. */
  amountFrom: string
  /** A whole number at 8 decimals. */
  amountTo: string
  /** Units of `to` for one of `from`, in decimals. */
  rate: string
  sources: string[]
}

export type CreateQuote = {
  from:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  to:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  amountFrom?: Amount | undefined
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  amountTo?: Amount | undefined
}

export type CurrencyPrices = {
  prices: CurrencyPrice[]
}

export type CurrencyPrice = {
  /** US dollars for one whole unit. */
  price: number
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  coingeckoId: string | null
}

export type StorageFile = {
  /** Where our own origin serves it. */
  filePath: string
  imageUrl: string
}

export type Organization = {
  id: string
  createdAt: string
  updatedAt: string
  name: string
  type: string
  status: 'pending' | 'active' | 'suspended'
  kind: 'individual' | 'business'
  ownerId: string | null
  noOfEmployees: string
  monthlyPaymentVolume: string
  addresses: WithdrawalAddressMinimal[]
  email: string | null
  supportEmail: string | null
  phone: string | null
  addressDetails: AddressDetail | null
  brandLogo: string | null
  brandColor: string
  supportUrl: string | null
  termsUrl: string | null
  privacyUrl: string | null
  websiteUrl: string | null
  /** The exact origins of your sites that may show the payer's page in a frame. */
  embedOrigins: string[]
  featureAccessRequests: string[]
  companyIdentificationNumber: string | null
  taxIdentificationNumber: string | null
  referralCode: string | null
  referrerId: string | null
}

export type WithdrawalAddressMinimal = {
  id: string
  name: string
  address: string
  chainId: number
  isDefault: boolean
}

export type UpdateOrganization = {
  name?: string | undefined
  kind?: 'individual' | 'business' | undefined
  noOfEmployees?: string | undefined
  monthlyPaymentVolume?: string | undefined
  email?: string | null | undefined
  supportEmail?: string | null | undefined
  phone?: string | null | undefined
  addressDetails?: AddressDetail | null | undefined
  supportUrl?: string | null | undefined
  termsUrl?: string | null | undefined
  privacyUrl?: string | null | undefined
  websiteUrl?: string | null | undefined
  embedOrigins?: string[] | undefined
  companyIdentificationNumber?: string | null | undefined
  taxIdentificationNumber?: string | null | undefined
}

export type UpdateBrand = {
  brandLogo?: Blob | undefined
  brandColor?: string | undefined
}

export type UpdateOrganizationPaymentSetting = {
  preferredChainId?: number | null | undefined
  preferredCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | null
    | undefined
  allowSwap?: boolean | undefined
  applyFee?: boolean | undefined
  applyGasFee?: boolean | undefined
  allowSplitPayments?: boolean | undefined
  slippagePercentage?: number | undefined
  allowedChains?:
    | {
        chainId: number
        blacklistCurrencies?:
          | ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[]
          | undefined
      }[]
    | null
    | undefined
  allowedCurrencies?:
    | ('usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd')[]
    | null
    | undefined
  feePercentage?: number | undefined
  toleranceBps?: number | undefined
  confirmations?: AskedConfirmations[] | undefined
  fastCap?: string | undefined
  sweepPolicy?: 'manual' | 'now' | 'worth' | 'daily' | undefined
  sweepWorth?: number | undefined
}

export type AskedConfirmations = {
  chainId: number
  wait: number | 'finalized'
}

export type InvoiceSetting = {
  id: string
  createdAt: string
  updatedAt: string
  numberingScheme?: 'merchant_level' | 'customer_level' | undefined
  invoicePrefix: string
  nextInvoiceSequence: number
  description: string | null
  footer: string | null
}

export type UpdateInvoiceSetting = {
  numberingScheme?: 'merchant_level' | 'customer_level' | undefined
  invoicePrefix?: string | undefined
  nextInvoiceSequence?: number | undefined
  description?: string | null | undefined
  footer?: string | null | undefined
}

export type WithdrawalAddress = {
  id: string
  name: string
  address: string
  chainId: number
  isDefault: boolean
  /** When a signature last proved at the dashboard that the wallet is yours; null where none did since it was changed. */
  provedAt: string | null
  createdAt: string
  updatedAt: string
}

export type CreateWithdrawalAddress = {
  name: string
  address: string
  chainId: number
}

export type UpdateWithdrawalAddress = {
  name?: string | undefined
  address?: string | undefined
}

export type AuthUser = {
  id: string
  firstName: string
  lastName: string
  email: string
  address: string | null
  role: string
  accountType: 'email' | 'wallet'
  profilePicture: string | null
  flags: UserFlags
  phone: string | null
  position: string | null
  status: 'pending' | 'active' | 'suspended'
  organization: AuthOrganizationMinimal
  createdAt: string
  updatedAt: string
}

export type UserFlags = Record<string, boolean>

export type AuthOrganizationMinimal = {
  id: string
  name: string
  type: string
  status: 'pending' | 'active' | 'suspended'
  ownerId: string | null
  createdAt: string
  updatedAt: string
  paymentSetting: PaymentSetting
  features: Record<string, unknown>
  referralCode: string | null
}

export type User = {
  id: string
  firstName: string
  lastName: string
  email: string
  role: 'owner' | 'admin' | 'developer' | 'support' | 'viewer'
  profilePicture: string | null
  phone: string | null
  position: string | null
  status: 'pending' | 'active' | 'suspended'
  createdAt: string
  updatedAt: string
  flags: UserFlags
}

export type UpdateUserRole = {
  role?: 'owner' | 'admin' | 'developer' | 'support' | 'viewer' | undefined
}

export type UserInvite = {
  id: string
  email: string
  role: 'owner' | 'admin' | 'developer' | 'support' | 'viewer'
  organizationId: string
  /** Shown by the answers to create and resend only: whoever has it may join. */
  inviteUrl: string | null
  status: 'pending' | 'accepted' | 'rejected'
  expireAt: string
}

export type InviteUser = {
  email: string
  role: 'owner' | 'admin' | 'developer' | 'support' | 'viewer'
}

export type ApiKey = {
  id: string
  createdAt: string
  /** The person who made it, who may have left since; the key works on. Null where the server did. */
  createdBy: string | null
  name: string
  type: 'secret' | 'restricted' | 'publishable'
  scopes: (
    | '*'
    | 'checkout_sessions:read'
    | 'checkout_sessions:write'
    | 'payment_links:read'
    | 'payment_links:write'
    | 'products:read'
    | 'products:write'
    | 'prices:read'
    | 'prices:write'
    | 'customers:read'
    | 'customers:write'
    | 'invoices:read'
    | 'invoices:write'
    | 'subscriptions:read'
    | 'subscriptions:write'
    | 'payment_intents:read'
    | 'payment_intents:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'coupons:read'
    | 'coupons:write'
    | 'tax_rates:read'
    | 'tax_rates:write'
    | 'webhook_endpoints:read'
    | 'webhook_endpoints:write'
    | 'events:read'
    | 'events:write'
    | 'balances:read'
    | 'balances:write'
    | 'organization:read'
    | 'organization:write'
  )[]
  prefix: string
  lastFour: string
  /** To the minute. */
  lastUsedAt: string | null
  expiresAt: string | null
  revokedAt: string | null
  token: string | null
}

export type CreateApiKey = {
  name: string
  type: 'secret' | 'restricted' | 'publishable'
  /** What a restricted key may do. */
  scopes?:
    | (
        | '*'
        | 'checkout_sessions:read'
        | 'checkout_sessions:write'
        | 'payment_links:read'
        | 'payment_links:write'
        | 'products:read'
        | 'products:write'
        | 'prices:read'
        | 'prices:write'
        | 'customers:read'
        | 'customers:write'
        | 'invoices:read'
        | 'invoices:write'
        | 'subscriptions:read'
        | 'subscriptions:write'
        | 'payment_intents:read'
        | 'payment_intents:write'
        | 'refunds:read'
        | 'refunds:write'
        | 'coupons:read'
        | 'coupons:write'
        | 'tax_rates:read'
        | 'tax_rates:write'
        | 'webhook_endpoints:read'
        | 'webhook_endpoints:write'
        | 'events:read'
        | 'events:write'
        | 'balances:read'
        | 'balances:write'
        | 'organization:read'
        | 'organization:write'
      )[]
    | undefined
  expiresAt?: string | Date | null | undefined
}

export type RollApiKey = {
  /** How long the old key works beside the new one, in milliseconds: up to 7 days. */
  overlapMs?: number | undefined
  /** When the old key ends, in place of overlapMs. */
  expiresAt?: string | Date | undefined
}

export type AccountOnboardResponse = {
  id: string
  organization: Organization
  user: User
  paymentSetting: PaymentSetting
  webhookEndpoints: WebhookEndpoint[]
  withdrawalAddresses: WithdrawalAddress[]
  personalAccessToken: PersonalAccessTokenWithPlainToken
}

export type PersonalAccessTokenWithPlainToken = {
  id: string
  name: string
  tokenIdentifier: string
  organizationId: string
  userId: string | null
  createdAt: string
  updatedAt: string
  /** A secret key of the account, shown once. */
  token: string | null
}

export type AccountOnboard = {
  email: string
  name: string
  website?: string | null | undefined
  phone?: string | null | undefined
  brandColor?: string | undefined
  addressDetails?: AddressDetail | null | undefined
  paymentSetting?: UpdatePaymentSetting | undefined
  withdrawalAddresses?: CreateWithdrawalAddress[] | undefined
  webhookEndpoints?: CreateWebhookEndpoint[] | undefined
}

export type UpdatePaymentSetting = {
  preferredChainId?: number | null | undefined
  preferredCurrency?:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | null
    | undefined
  allowSwap?: boolean | undefined
  applyFee?: boolean | undefined
  applyGasFee?: boolean | undefined
  allowSplitPayments?: boolean | undefined
  slippagePercentage?: number | undefined
}

export type Faucet = {
  transactionHash: string
  amountRaw: string
  currency: string
  chainId: number
  address: string
}

export type UseFaucet = {
  address: string
  currency: 'usdc' | 'usdt' | 'dai' | 'eth' | 'btc' | 'matic' | 'pol' | 'bnb' | 'eurc' | 'pyusd'
  chainId: number
}

export type Simulation = {
  checkoutSessionId: string
  outcome: 'paid' | 'underpaid' | 'overpaid' | 'late' | 'wrong_token' | 'wrong_chain' | 'reorged' | 'replaced' | 'batch'
  transactionHashes: string[]
}

export type Simulate = {
  checkoutSessionId: string
  outcome: 'paid' | 'underpaid' | 'overpaid' | 'late' | 'wrong_token' | 'wrong_chain' | 'reorged' | 'replaced' | 'batch'
}

export type TestClock = {
  now: string
  advancedMs: number
}

export type AdvanceClock = {
  advanceMs: number
}

export type PaymentPage = {
  id: string
  createdAt: string
  updatedAt: string
  mode: 'payment' | 'subscription'
  paymentLinkId: string | null
  subscriptionId: string | null
  invoiceId: string | null
  /** A whole number at 8 decimals. */
  amountTotal: string
  /** A whole number at 8 decimals. */
  amountSubtotal: string
  amountDetails: CheckoutSessionAmountDetail
  currency:
    | 'usdc'
    | 'usdt'
    | 'dai'
    | 'eth'
    | 'btc'
    | 'matic'
    | 'pol'
    | 'bnb'
    | 'eurc'
    | 'pyusd'
    | 'usd'
    | 'eur'
    | 'gbp'
    | 'cad'
    | 'aud'
    | 'sgd'
    | 'inr'
  paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
  paymentSetting: CheckoutSessionPaymentSetting
  status: 'open' | 'complete' | 'incomplete' | 'expired'
  paymentStatus: 'unpaid' | 'paid'
  expiresAt: string
  customerDetails: CheckoutSessionCustomer
  customerCreation: 'if_required' | 'always'
  customerUpdate: CheckoutSessionCustomerUpdate | null
  url: string
  successUrl: string
  cancelUrl: string | null
  submitType?: 'pay' | 'book' | 'donate' | undefined
  nameCollection: boolean
  emailCollection: boolean
  phoneNumberCollection: boolean
  shippingAddressCollection: boolean
  billingAddressCollection: boolean
  customFields: CheckoutSessionCustomField | null
  afterCompletion: 'redirect' | 'hosted_confirmation' | null
  afterCompletionConfirmMsg: string | null
  shippingDetails: FullAddressDetail | null
  billingDetails: FullAddressDetail | null
  lineItems: {
    object: 'list'
    data: (CheckoutSessionPriceItem & {
      price?:
        | {
            id: string
            createdAt: string
            updatedAt: string
            billingScheme: 'per_unit'
            currency:
              | 'usdc'
              | 'usdt'
              | 'dai'
              | 'eth'
              | 'btc'
              | 'matic'
              | 'pol'
              | 'bnb'
              | 'eurc'
              | 'pyusd'
              | 'usd'
              | 'eur'
              | 'gbp'
              | 'cad'
              | 'aud'
              | 'sgd'
              | 'inr'
            productId: string
            interval: 'day' | 'week' | 'month' | 'year' | null
            intervalCount: number | null
            isActive: boolean
            usageType: 'licensed'
            type: 'one_time' | 'recurring' | 'streaming'
            /** A whole number at 8 decimals. */
            unitAmount: string | null
            unitAmountDecimal: string | null
            /** A whole number at 8 decimals. */
            customUnitMax: string | null
            /** A whole number at 8 decimals. */
            customUnitMin: string | null
            /** A whole number at 8 decimals. */
            customPreset: string | null
            customUnitAmountSuggestions: string[] | null
            product: {
              id: string
              createdAt: string
              updatedAt: string
              name: string
              description: string | null
              isActive: boolean
              images: string[]
              publicImages: string[]
              unitLabel: string | null
              url: string | null
              defaultPriceId: string | null
              visibility: 10 | 20
            }
            visibility: 10 | 20
          }
        | undefined
    })[]
  }
  addresses: {
    id: string
    createdAt: string
    updatedAt: string
    checkoutSessionId: string
    asset: CheckoutSessionAsset
    paymentAddress: string
    gas: number | null
    /** A whole number at 8 decimals. */
    gasAmount: string | null
    /** A whole number at 8 decimals. */
    amount: string
    /** Base units of the asset. */
    amountRaw: string
    /** Base units of the asset. */
    amountReceivedRaw: string
    confirmations: {
      required: number
      best: number
    }
    uri: string
    /** The rates that the amount was locked with: US dollars for a unit of the price, and of the coin. */
    quote: {
      fromUsd: string
      toUsd: string
      sources: string[]
      at: string
    } | null
  }[]
  paymentIntent: {
    id: string
    createdAt: string
    updatedAt: string
    /** A whole number at 8 decimals. */
    amount: string
    /** A whole number at 8 decimals. */
    amountReceived: string | null
    currency:
      | 'usdc'
      | 'usdt'
      | 'dai'
      | 'eth'
      | 'btc'
      | 'matic'
      | 'pol'
      | 'bnb'
      | 'eurc'
      | 'pyusd'
      | 'usd'
      | 'eur'
      | 'gbp'
      | 'cad'
      | 'aud'
      | 'sgd'
      | 'inr'
    status:
      | 'requires_payment_method'
      | 'requires_confirmation'
      | 'requires_action'
      | 'processing'
      | 'requires_capture'
      | 'canceled'
      | 'succeeded'
    paymentMethodId: string | null
    paymentMethod: PaymentMethod | null
    description: string | null
    paymentMethodTypes: ('superfluid' | 'wallet' | 'allowance_based_recurring' | 'stripe' | 'binance_pay')[]
    transferAccountAddress: string | null
    transactions: Transaction[]
    paymentReceipt: PaymentReceipt | null
    canceledAt: string | null
    cancellationReason: string | null
    stripe: StripeData | null
    isMarkRefunded: boolean | null
    markRefundedAt: string | null
    markRefundedComment: string | null
    exceptions: (
      | 'underpaid'
      | 'overpaid'
      | 'duplicate'
      | 'late'
      | 'wrong_token'
      | 'wrong_chain'
      | 'replaced'
      | 'reorged'
      | 'refunded_without_payment'
    )[]
  }
  isMarkRefunded: boolean
  allowPromotionCodes: boolean
  discounts: CheckoutSessionDiscount[]
  defaultPromotionCode: string | null
  isManualPayment: boolean
  exceptions: (
    | 'underpaid'
    | 'overpaid'
    | 'duplicate'
    | 'late'
    | 'wrong_token'
    | 'wrong_chain'
    | 'replaced'
    | 'reorged'
    | 'refunded_without_payment'
  )[]
  isTest: boolean
  brand: {
    name: string
    logo: string | null
    color: string | null
    supportUrl: string | null
    termsUrl: string | null
    privacyUrl: string | null
  }
  /** What the payer is still asked for, as the places of a request to …/details. */
  missingDetails: string[]
  /** Whether details, an open amount and the promotion code may still change: until money is seen or time is up. */
  isChangeable: boolean
  serverTime: string
  chains: {
    id: number
    health: 'ok' | 'slow' | 'halted' | 'unstable'
  }[]
}

export type SetDiscount = {
  code?: string | null | undefined
}

export type SetDetails = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  shippingDetails?: FullAddressDetail | null | undefined
  billingDetails?: FullAddressDetail | null | undefined
  customFields?: Record<string, string> | undefined
}

export type SetAmount = {
  /** A whole number at 8 decimals for every currency: 1 USDC is "100000000". A JSON integer up to 2^53-1 is accepted too. */
  unitAmount: Amount
}
