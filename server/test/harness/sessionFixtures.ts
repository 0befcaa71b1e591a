import type { ApiCaller } from './apiCaller.ts'

/** A checkout session as the API answers it, as far as tests look at it. */
export type AnsweredSession = Record<string, unknown> & {
  id: string
  updatedAt: string
  status: string
  amountSubtotal: string
  amountTotal: string
  amountFee: string | null
  amountDetails: Record<string, unknown>
  addresses: {
    id: string
    amount: string
    amountRaw: string
    paymentAddress: string
    quote: unknown
    asset: { id: string; symbol: string; chainId: number }
  }[]
  discounts: { amount: string; couponId: string; coupon: { code: string } }[]
  customerId: string | null
  customer: Record<string, unknown> | null
  customerDetails: Record<string, unknown>
  lineItems: { data: (Record<string, unknown> & { price: { id: string } })[] }
  missingDetails: string[]
}

/** A line of one new price: 100 USDC unless told. */
export function newLine(changes: Record<string, unknown> = {}): object {
  const { currency = 'usdc', unitAmount = '10000000000', ...line } = changes
  return { priceData: { currency, unitAmount, productData: { name: 'Chair' } }, ...line }
}

/** A session that `api` makes: of one chair for 100 USDC unless told. */
export async function newSession(api: ApiCaller, changes: object = {}): Promise<AnsweredSession> {
  const asked = { successUrl: 'https://shop.example/ok', lineItems: [newLine()], ...changes }
  return (await api.ok('POST', '/checkout/sessions', asked)) as AnsweredSession
}

/** The session's own part of the payer's routes. */
export function payersPath({ id }: { id: string }, route = ''): string {
  return `/payment-pages/for-checkout-session/${id}${route}`
}

/** What a payer does to the session, which must work; the session as the payer sees it then. */
export async function asPayer(api: ApiCaller, session: { id: string }, route: string, body: object = {}) {
  return (await api.ok('POST', payersPath(session, `/${route}`), body)) as AnsweredSession
}

let codes = 0

/** A coupon of ten percent with a code that no other has; the code. */
export async function newCode(api: ApiCaller, coupon: object = {}, code: object = {}): Promise<string> {
  const text = `CODE${++codes}`
  const data = [{ code: text, ...code }]
  const isAmount = 'amountOff' in coupon
  const asked = { name: 'Ten', ...(!isAmount && { percentOff: 10 }), ...coupon, promotionCodeData: { data } }
  await api.ok('POST', '/coupons', asked)
  return text
}
