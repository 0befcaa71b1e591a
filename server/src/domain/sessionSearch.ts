import type { Hex } from './hex.ts'
import { isUuid } from './uuid.ts'

/** What a text that somebody looks for among sessions can name, by its form; e-mail addresses are compared in lower case. */
export type SessionSearch =
  | { by: 'id'; id: string }
  | { by: 'address' | 'transaction'; hex: Hex }
  | { by: 'amount'; amount: bigint }
  | { by: 'email'; email: string }

const AMOUNT = /^(\d{1,11})(?:[.,](\d{1,8}))?(?: ?[a-z]{2,9})?$/
const AMOUNT_MAX = 2n ** 63n - 1n

/**
 * What `text` names: the id of a session or its payment intent, a deposit address, the hash of a transaction, an amount in whole units
 * of whatever currency, or else an e-mail address, letter by letter. Null for a blank text.
 */
export function parseSessionSearch(text: string): SessionSearch | null {
  // PostgreSQL has no text with a zero in it, and so no address.
  const wanted = text.replaceAll('\0', '\ufffd').trim().toLowerCase()
  if (wanted === '') return null
  if (isUuid(wanted)) return { by: 'id', id: wanted }
  if (/^0x[0-9a-f]{40}$/.test(wanted)) return { by: 'address', hex: wanted as Hex }
  if (/^0x[0-9a-f]{64}$/.test(wanted)) return { by: 'transaction', hex: wanted as Hex }
  const [, whole, fraction = ''] = AMOUNT.exec(wanted) ?? []
  const amount = whole === undefined ? null : BigInt(whole + fraction.padEnd(8, '0'))
  if (amount !== null && amount <= AMOUNT_MAX) return { by: 'amount', amount }
  return { by: 'email', email: wanted }
}

/** The e-mail address under which a session is found; null where the payer gave none. */
export function emailKey({ email }: { email?: string | undefined }): string | null {
  return email?.toLowerCase() || null
}
