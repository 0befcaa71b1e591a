import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { checksumAddress } from './address.ts'
import { bytesToHex, type Hex } from './hex.ts'

/** How long a message may be signed for after it was asked for. */
export const PROOF_MS = 15 * 60_000

/** What a proof names: who wants it, whose wallet on which network, where it was asked for, and a code that was never given before. */
export type ProofTerms = {
  organization: string
  address: Hex
  network: string
  chainId: number
  server: string
  code: string
  askedAt: Date
}

/** What the wallet shows to whoever signs: plain lines, in which no name can pass for another line. */
export function proofMessage(terms: ProofTerms): string {
  const { organization, address, network, chainId, server, code, askedAt } = terms
  const oneLine = (text: string) => text.replace(/[\s\u0085]+/g, ' ').trim()
  return [
    `${oneLine(organization)} receives its payments in this wallet.`,
    '',
    `Wallet: ${checksumAddress(address)}`,
    `Network: ${oneLine(network)} (chain ${chainId})`,
    `Asked for by: ${server}`,
    `Asked for at: ${askedAt.toISOString()}`,
    `Code: ${code}`,
    '',
    'Signing this costs nothing, moves no money and allows nothing. Sign it only if you asked for it yourself.',
  ].join('\n')
}

/** What a wallet signs of a message that a person reads (EIP-191, version 0x45). */
export function personalHash(message: string): Hex {
  const bytes = utf8ToBytes(message)
  const head = utf8ToBytes(`\u0019Ethereum Signed Message:\n${bytes.length}`)
  return bytesToHex(keccak_256(Uint8Array.from([...head, ...bytes])))
}

/** The first four bytes of keccak256 of `isValidSignature(bytes32,bytes)`, which are also what a contract answers that agrees (EIP-1271). */
const VALID = '1626ba7e'

/** The call that asks a wallet that is a contract whether it signed `hash`. */
export function signatureCall(hash: Hex, signature: Hex): Hex {
  const digits = signature.slice(2)
  const word = (value: number) => value.toString(16).padStart(64, '0')
  const padded = digits.padEnd(Math.ceil(digits.length / 64) * 64, '0')
  return `0x${VALID}${hash.slice(2)}${word(64)}${word(digits.length / 2)}${padded}`
}

/** Whether that is what a contract answers that signed. */
export function isSigned(answer: Hex | null): boolean {
  return answer === `0x${VALID.padEnd(64, '0')}`
}
