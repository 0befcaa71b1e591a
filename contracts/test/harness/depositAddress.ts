import { concatHex, encodeAbiParameters, getCreate2Address, type Hex, keccak256, numberToHex, padHex } from 'viem'
import { depositProxyHead, depositProxyTail } from '../../abi/depositProxy.ts'

/** One row of a session's payouts: `share` basis points of what arrives on `chainId` go to `receiver`. */
export type Payout = { chainId: bigint; receiver: Hex; share: bigint }

/** The rows as the contract hashes them: contiguous 96-byte words. */
export function encodePayouts(payouts: readonly Payout[]): Hex {
  return concatHex(
    payouts.flatMap(({ chainId, receiver, share }) => [
      numberToHex(chainId, { size: 32 }),
      padHex(receiver, { size: 32 }),
      numberToHex(share, { size: 32 }),
    ]),
  )
}

/** keccak256 of the init code of the proxies of `factory`. */
export function proxyInitCodeHash(factory: Hex): Hex {
  return keccak256(concatHex([depositProxyHead, factory, depositProxyTail]))
}

/** The salt of a session's proxy. */
export function depositSalt(sessionId: bigint, payouts: readonly Payout[]): Hex {
  return keccak256(
    encodeAbiParameters([{ type: 'uint128' }, { type: 'bytes32' }], [sessionId, keccak256(encodePayouts(payouts))]),
  )
}

/** The deposit address of a session, lower-case; it does not ask whether the payouts are valid. */
export function depositAddress(factory: Hex, sessionId: bigint, payouts: readonly Payout[]): Hex {
  const salt = depositSalt(sessionId, payouts)
  return getCreate2Address({ from: factory, salt, bytecodeHash: proxyInitCodeHash(factory) }).toLowerCase() as Hex
}
