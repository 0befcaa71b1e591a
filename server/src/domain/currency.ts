/** The coins that a price may be named in and that payers pay with, by symbol. `matic` and `pol` are one coin. */
export const CRYPTO = ['usdc', 'usdt', 'dai', 'eth', 'btc', 'matic', 'pol', 'bnb', 'eurc', 'pyusd'] as const

/** The state currencies that a price may be quoted in; what the payer owes in coin is locked with the session. */
export const FIAT = ['usd', 'eur', 'gbp', 'cad', 'aud', 'sgd', 'inr'] as const

export type Crypto = (typeof CRYPTO)[number]
export type Fiat = (typeof FIAT)[number]

/** What the `currency` of a price, session, link, invoice or coupon may be. */
export type Currency = Crypto | Fiat

/** Decimals of the smallest amount of each state currency that can be paid (ISO 4217). */
export const FIAT_DECIMALS = {
  usd: 2,
  eur: 2,
  gbp: 2,
  cad: 2,
  aud: 2,
  sgd: 2,
  inr: 2,
} as const satisfies Record<Fiat, number>

const CRYPTO_SET: ReadonlySet<string> = new Set(CRYPTO)
const FIAT_SET: ReadonlySet<string> = new Set(FIAT)

/** Whether `text` is exactly the symbol of a coin; no case folding. */
export function isCrypto(text: string): text is Crypto {
  return CRYPTO_SET.has(text)
}

/** Whether `text` is exactly the symbol of a state currency; no case folding. */
export function isFiat(text: string): text is Fiat {
  return FIAT_SET.has(text)
}

const DOLLARS: ReadonlySet<Currency> = new Set(['usd', 'usdc', 'usdt', 'dai', 'pyusd'] as const)

/** What an amount at 8 decimals is worth in US dollars at 8 decimals without asking for a rate; null where that takes one. */
export function dollarsOf(currency: Currency, amount: bigint): bigint | null {
  return isDollar(currency) ? amount : null
}

/** Whether it is the US dollar or a coin that is made to be worth one. */
export function isDollar(currency: Currency): boolean {
  return DOLLARS.has(currency)
}

/** Whether two coins are the same one: equal symbols, or the two names of Polygon's coin. */
export function isSameCoin(left: Crypto, right: Crypto): boolean {
  return left === right || (isPolygonCoin(left) && isPolygonCoin(right))
}

function isPolygonCoin(coin: Crypto): boolean {
  return coin === 'matic' || coin === 'pol'
}
