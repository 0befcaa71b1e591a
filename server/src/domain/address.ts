import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { AppError } from './errors.ts'
import type { Hex } from './hex.ts'

const FORM = /^0x[0-9a-fA-F]{40}$/
const MIXED = /[a-f].*[A-F]|[A-F].*[a-f]/

/**
 * The lower-case address in `text`: `0x` and 40 hex digits, all lower, all upper, or mixed with a right EIP-55 checksum.
 * Throws `address_invalid` or `address_checksum` with `param`.
 */
export function parseAddress(text: string, param: string): Hex {
  if (!FORM.test(text)) {
    throw new AppError('address_invalid', `${param} must be an address: 0x and 40 hex digits.`, { param })
  }
  const address: Hex = `0x${text.slice(2).toLowerCase()}`
  if (MIXED.test(text.slice(2)) && checksumAddress(address) !== text) {
    const message = `${param} has a wrong checksum, so a character is mistyped: copy the address again from the wallet.`
    throw new AppError('address_checksum', message, { param })
  }
  return address
}

/** `address` in the mixed case of EIP-55, as people see it. */
export function checksumAddress(address: Hex): Hex {
  const digits = address.slice(2).toLowerCase()
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)))
  let text = ''
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charAt(index)
    text += hash.charAt(index) >= '8' ? digit.toUpperCase() : digit
  }
  return `0x${text}`
}
