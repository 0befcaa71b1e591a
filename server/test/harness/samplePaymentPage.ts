import type { PageFrame } from '../../src/http/pages/layout.ts'
import type {
  PaymentPage,
  PaymentPageAddress,
  PaymentPageAsset,
  PaymentPageLineItem,
  PaymentPagePrice,
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
export function sampleLine({
  price = {},
  ...changes
}: Partial<Omit<PaymentPageLineItem, 'price'>> & { price?: Partial<PaymentPagePrice> } = {}): PaymentPageLineItem {
  return {
    description: null,
    quantity: 1,
    amountTotal: '1250000000',
    amountSubtotal: '1250000000',
    currency: 'usdc',
    taxRates: [],
    ...changes,
    price: {
      unitAmount: '1250000000',
      customUnitMin: null,
      customUnitMax: null,
      customPreset: null,
      customUnitAmountSuggestions: null,
      product: { name: 'Basic', description: 'For early stage projects' },
      ...price,
    },
  }
}

/** A line whose amount the payer chooses, from 1 to 500, and has not chosen yet; changed as told. */
export function sampleOpenLine(changes: Parameters<typeof sampleLine>[0] = {}): PaymentPageLineItem {
  const suggestions = ['500000000', '1000000000', '2500000000']
  const bounds = { customUnitMin: '100000000', customUnitMax: '50000000000', customUnitAmountSuggestions: suggestions }
  const product = { name: 'Trees for the valley', description: null }
  return sampleLine({
    amountTotal: '0',
    amountSubtotal: '0',
    ...changes,
    price: { unitAmount: null, ...bounds, product, ...changes.price },
  })
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
    submitType: 'pay',
    isChangeable: isOpen(changes),
    missingDetails: [],
    nameCollection: false,
    emailCollection: false,
    phoneNumberCollection: false,
    shippingAddressCollection: false,
    billingAddressCollection: false,
    customerCreation: 'if_required',
    customerDetails: {},
    shippingDetails: {},
    billingDetails: {},
    customFields: null,
    allowPromotionCodes: false,
    serverTime: '2026-02-22T12:46:11.441Z',
    expiresAt: '2026-02-22T13:46:11.441Z',
    updatedAt: '2026-02-22T12:46:11.441Z',
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
    paymentIntent: sampleIntent(),
    ...changes,
  }
}

/** An intent that nothing was paid for, changed as told. */
export function sampleIntent(changes: Partial<PaymentPage['paymentIntent']> = {}): PaymentPage['paymentIntent'] {
  return { status: 'requires_payment_method', amountReceived: null, paymentReceipt: null, transactions: [], ...changes }
}

/** Whether a session with these changes is open, in time and without money. */
function isOpen({ status = 'open', serverTime = '', paymentIntent }: Partial<PaymentPage>): boolean {
  return status === 'open' && serverTime < AFTER_THE_END && (paymentIntent?.transactions ?? []).length === 0
}

const AFTER_THE_END = '2026-02-22T14:00:00.000Z'
const PAID_IN_PART = [sampleAddress({ amountReceivedRaw: '12100000', confirmations: { required: 12, best: 4 } })]
const PART = sampleTransaction({ amountRaw: '12100000' })

const UNCHOSEN = { amountTotal: '0', amountSubtotal: '0', lineItems: { data: [sampleOpenLine()] }, addresses: [] }
const CHEAPER = {
  amountTotal: '1125000000',
  amountDetails: { amountDiscount: '125000000', amountTax: '0', amountFee: '0', amountGasFee: null },
  discounts: [{ amount: '125000000', coupon: { name: 'Spring', code: 'SPRING' } }],
  addresses: [sampleAddress({ amountRaw: '11250000', amount: '1125000000' })],
}
const FREE = {
  amountTotal: '0',
  amountDetails: { amountDiscount: '1250000000', amountTax: '0', amountFee: '0', amountGasFee: null },
  discounts: [{ amount: '1250000000', coupon: { name: 'On the house', code: 'FREE' } }],
  allowPromotionCodes: true,
  addresses: [],
}

/** A session that asks for everything that can be asked for, nothing of it given. */
export const SAMPLE_DETAILS = samplePaymentPage({
  nameCollection: true,
  emailCollection: true,
  phoneNumberCollection: true,
  shippingAddressCollection: true,
  billingAddressCollection: true,
  allowPromotionCodes: true,
  customFields: {
    fields: [
      {
        key: 'engraving',
        type: 'text',
        label: { type: 'custom', custom: 'Engraving' },
        optional: true,
        text: { minimumLength: 2, maximumLength: 12, value: '' },
      },
      {
        key: 'member',
        type: 'numeric',
        label: { type: 'custom', custom: 'Member number' },
        optional: false,
        numeric: { minimumLength: 6, maximumLength: 6, value: '' },
      },
      {
        key: 'size',
        type: 'dropdown',
        label: { type: 'custom', custom: 'Size' },
        optional: false,
        dropdown: {
          options: [
            { label: 'Small', value: 's' },
            { label: 'Large', value: 'l' },
          ],
          value: '',
        },
      },
    ],
  },
  missingDetails: [
    ...['name', 'email', 'phone', 'shippingDetails.address.line1', 'shippingDetails.address.country'],
    ...['billingDetails.address.line1', 'billingDetails.address.country', 'customFields.member', 'customFields.size'],
  ],
})

