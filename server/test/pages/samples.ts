import type { PaymentPage } from '../../src/http/pages/paymentPageView.ts'
import {
  SAMPLE_STATES,
  sampleAddress,
  sampleAsset,
  sampleLine,
  samplePaymentPage,
  sampleTransaction,
} from '../harness/samplePaymentPage.ts'

const LONG = 'Single-origin Ethiopian Yirgacheffe, naturally processed, medium roast, ground for a French press'
const OTHER_CHAIN = { ...sampleAsset().chain, id: 80002, name: 'Other test network' }
const DAI = sampleAsset({ id: 'dai', name: 'Dai Stablecoin', symbol: 'DAI', decimals: 18 })
const NATIVE = sampleAsset({
  ...{ id: 'matic', name: 'Matic', symbol: 'MATIC', decimals: 18 },
  address: `0x${'0'.repeat(40)}`,
})
const SEVERAL = [
  sampleAddress(),
  sampleAddress({ id: 'dai', asset: DAI, amountRaw: '12500000000000000001' }),
  sampleAddress({ id: 'matic', asset: NATIVE, amountRaw: '25000000000000000000' }),
  sampleAddress({ id: 'usdc-other', asset: sampleAsset({ id: 'other', chainId: OTHER_CHAIN.id, chain: OTHER_CHAIN }) }),
]
const EURO = { fromUsd: '1.00', toUsd: '1.08' }
const TAX = { id: 'vat', name: 'VAT', type: 'exclusive', percentage: 19 } as const
const LINES = [
  sampleLine({ quantity: 5, price: { unitAmount: '250000000', product: { name: LONG, description: LONG } } }),
  ...['Filter papers', 'Scale', 'Kettle', 'Grinder'].map(name =>
    sampleLine({ price: { unitAmount: '1250000000', product: { name, description: null } } }),
  ),
]
const UNUSUAL = ['overpaid', 'duplicate', 'late', 'wrong_token', 'wrong_chain', 'replaced', 'reorged']

/** What a payer can meet beside the plain states: ways to pay, long carts, trouble with a network, and what did not go as planned. */
const VARIANTS = {
  severalCoins: samplePaymentPage({
    addresses: SEVERAL,
    chains: [
      { id: 80001, health: 'ok' },
      { id: 80002, health: 'halted' },
    ],
  }),
  priceInEuro: samplePaymentPage({
    ...{ currency: 'eur', amountTotal: '1158000000', amountSubtotal: '1158000000' },
    addresses: SEVERAL.map(row => ({ ...row, quote: EURO })),
    lineItems: { data: [sampleLine({ currency: 'eur', amountTotal: '1158000000', amountSubtotal: '1158000000' })] },
  }),
  longCart: samplePaymentPage({
    ...{ amountSubtotal: '6250000000', amountTotal: '5693750000' },
    addresses: [sampleAddress({ amountRaw: '56937500' })],
    lineItems: { data: LINES.map(line => ({ ...line, taxRates: [{ ...TAX, amount: '13750000' }] })) },
    amountDetails: { amountDiscount: '625000000', amountTax: '68750000', amountFee: '0', amountGasFee: null },
    discounts: [{ amount: '625000000', coupon: { name: 'Spring', code: 'SPRING-2026' } }],
    brand: {
      ...samplePaymentPage().brand,
      termsUrl: 'https://shop.example/terms',
      privacyUrl: 'https://shop.example/p',
    },
  }),
  shortCart: samplePaymentPage({
    ...{ amountSubtotal: '2500000000', amountTotal: '2500000000' },
    addresses: [sampleAddress({ amountRaw: '25000000' })],
    lineItems: { data: LINES.slice(0, 2) },
  }),
  longAmount: samplePaymentPage({
    ...{ currency: 'dai', amountTotal: '999999999999999999', amountSubtotal: '999999999999999999' },
    addresses: [sampleAddress({ asset: DAI, amountRaw: '9999999999999999990000000001' })],
    lineItems: { data: [sampleLine({ currency: 'dai', amountTotal: '999999999999999999' })] },
  }),
  networkSlow: samplePaymentPage({ chains: [{ id: 80001, health: 'slow' }] }),
  networkHalted: samplePaymentPage({ chains: [{ id: 80001, health: 'halted' }] }),
  hostedConfirmation: {
    ...SAMPLE_STATES.complete,
    ...{ afterCompletion: 'hosted_confirmation', afterCompletionConfirmMsg: 'Thank you! Your beans ship tomorrow.' },
  },
  withoutReturn: { ...SAMPLE_STATES.complete, successUrl: null },
  unknownTransaction: {
    ...SAMPLE_STATES.seen,
    paymentIntent: {
      ...SAMPLE_STATES.seen.paymentIntent,
      transactions: [sampleTransaction({ transactionHash: null, transactionUrl: null }), sampleTransaction()],
    },
  },
  unusual: samplePaymentPage({ exceptions: UNUSUAL }),
  overpaid: {
    ...SAMPLE_STATES.complete,
    exceptions: ['overpaid'],
    addresses: [sampleAddress({ amountReceivedRaw: '13750000', confirmations: { required: 12, best: 12 } })],
  },
} satisfies Record<string, PaymentPage>

/** The states of `SAMPLE_STATES` and variants of them, by name. */
export const SAMPLES: Readonly<Record<string, PaymentPage>> = { ...SAMPLE_STATES, ...VARIANTS }
