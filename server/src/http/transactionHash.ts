import type { Hex } from '../domain/hex.ts'
import { PARAM, refuse, rule } from './rules.ts'

/** The hash of a transaction, lower-cased. */
export const transactionHash = rule(
  (value): Hex => {
    if (value === undefined) throw refuse('parameter_missing', `${PARAM} is required.`)
    if (typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)) return `0x${value.slice(2).toLowerCase()}`
    throw refuse('parameter_invalid', `${PARAM} must be the hash of a transaction: 0x and 64 hex digits.`)
  },
  { type: 'string', pattern: '^0x[0-9a-fA-F]{64}$' },
)