const HOME = { line1: '12 Analytical Row', postalCode: 'W1U 6TQ', city: 'London', country: 'GB' }

/** What a payer answers to `SAMPLE_DETAILS`. */
export const SAMPLE_ANSWERS = {
  missingDetails: [],
  customerDetails: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0018' },
  shippingDetails: { address: HOME },
  billingDetails: { address: HOME },
  customFields: {
    fields: (SAMPLE_DETAILS.customFields?.fields ?? []).map(field => ({
      ...field,
      ...(field.numeric !== undefined && { numeric: { ...field.numeric, value: '204816' } }),
      ...(field.dropdown !== undefined && { dropdown: { ...field.dropdown, value: 'l' } }),
    })),
  },
} satisfies Partial<PaymentPage>

/** A sample of every state that a payer can meet, by what happened. */
export const SAMPLE_STATES = {
  open: samplePaymentPage(),
  seen: samplePaymentPage({
    addresses: [sampleAddress({ amountReceivedRaw: '12500000', confirmations: { required: 12, best: 5 } })],
    paymentIntent: sampleIntent({
      status: 'processing',
      amountReceived: '1250000000',
      transactions: [sampleTransaction()],
    }),
  }),
  seenInPart: samplePaymentPage({
    addresses: PAID_IN_PART,
    paymentIntent: sampleIntent({ status: 'processing', amountReceived: '1210000000', transactions: [PART] }),
  }),
  paidInPart: samplePaymentPage({
    status: 'incomplete',
    exceptions: ['underpaid'],
    addresses: PAID_IN_PART,
    paymentIntent: sampleIntent({
      status: 'requires_payment_method',
      amountReceived: '1210000000',
      transactions: [PART],
    }),
  }),
  complete: samplePaymentPage({
    status: 'complete',
    paymentStatus: 'paid',
    addresses: [sampleAddress({ amountReceivedRaw: '12500000', confirmations: { required: 12, best: 12 } })],
    paymentIntent: sampleIntent({
      status: 'succeeded',
      amountReceived: '1250000000',
      transactions: [sampleTransaction()],
    }),
  }),
  timeUp: samplePaymentPage({ serverTime: AFTER_THE_END }),
  timeUpInPart: samplePaymentPage({
    serverTime: AFTER_THE_END,
    status: 'incomplete',
    addresses: PAID_IN_PART,
    paymentIntent: sampleIntent({
      status: 'requires_payment_method',
      amountReceived: '1210000000',
      transactions: [PART],
    }),
  }),
  timeUpSeenInPart: samplePaymentPage({
    serverTime: AFTER_THE_END,
    addresses: PAID_IN_PART,
    paymentIntent: sampleIntent({ status: 'processing', amountReceived: '1210000000', transactions: [PART] }),
  }),
  expired: samplePaymentPage({
    status: 'expired',
    serverTime: AFTER_THE_END,
    paymentIntent: sampleIntent({ status: 'canceled', amountReceived: null, transactions: [] }),
  }),
  expiredEarly: samplePaymentPage({
    status: 'expired',
    paymentIntent: sampleIntent({ status: 'canceled', amountReceived: null, transactions: [] }),
  }),
  withoutAddress: samplePaymentPage({ addresses: [] }),
  amount: samplePaymentPage({ ...UNCHOSEN, submitType: 'donate' }),
  chosen: samplePaymentPage({
    submitType: 'donate',
    lineItems: { data: [sampleOpenLine({ amountTotal: '1250000000', amountSubtotal: '1250000000' })] },
  }),
  codeTaken: samplePaymentPage({ ...CHEAPER, allowPromotionCodes: true }),
  details: SAMPLE_DETAILS,
  seenWithoutDetails: {
    ...SAMPLE_DETAILS,
    isChangeable: false,
    addresses: PAID_IN_PART,
    paymentIntent: sampleIntent({ status: 'processing', amountReceived: '1210000000', transactions: [PART] }),
  },
  given: samplePaymentPage({ ...SAMPLE_DETAILS, ...SAMPLE_ANSWERS }),
  zero: samplePaymentPage({ ...FREE, submitType: 'book' }),
  completeForNothing: samplePaymentPage({
    ...FREE,
    status: 'complete',
    paymentStatus: 'paid',
    isChangeable: false,
    paymentIntent: sampleIntent({ status: 'succeeded' }),
  }),
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
