import { RLP_EMPTY, rlpBytes } from './rlp.ts'
import type { Fields } from './rpcAnswer.ts'

/** How a field of JSON-RPC is encoded: bytes as they are, or a whole number without leading zeros. */
export type FieldKind = 'bytes' | 'number'

const DIGITS = /^0x[0-9a-f]*$/

/**
 * The fields of those names in RLP, in their order; null where one is not in the form of JSON-RPC. Those of `optional` may be
 * missing: at the end they are left out, before another one they are empty.
 */
export function rlpFields(
  fields: Fields,
  names: readonly (readonly [name: string, kind: FieldKind])[],
  optional: readonly (readonly [name: string, kind: FieldKind])[] = [],
): Uint8Array[] | null {
  const given = optional.findLastIndex(([name]) => isGiven(fields[name])) + 1
  const encoded = [
    ...names.map(([name, kind]) => rlpField(fields[name], kind)),
    ...optional
      .slice(0, given)
      .map(([name, kind]) => (isGiven(fields[name]) ? rlpField(fields[name], kind) : RLP_EMPTY)),
  ]
  return encoded.every(item => item !== null) ? encoded : null
}

/** One value of JSON-RPC in RLP, or null where it is not in the form of its kind. */
export function rlpField(value: unknown, kind: FieldKind): Uint8Array | null {
  if (typeof value !== 'string' || !DIGITS.test(value)) return null
  if (kind === 'bytes') return value.length % 2 === 0 ? rlpBytes(Buffer.from(value.slice(2), 'hex')) : null
  const digits = value.slice(2).replace(/^0+/, '')
  return rlpBytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
