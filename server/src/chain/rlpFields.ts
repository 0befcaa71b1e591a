import { RLP_EMPTY, rlpString } from './rlp.ts'
import type { Fields } from './rpcAnswer.ts'

/** How a field of JSON-RPC is encoded: bytes as they are, or a whole number without leading zeros. */
export type FieldKind = 'bytes' | 'number'

type Named = readonly (readonly [name: string, kind: FieldKind])[]

const FORM = /^0x[0-9a-f]*$/i

/**
 * The fields of those names in RLP, in their order; null where one is not in the form of JSON-RPC. Those of `optional` may be
 * missing: at the end they are left out, before another one they are empty.
 */
export function rlpFields(fields: Fields, names: Named, optional: Named = []): string[] | null {
  const given = optional.findLastIndex(([name]) => isGiven(fields[name])) + 1
  const encoded = [
    ...names.map(([name, kind]) => rlpField(fields[name], kind)),
    ...optional
      .slice(0, given)
      .map(([name, kind]) => (isGiven(fields[name]) ? rlpField(fields[name], kind) : RLP_EMPTY)),
  ]
  return encoded.every(item => item !== null) ? encoded : null
}

/** One value of JSON-RPC in RLP, or null where it is not in the form of its kind. Nodes tell addresses in upper and lower case. */
export function rlpField(value: unknown, kind: FieldKind): string | null {
  if (typeof value !== 'string' || !FORM.test(value)) return null
  const digits = value.slice(2).toLowerCase()
  if (kind === 'bytes') return digits.length % 2 === 0 ? rlpString(digits) : null
  const number = digits.replace(/^0+/, '')
  return rlpString(number.length % 2 === 0 ? number : `0${number}`)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
