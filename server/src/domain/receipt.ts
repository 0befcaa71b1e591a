import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { uuidv7 } from './uuid.ts'

/** What a payer gets for a payment: its number is of 12 letters and digits. */
export type Receipt = { id: string; createdAt: Date; receiptNumber: string; name: string | null }

const SYMBOLS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The receipt of a payment intent that succeeds at `now`: the same one whoever makes it, as it follows from the intent's id. */
export function receiptOf(intentId: string, name: string | null, now: Date): Receipt {
  const digest = sha256(utf8ToBytes(`receipt ${intentId}`))
  const symbols = Array.from(digest.subarray(10, 22), byte => SYMBOLS[byte & 31]).join('')
  const receiptNumber = [symbols.slice(0, 4), symbols.slice(4, 8), symbols.slice(8)].join('-')
  return { id: uuidv7(now, digest.subarray(0, 10)), createdAt: now, receiptNumber, name }
}
