import { type UpstreamCode, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'

/** The fields of an object that a node answered with. */
export type Fields = Readonly<Record<string, unknown>>

const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]{0,63})$/
const HASH = /^0x[0-9a-f]{64}$/
const BYTES = /^0x[0-9a-f]*$/
const ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** Throws a retryable `UpstreamError` unless `condition` holds; `what` says what the node answered with, `code` what that makes it. */
export function expect(condition: unknown, what: string, code: UpstreamCode = 'malformed'): asserts condition {
  if (!condition) throw new UpstreamError(`The node answered with ${what}.`, { retryable: true, code })
}

/** `value` as an object. */
export function fieldsOf(value: unknown, what: string): Fields {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), `no ${what}`)
  return value as Fields
}

/** `value` as a list. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  expect(Array.isArray(value), `no list of ${what}`)
  return value
}

/** A whole number in the form of the Ethereum JSON-RPC specification: `0x`, lower-case digits, no leading zero, below 2^256. */
export function quantityOf(value: unknown, what: string): bigint {
  expect(typeof value === 'string' && QUANTITY.test(value), `a malformed ${what}`)
  return BigInt(value)
}

/** 32 bytes. */
export function hashOf(value: unknown, what: string): Hex {
  expect(typeof value === 'string' && HASH.test(value), `a malformed ${what}`)
  return value as Hex
}

/** Bytes: `0x` and an even count of lower-case digits. */
export function bytesOf(value: unknown, what: string): Hex {
  expect(typeof value === 'string' && value.length % 2 === 0 && BYTES.test(value), `a malformed ${what}`)
  return value as Hex
}

/** An address in any case, as lower-case text. */
export function addressOf(value: unknown, what: string): Hex {
  expect(typeof value === 'string' && ADDRESS.test(value), `a malformed ${what}`)
  return value.toLowerCase() as Hex
}

/** A whole number as nodes take it. */
export function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`
}
