import { keccak_256 } from '@noble/hashes/sha3.js'
import { NATIVE } from './asset.ts'
import { AppError, invariant } from './errors.ts'
import { bytesToHex, type Hex, hexToBytes } from './hex.ts'
import { uuidToBytes } from './uuid.ts'

/** One row of where a session's money may go: `share` basis points of what arrives on `chainId` (0: any chain without rows). */
export type Payout = { chainId: number; receiver: Hex; share: number }

/** The factory that sweeps deposit addresses, and the hash of the code that it creates at each of them. */
export type DepositFactory = { factory: Hex; initCodeHash: Hex }

/** The most receivers that one address may pay. */
export const PAYOUTS_MAX = 20

/** The shares of a chain add up to this: 100 % in basis points. */
export const SHARES_TOTAL = 10_000

const WORD = 32
const CHAIN_ID_MAX = 2 ** 53 - 1
const ADDRESS = /^0x[0-9a-f]{40}$/

/**
 * Throws `payouts_invalid` unless the factory would sweep by these rows: 1 to 20 of them, sorted by chain, per chain no
 * receiver twice and shares of 1 or more that add up to 10,000; no receiver zero or the factory itself.
 */
export function validatePayouts(payouts: readonly Payout[], factory: Hex, param: string | null = null): void {
  const refuse = (message: string) => new AppError('payouts_invalid', message, { param })
  if (payouts.length === 0) throw refuse('There must be at least one receiver.')
  if (payouts.length > PAYOUTS_MAX) throw refuse(`There must be at most ${PAYOUTS_MAX} receivers.`)
  let chainId = -1
  let sum = SHARES_TOTAL
  let seen = new Set<Hex>()
  for (const row of payouts) {
    if (!isWhole(row.chainId, 0, CHAIN_ID_MAX)) throw refuse('chainId must be a whole number, 0 or more.')
    if (row.chainId < chainId) throw refuse('Receivers must be sorted by chain.')
    if (row.chainId > chainId) {
      if (sum !== SHARES_TOTAL) throw refuse(sharesMessage(chainId, sum))
      chainId = row.chainId
      sum = 0
      seen = new Set()
    }
    if (!ADDRESS.test(row.receiver)) throw refuse('A receiver must be an address in lower case.')
    if (row.receiver === NATIVE) throw refuse('A receiver must not be the zero address.')
    if (row.receiver === factory) throw refuse('A receiver must not be the factory.')
    if (seen.has(row.receiver)) throw refuse(`Receiver ${row.receiver} is named twice on chain ${chainId}.`)
    if (!isWhole(row.share, 1, SHARES_TOTAL)) throw refuse(`A share must be 1 to ${SHARES_TOTAL} whole basis points.`)
    seen.add(row.receiver)
    sum += row.share
  }
  if (sum !== SHARES_TOTAL) throw refuse(sharesMessage(chainId, sum))
}

function isWhole(value: number, min: number, max: number): boolean {
  return value >= min && value <= max && value % 1 === 0
}

function sharesMessage(chainId: number, sum: number): string {
  return `The shares on chain ${chainId} add up to ${sum} basis points, not ${SHARES_TOTAL}.`
}

/** keccak256 of the rows as contiguous 96-byte words: chain, receiver, share. */
export function payoutsHash(payouts: readonly Payout[]): Uint8Array {
  const words = new Uint8Array(payouts.length * 3 * WORD)
  const view = new DataView(words.buffer)
  for (const [index, { chainId, receiver, share }] of payouts.entries()) {
    const start = index * 3 * WORD
    view.setBigUint64(start + WORD - 8, BigInt(chainId))
    words.set(hexToBytes(receiver), start + 2 * WORD - 20)
    view.setBigUint64(start + 3 * WORD - 8, BigInt(share))
  }
  return keccak_256(words)
}

/** The salt of a session's address: keccak256(abi.encode(uint128 sessionId, keccak256(payouts))). */
export function depositSalt(sessionId: string, payouts: readonly Payout[]): Uint8Array {
  const words = new Uint8Array(2 * WORD)
  words.set(uuidToBytes(sessionId), WORD - 16)
  words.set(payoutsHash(payouts), WORD)
  return keccak_256(words)
}

/** The address that `deployer` creates with `salt` (32 bytes) and code of that hash (EIP-1014). */
export function create2Address(deployer: Hex, salt: Uint8Array, initCodeHash: Hex): Hex {
  invariant(
    deployer.length === 42 && salt.length === WORD && initCodeHash.length === 66,
    'create2 takes 20, 32, 32 bytes',
  )
  const bytes = new Uint8Array(1 + 20 + 2 * WORD)
  bytes[0] = 0xff
  bytes.set(hexToBytes(deployer), 1)
  bytes.set(salt, 21)
  bytes.set(hexToBytes(initCodeHash), 21 + WORD)
  return bytesToHex(keccak_256(bytes).subarray(12))
}

/**
 * The deposit address of session `sessionId` (a UUID), which can only ever pay `payouts`: the same on every chain.
 * Throws `payouts_invalid` where the factory would refuse to sweep it.
 */
export function depositAddress(by: DepositFactory, sessionId: string, payouts: readonly Payout[]): Hex {
  validatePayouts(payouts, by.factory)
  return create2Address(by.factory, depositSalt(sessionId, payouts), by.initCodeHash)
}
