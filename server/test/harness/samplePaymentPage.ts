import type { PageFrame } from '../../src/http/pages/layout.ts'
import type {
  PaymentPage,
  PaymentPageAddress,
  PaymentPageAsset,
  PaymentPageLineItem,
  PaymentPageTransaction,
} from '../../src/http/pages/paymentPageView.ts'
import type { WalletOptions } from '../../src/http/pages/walletPanel.ts'
import { ENGLISH_WORDS } from '../../src/http/pages/words.ts'

/** The address that every sample is paid at. */
export const SAMPLE_ADDRESS = '0x81b63dc0daccee035b186e07356ac53fb1260af4'

const CHAIN = {
  id: 80001,
  name: 'Mumbai',
  type: 'evm',
  blockExplorerName: 'Explorer',
  blockExplorerTransactionUrl: 'https://explorer.example/tx/',
}

/** A token of 6 decimals on chain 80001, changed as told. */
export function sampleAsset(changes: Partial<PaymentPageAsset> = {}): PaymentPageAsset {
  return {
    id: 'a60c79d2-7f9f-4b03-a597-85e7432edb5f',
    name: 'USD Coin',
    symbol: 'USDC',
    address: '0x953ecae2e3c8ee8723fef049de53666d7126dde9',
    chainId: CHAIN.id,
    decimals: 6,
    chain: CHAIN,
    ...changes,
  }
}

/** A way to pay 12.50 of an asset of 6 decimals, nothing received yet, changed as told. */
export function sampleAddress(changes: Partial<PaymentPageAddress> = {}): PaymentPageAddress {
  const asset = changes.asset ?? sampleAsset()
  const amountRaw = changes.amountRaw ?? '12500000'
  return {
    id: '85f8fe19-3465-4201-b2a9-eefce83f1eeb',
    asset,
    paymentAddress: SAMPLE_ADDRESS,
    amount: '1250000000',
    amountRaw,
    amountReceivedRaw: '0',
    confirmations: { required: 12, best: 0 },
    uri: `ethereum:${asset.address}@${asset.chainId}/transfer?address=${SAMPLE_ADDRESS}&uint256=${amountRaw}`,
    quote: null,
    ...changes,
  }
}

/** A payment of 12.50 as seen on chain, changed as told. */
export function sampleTransaction(changes: Partial<PaymentPageTransaction> = {}): PaymentPageTransaction {
  const transactionHash = `0x${'5c504ed4'.repeat(8)}`
  return {
    transactionHash,
    transactionUrl: `${CHAIN.blockExplorerTransactionUrl}${transactionHash}`,
    amountRaw: '12500000',
    createdAt: '2026-02-22T12:49:02.000Z',
    asset: sampleAsset(),
    ...changes,
  }
}

/** One line of 12.50, changed as told. */
export function sampleLine(changes: Partial<PaymentPageLineItem> = {}): PaymentPageLineItem {
  return {
    description: null,
    quantity: 1,
    amountTotal: '1250000000',
    amountSubtotal: '1250000000',
    currency: 'usdc',
    price: { unitAmount: '1250000000', product: { name: 'Basic', description: 'For early stage projects' } },
    ...changes,
  }
}

/** An open session of 12.50 USDC in test mode with an hour to pay, changed as told. */
export function samplePaymentPage(changes: Partial<PaymentPage> = {}): PaymentPage {
  return {
    id: '6bce7b07-825f-454e-bea8-3a2bb04a570b',
    status: 'open',
    paymentStatus: 'unpaid',
    isTest: true,
    exceptions: [],
    currency: 'usdc',
    amountTotal: '1250000000',
    amountSubtotal: '1250000000',
    amountDetails: null,
    serverTime: '2026-02-22T12:46:11.441Z',
    expiresAt: '2026-02-22T13:46:11.441Z',
    successUrl: 'https://shop.example/thanks?order=17',
    cancelUrl: 'https://shop.example/cart',
    afterCompletion: null,
    afterCompletionConfirmMsg: null,
    paymentSetting: { preferredChainId: CHAIN.id },
    brand: {
      name: 'Northwind Coffee',
      logo: null,
      color: null,
      supportUrl: 'https://shop.example/help',
      termsUrl: null,
      privacyUrl: null,
    },
    lineItems: { data: [sampleLine()] },
    discounts: [],
    addresses: [sampleAddress()],
    chains: [{ id: CHAIN.id, health: 'ok' }],
    paymentIntent: { status: 'requires_payment_method', amountReceived: null, transactions: [] },
    ...changes,
  }
}

