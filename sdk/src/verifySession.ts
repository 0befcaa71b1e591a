import { SessionError } from './errors.ts'
import { FACTORIES } from './factories.ts'
import { keccak256 } from './keccak.ts'
import type { CheckoutSession } from './types.ts'

/** Where the money of one network may go: a wallet, or several with their shares in basis points (10,000 is all). */
export type Wallet = string | readonly { address: string; share: number }[]

/** What the addresses of a session are checked against: the merchant's own configuration, never what the server says. */
export type Expected = {
  /** The merchant's wallets by chain id. */
  wallets: Readonly<Record<number, Wallet>>
  /** The factories that are trusted, with the hash of the code that they create; those of this release unless told. */
  factories?: readonly { factory: string; initCodeHash: string }[]
}

type Proof = CheckoutSession['addresses'][number]['proof']
type Payouts = readonly Proof['payouts'][number][]

/** A session, as far as it is looked at. */
export type ProvenSession = {
  id: string
  addresses: readonly {
    paymentAddress: string
    asset: { chainId: number }
    proof: Readonly<Omit<Proof, 'payouts'>> & { payouts: Payouts }
  }[]
}

const WORD = 32
const PAYOUTS_MAX = 20
const SHARES_TOTAL = 10_000
const ADDRESS = /^0x[0-9a-f]{40}$/i
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Computes the payment addresses of a session from its id and the merchant's wallets. Throws `SessionError` unless each of them can
 * pay those wallets and nobody else, with the code `no_addresses`, `proof_missing`, `session_mismatch`, `factory_unknown`,
 * `payouts_invalid`, `wallet_mismatch` or `address_mismatch`. CREATE2: EIP-1014.
 */
export function verifySession(session: ProvenSession, { wallets, factories = FACTORIES }: Expected): void {
  if (session.addresses.length === 0) refuse('no_addresses', 'The session has no payment address.')
  for (const { paymentAddress, asset, proof } of session.addresses) {
    if (!proof) refuse('proof_missing', 'Read the session with a secret key: what payers see has no proof.')
    const { factory, initCodeHash, sessionId, payouts } = proof
    if (sessionId !== session.id || !UUID.test(sessionId))
      refuse('session_mismatch', `The address ${paymentAddress} is of another session.`)
    const trusted = factories.find(each => same(each.factory, factory) && same(each.initCodeHash, initCodeHash))
    if (trusted === undefined)
      refuse('factory_unknown', `The address ${paymentAddress} is of a factory that is not trusted: ${factory}.`)
    checkPayouts(payouts, factory)
    checkWallets(payouts, wallets)
    if (!payouts.some(({ chainId }) => chainId === asset.chainId || chainId === 0))
      refuse('wallet_mismatch', `${paymentAddress} pays nobody on chain ${asset.chainId}.`)
    const address = depositAddress(factory, initCodeHash, sessionId, payouts)
    if (!same(address, paymentAddress))
      refuse('address_mismatch', `${paymentAddress} is not the address of this session, which is ${address}.`)
  }
}

/** Refuses what the factory would refuse to sweep, by the rule that it and the server have. */
function checkPayouts(payouts: Payouts, factory: string): void {
  const isRight =
    payouts.length >= 1 &&
    payouts.length <= PAYOUTS_MAX &&
    payouts.every(({ chainId, receiver, share }, index) => {
      const before = payouts[index - 1]?.chainId ?? 0
      const rows = payouts.filter(row => row.chainId === chainId)
      return (
        Number.isSafeInteger(chainId) &&
        chainId >= before &&
        ADDRESS.test(receiver) &&
        BigInt(receiver) !== 0n &&
        !same(receiver, factory) &&
        rows.filter(row => same(row.receiver, receiver)).length === 1 &&
        Number.isSafeInteger(share) &&
        share >= 1 &&
        rows.reduce((sum, row) => sum + row.share, 0) === SHARES_TOTAL
      )
    })
  if (!isRight) refuse('payouts_invalid', 'The payouts of the session are such that nothing could be paid out.')
}

function checkWallets(payouts: Payouts, wallets: Expected['wallets']): void {
  for (const chainId of new Set(payouts.map(row => row.chainId))) {
    const rows = payouts.filter(row => row.chainId === chainId)
    const wallet = wallets[chainId] ?? []
    const expected = typeof wallet === 'string' ? [{ address: wallet, share: SHARES_TOTAL }] : wallet
    const isSame =
      rows.length === expected.length &&
      rows.every(({ receiver, share }) => expected.some(each => same(each.address, receiver) && each.share === share))
    if (!isSame)
      refuse(
        'wallet_mismatch',
        `On chain ${chainId} the session pays ${rows.map(({ receiver }) => receiver).join(', ')}.`,
      )
  }
}

function depositAddress(factory: string, initCodeHash: string, sessionId: string, payouts: Payouts): string {
  const words = payouts.flatMap(({ chainId, receiver, share }) => [word(chainId), word(receiver), word(share)])
  const rows = keccak256(bytesOf(words.join('')))
  const salt = keccak256(bytesOf(word(`0x${sessionId.replaceAll('-', '')}`) + hexOf(rows)))
  const digest = keccak256(bytesOf(`ff${factory.slice(2)}${hexOf(salt)}${initCodeHash.slice(2)}`))
  return `0x${hexOf(digest.subarray(12))}`
}

/** A number, or hex with 0x, as the 32 bytes of the EVM. */
function word(value: number | string): string {
  return BigInt(value)
    .toString(16)
    .padStart(2 * WORD, '0')
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  )
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function refuse(code: string, message: string): never {
  throw new SessionError({ code, message })
}
