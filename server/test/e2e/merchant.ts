import { readFileSync } from 'node:fs'
import type { WorldDescription } from '../../src/dev/testWorld.ts'
import type { Hex } from '../../src/domain/hex.ts'

/** What these tests read of a checkout session, as the API answers it. */
export type Session = {
  id: string
  url: string
  status: string
  paymentStatus: string
  successUrl: string
  expiresAt: string
  exceptions: string[]
  amountTotal: string
  addresses: {
    id: string
    asset: { address: Hex; symbol: string; decimals: number; chainId: number }
    paymentAddress: Hex
    amountRaw: string
    amountReceivedRaw: string
    proof: {
      factory: Hex
      initCodeHash: Hex
      sessionId: string
      payouts: { chainId: number; receiver: Hex; share: number }[]
    }
  }[]
  paymentIntent: {
    status: string
    amountReceived: string | null
    transactions: { transactionHash: Hex | null; transactionUrl: string | null; amountRaw: string }[]
  }
}

/** The way to pay that a session has in `symbol`. */
export function wayToPay(session: Session, symbol: string): Session['addresses'][number] {
  const row = session.addresses.find(({ asset }) => asset.symbol === symbol)
  if (row === undefined) throw new Error(`session ${session.id} cannot be paid in ${symbol}`)
  return row
}

type Line = { currency: string; unitAmount: string; quantity?: number; name?: string }

/** A merchant's server: it knows the API's address and its key, and nothing else. */
export type Merchant = {
  /** Sends a request of the API and resolves with its JSON; rejects with the whole answer when that is no success. */
  request: <T>(method: string, path: string, body?: object) => Promise<T>
  /** A session of the reference request, with other URLs, other lines or further fields if given. */
  createSession: (changes?: { lines?: Line[] } & Record<string, unknown>) => Promise<Session>
  getSession: (session: Session) => Promise<Session>
}

const REFERENCE = new URL('../contract/create-checkout-session.request.json', import.meta.url)

/** The demo merchant of a test world. */
export function createMerchant(world: Pick<WorldDescription, 'apiUrl' | 'apiKey'>): Merchant {
  const request = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${world.apiUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${world.apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }
  return {
    request,
    createSession: ({ lines, ...changes } = {}) => {
      const reference: object = JSON.parse(readFileSync(REFERENCE, 'utf8'))
      const data = lines?.map(({ currency, unitAmount, quantity = 1, name = 'Coffee' }) => ({
        quantity,
        priceData: { currency, unitAmount, productData: { name } },
      }))
      return request('POST', '/checkout/sessions', {
        ...reference,
        ...(data !== undefined && { lineItems: { data } }),
        ...changes,
      })
    },
    getSession: ({ id }) => request('GET', `/checkout/sessions/${id}`),
  }
}
