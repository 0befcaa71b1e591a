import type { CustomField, FullAddress } from '../../domain/session.ts'

/** A chain as the payer sees it; `type` names the family of wallets that can reach it. */
export type PaymentPageChain = {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly blockExplorerName: string
  readonly blockExplorerTransactionUrl: string
}

/** A coin or token on one chain; `address` is the token contract, the zero address for a native coin. */
export type PaymentPageAsset = {
  readonly id: string
  readonly name: string
  readonly symbol: string
  readonly address: string
  readonly chainId: number
  readonly decimals: number
  readonly chain: PaymentPageChain
}

/**
 * One way to pay: an asset, its address, and its due both in amt8 and in base units.
 * `amountReceivedRaw` counts pending and final money. `confirmations` are those of what was seen on this row, `best` being 0
 * while nothing is in a block. `uri` is EIP-681 or BIP-21. `quote` are the rates of a price in a state currency, US dollars for
 * one whole unit as decimal text; null where the price is in this very coin.
 */
export type PaymentPageAddress = {
  readonly id: string
  readonly asset: PaymentPageAsset
  readonly paymentAddress: string
  readonly amount: string
  readonly amountRaw: string
  readonly amountReceivedRaw: string
  readonly confirmations: { readonly required: number; readonly best: number }
  readonly uri: string
  readonly quote: { readonly fromUsd: string; readonly toUsd: string } | null
}

/** A price of the cart, amounts in amt8; without `unitAmount` the payer chooses it within the bounds, of which null is none. */
export type PaymentPagePrice = {
  readonly unitAmount: string | null
  readonly customUnitMin: string | null
  readonly customUnitMax: string | null
  readonly customPreset: string | null
  readonly customUnitAmountSuggestions: readonly string[] | null
  readonly product: { readonly name: string; readonly description: string | null }
}

/** One line of the cart, amounts in amt8 of `currency`; a tax of type `inclusive` is part of the price. */
export type PaymentPageLineItem = {
  readonly description: string | null
  readonly quantity: number
  readonly amountTotal: string
  readonly amountSubtotal: string
  readonly currency: string
  readonly taxRates: readonly {
    readonly id: string
    readonly name: string
    readonly percentage: number
    readonly type: 'exclusive' | 'inclusive'
    readonly amount: string
  }[]
  readonly price: PaymentPagePrice
}

/** A payment that was seen on chain; `transactionHash` is null for money whose transaction is not known. */
export type PaymentPageTransaction = {
  readonly transactionHash: string | null
  readonly transactionUrl: string | null
  readonly amountRaw: string
  readonly createdAt: string
  readonly asset: { readonly symbol: string; readonly decimals: number; readonly chain: { readonly name: string } }
}

/** How a chain is doing now: `slow` still confirms, `halted` makes no blocks, `unstable` is not to be paid on. */
export type ChainHealth = 'ok' | 'slow' | 'halted' | 'unstable'

/**
 * What the payer's page shows of a checkout session: the payer's view of the API (api.md 4), of which the page reads these fields.
 * Amounts are digit strings (amt8, or base units where the name ends in `Raw`), times ISO-8601 UTC with milliseconds.
 */
export type PaymentPage = {
  readonly id: string
  readonly status: 'open' | 'complete' | 'incomplete' | 'expired'
  readonly paymentStatus: 'unpaid' | 'paid'
  readonly isTest: boolean
  readonly exceptions: readonly string[]
  readonly currency: string
  readonly amountTotal: string
  readonly amountSubtotal: string
  readonly amountDetails: {
    readonly amountDiscount: string
    readonly amountTax: string
    readonly amountFee: string
    readonly amountGasFee: string | null
  } | null
  readonly submitType: 'pay' | 'book' | 'donate'
  readonly isChangeable: boolean
  readonly missingDetails: readonly string[]
  readonly nameCollection: boolean
  readonly emailCollection: boolean
  readonly phoneNumberCollection: boolean
  readonly shippingAddressCollection: boolean
  readonly billingAddressCollection: boolean
  readonly customerCreation: 'if_required' | 'always'
  readonly customerDetails: {
    readonly name?: string | undefined
    readonly email?: string | undefined
    readonly phone?: string | undefined
  }
  readonly shippingDetails: FullAddress
  readonly billingDetails: FullAddress
  readonly customFields: { readonly fields: readonly CustomField[] } | null
  readonly allowPromotionCodes: boolean
  readonly expiresAt: string
  readonly updatedAt: string
  readonly serverTime: string
  readonly successUrl: string | null
  readonly cancelUrl: string | null
  readonly afterCompletion: 'redirect' | 'hosted_confirmation' | null
  readonly afterCompletionConfirmMsg: string | null
  readonly paymentSetting: { readonly preferredChainId: number | null } | null
  readonly brand: {
    readonly name: string
    readonly logo: string | null
    readonly color: string | null
    readonly supportUrl: string | null
    readonly termsUrl: string | null
    readonly privacyUrl: string | null
  }
  readonly lineItems: { readonly data: readonly PaymentPageLineItem[] }
  readonly discounts: readonly {
    readonly amount: string
    readonly coupon: { readonly name: string; readonly code: string }
  }[]
  readonly addresses: readonly PaymentPageAddress[]
  readonly chains: readonly { readonly id: number; readonly health: ChainHealth }[]
  readonly paymentIntent: {
    readonly status: string
    readonly amountReceived: string | null
    readonly paymentReceipt: { readonly id: string } | null
    readonly transactions: readonly PaymentPageTransaction[]
  }
}
