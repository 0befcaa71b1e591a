import { SessionError } from './errors.ts'
import { FACTORIES } from './factories.ts'
import { keccak256 } from './keccak.ts'

/** Where the money of one network may go: a wallet, or several with their shares in basis points (10,000 is all). */
export type Wallet = string | readonly { address: string; share: number }[]

/** What the addresses of a session are checked against: the merchant's own configuration, never what the server says. */
export type Expected = {
  /** The merchant's wallets by chain id. */
  wallets: Readonly<Record<number, Wallet>>
  /** The factories that are trusted, with the hash of their code; those of this release unless told. */
  factories?: readonly { factory: string; initCodeHash: string }[]
}

type Payout = { chainId: number; receiver: string; share: number }

/** A session, as far as it is looked at. */
export type ProvenSession = {
  id: string
  addresses: readonly {
    paymentAddress: string
    proof: { factory: string; initCodeHash: string; sessionId: string; payouts: readonly Payout[] }
  }[]
}

const WORD = 32

/**
 * Computes the payment addresses of a session from its id and the merchant's wallets. Throws `SessionError` with the code
 * `address_mismatch`, `factory_unknown`, `wallet_mismatch`, `session_mismatch` or `no_addresses` unless each of them can pay those
 * wallets and nobody else. Sessions that name wallets of their own are checked against those. CREATE2: EIP-1014.
 */
export function verifySession(session: ProvenSession, { wallets, factories = FACTORIES }: Expected): void {
  if (session.addresses.length === 0) refuse('no_addresses', 'The session has no payment address.')
  for (const { paymentAddress, proof } of session.addresses) {
    const { factory, initCodeHash, sessionId, payouts } = proof
    if (sessionId !== session.id) refuse('session_mismatch', `The address ${paymentAddress} is of another session.`)
    const isKnown = factories.some(each => same(each.factory, factory) && same(each.initCodeHash, initCodeHash))
    if (!isKnown)
      refuse('factory_unknown', `The address ${paymentAddress} is of a factory that is not trusted: ${factory}.`)
    checkPayouts(payouts, wallets)
    const address = depositAddress(factory, initCodeHash, sessionId, payouts)
    if (!same(address, paymentAddress))
      refuse('address_mismatch', `${paymentAddress} is not the address of this session, which is ${address}.`)
  }
}

function checkPayouts(payouts: readonly Payout[], wallets: Expected['wallets']): void {
  const chains = new Set(payouts.map(({ chainId }) => chainId))
  for (const chainId of chains) {
    const rows = payouts.filter(payout => payout.chainId === chainId)
    const wallet = wallets[chainId]
    if (wallet === undefined)
      refuse('wallet_mismatch', `The session pays out on chain ${chainId}, for which no wallet was given.`)
    const expected = typeof wallet === 'string' ? [{ address: wallet, share: 10_000 }] : (wallet ?? [])
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

function depositAddress(factory: string, initCodeHash: string, sessionId: string, payouts: readonly Payout[]): string {
  const rows = new Uint8Array(payouts.length * 3 * WORD)
  const view = new DataView(rows.buffer)
  for (const [index, { chainId, receiver, share }] of payouts.entries()) {
    const start = index * 3 * WORD
    view.setBigUint64(start + WORD - 8, BigInt(chainId))
    rows.set(bytesOf(receiver, 20), start + 2 * WORD - 20)
    view.setBigUint64(start + 3 * WORD - 8, BigInt(share))
  }
  const salted = new Uint8Array(2 * WORD)
  salted.set(bytesOf(`0x${sessionId.replaceAll('-', '')}`, 16), WORD - 16)
  salted.set(keccak256(rows), WORD)
  const message = new Uint8Array(1 + 20 + 2 * WORD)
  message[0] = 0xff
  message.set(bytesOf(factory, 20), 1)
  message.set(keccak256(salted), 21)
  message.set(bytesOf(initCodeHash, WORD), 21 + WORD)
  const digest = keccak256(message).subarray(12)
  return `0x${[...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')}`
}

function bytesOf(hex: string, length: number): Uint8Array {
  if (!/^0x[0-9a-fA-F]*$/.test(hex) || hex.length !== 2 + 2 * length)
    refuse('address_mismatch', `${hex} is not ${length} bytes in hex.`)
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(hex.slice(2 + 2 * index, 4 + 2 * index), 16))
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function refuse(code: string, message: string): never {
  throw new SessionError({ code, message })
}
