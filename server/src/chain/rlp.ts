/** The empty string in RLP. */
export const RLP_EMPTY: Uint8Array = Uint8Array.of(0x80)

/** `bytes` as a string in RLP (Ethereum's yellow paper, appendix B). */
export function rlpBytes(bytes: Uint8Array): Uint8Array {
  const [first = 0] = bytes
  return bytes.length === 1 && first < 0x80 ? bytes : Buffer.concat([head(0x80, bytes.length), bytes])
}

/** A list in RLP, of items that are encoded already. */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const size = items.reduce((sum, item) => sum + item.length, 0)
  return Buffer.concat([head(0xc0, size), ...items])
}

function head(kind: number, size: number): Uint8Array {
  if (size < 56) return Uint8Array.of(kind + size)
  const digits = size.toString(16)
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  return Buffer.concat([Uint8Array.of(kind + 55 + length.length), length])
}