const AFTER_THE_END = '2026-02-22T14:00:00.000Z'
const PAID_IN_PART = [sampleAddress({ amountReceivedRaw: '12100000', confirmations: { required: 12, best: 4 } })]
const PART = sampleTransaction({ amountRaw: '12100000' })

/** A sample of every state that a payer can meet, by what happened. */
export const SAMPLE_STATES = {
  open: samplePaymentPage(),
  seen: samplePaymentPage({
    addresses: [sampleAddress({ amountReceivedRaw: '12500000', confirmations: { required: 12, best: 5 } })],
    paymentIntent: { status: 'processing', amountReceived: '1250000000', transactions: [sampleTransaction()] },
  }),
  seenInPart: samplePaymentPage({
    addresses: PAID_IN_PART,
    paymentIntent: { status: 'processing', amountReceived: '1210000000', transactions: [PART] },
  }),
  paidInPart: samplePaymentPage({
    status: 'incomplete',
    exceptions: ['underpaid'],
    addresses: PAID_IN_PART,
    paymentIntent: { status: 'requires_payment_method', amountReceived: '1210000000', transactions: [PART] },
  }),
  complete: samplePaymentPage({
    status: 'complete',
    paymentStatus: 'paid',
    addresses: [sampleAddress({ amountReceivedRaw: '12500000', confirmations: { required: 12, best: 12 } })],
    paymentIntent: { status: 'succeeded', amountReceived: '1250000000', transactions: [sampleTransaction()] },
  }),
  timeUp: samplePaymentPage({ serverTime: AFTER_THE_END }),
  timeUpInPart: samplePaymentPage({
    serverTime: AFTER_THE_END,
    status: 'incomplete',
    addresses: PAID_IN_PART,
    paymentIntent: { status: 'requires_payment_method', amountReceived: '1210000000', transactions: [PART] },
  }),
  timeUpSeenInPart: samplePaymentPage({
    serverTime: AFTER_THE_END,
    addresses: PAID_IN_PART,
    paymentIntent: { status: 'processing', amountReceived: '1210000000', transactions: [PART] },
  }),
  expired: samplePaymentPage({
    status: 'expired',
    serverTime: AFTER_THE_END,
    paymentIntent: { status: 'canceled', amountReceived: null, transactions: [] },
  }),
  expiredEarly: samplePaymentPage({
    status: 'expired',
    paymentIntent: { status: 'canceled', amountReceived: null, transactions: [] },
  }),
  withoutAddress: samplePaymentPage({ addresses: [] }),
} satisfies Record<string, PaymentPage>

/** What wallets are told on the sample pages. */
export const SAMPLE_WALLETS: WalletOptions = {
  walletScript: { path: '/assets/wallet-1.js', integrity: 'sha256-BBBB' },
  names: { 1: 'Ethereum', [CHAIN.id]: CHAIN.name },
  networks: new Map([
    [
      CHAIN.id,
      {
        chainId: '0x13881',
        chainName: CHAIN.name,
        nativeCurrency: { name: 'Matic', symbol: 'MATIC', decimals: 18 },
        rpcUrls: ['https://node.example/'],
      },
    ],
  ]),
}

/** What the sample pages are made with, in English. */
export const SAMPLE_FRAME: PageFrame = {
  words: ENGLISH_WORDS,
  styleUrl: '/assets/checkout-1.css',
  isTest: true,
  path: '/payment/checkout-session/1',
  query: {},
  embedder: null,
}
