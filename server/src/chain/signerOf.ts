import { recoverAddress } from 'viem'
import type { Hex } from '../domain/hex.ts'

/** The ordinary account, in lower case, whose key made `signature` (65 bytes) of `hash`; null where no key did. Asks nobody. */
export async function signerOf(hash: Hex, signature: Hex): Promise<Hex | null> {
  if (signature.length !== 2 + 2 * 65) return null
  try {
    return (await recoverAddress({ hash, signature })).toLowerCase() as Hex
  } catch {
    // A point that is not on the curve is nobody's.
    return null
  }
}
