import { keccak256, parseTransaction, type TransactionSerializable } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { invariant } from '../domain/errors.ts'
import type { Fees } from '../domain/gasFees.ts'
import { bytesToHex, type Hex } from '../domain/hex.ts'
import type { Call } from '../domain/sweepCall.ts'

/** Signed bytes that any node takes, and the hash that they are known by. */
export type SignedTransaction = { hash: Hex; raw: Hex }

/** An account that signs calls of one chain; asks nobody. */
export type GasAccount = {
  /** Lower-case. */
  address: Hex
  /** Signs a call with `gas` at most. */
  sign(call: Call, terms: { nonce: bigint; gas: bigint; fees: Fees }): Promise<SignedTransaction>
  /** Signs the same call with the same nonce and gas once more, for the fees that `choose` makes of the old ones; null where it has none. */
  replace(
    raw: Hex,
    choose: (old: Fees, gas: bigint) => Fees | null,
  ): Promise<(SignedTransaction & { fees: Fees }) | null>
}

/** The account of `key` (32 bytes), which signs for the chain of that id only (EIP-155). */
export function openGasAccount(chainId: number, key: Uint8Array): GasAccount {
  const account = privateKeyToAccount(bytesToHex(key))
  const signed = async (transaction: TransactionSerializable): Promise<SignedTransaction> => {
    const raw = await account.signTransaction(transaction)
    return { hash: keccak256(raw), raw }
  }
  return {
    address: account.address.toLowerCase() as Hex,
    sign: async ({ chainId: asked, to, data }, { nonce, gas, fees }) => {
      invariant(asked === chainId, 'a call is signed for its own chain')
      return await signed({ chainId, to, data, value: 0n, nonce: Number(nonce), gas, ...priced(fees) })
    },
    replace: async (raw, choose) => {
      const transaction = parseTransaction(raw)
      const { to, data, nonce, gas } = transaction
      invariant(to && data && gas !== undefined, 'a transaction of ours has all its parts')
      const fees = choose(feesOf(transaction), gas)
      if (fees === null) return null
      // Nothing in their encoding: zero, for the first one.
      return { fees, ...(await signed({ chainId, to, data, value: 0n, nonce: nonce ?? 0, gas, ...priced(fees) })) }
    },
  }
}

function feesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }: ReturnType<typeof parseTransaction>): Fees {
  if (gasPrice !== undefined) return { cap: gasPrice, tip: null }
  return { cap: maxFeePerGas ?? 0n, tip: maxPriorityFeePerGas ?? 0n }
}

function priced({ cap, tip }: Fees) {
  return tip === null
    ? { type: 'legacy' as const, gasPrice: cap }
    : { type: 'eip1559' as const, maxFeePerGas: cap, maxPriorityFeePerGas: tip }
}
