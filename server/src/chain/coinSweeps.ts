import { NATIVE } from '../domain/asset.ts'
import type { Hex } from '../domain/hex.ts'
import type { Log } from './blockLogs.ts'
import { expect } from './rpcAnswer.ts'
import { isAddressTopic, type TokenTransfer } from './tokenTransfers.ts'

/** keccak256 of `Swept(address,address,uint256)`: the factory's word that native coin left a deposit address. */
export const SWEPT_TOPIC: Hex = '0x7b09c29f9106defeccc9ac3b823f3aad0b470d120e5df7aed033b5c43a4bf718'

const RECEIVER_AND_AMOUNT = /^0x0{24}([0-9a-f]{40})([0-9a-f]{64})$/

/**
 * The native coin that left deposit addresses by `logs` of `factory`: its code is known, so that one of another form is not its
 * own, and an `UpstreamError`. The same topic from any other contract means nothing.
 */
export function coinSweeps(logs: readonly Log[], factory: Hex): TokenTransfer[] {
  return logs.flatMap(({ address, topics, data, txHash, place }) => {
    const [topic, deposit, ...more] = topics
    if (address !== factory || topic !== SWEPT_TOPIC) return []
    const [, receiver, amount] = (typeof data === 'string' && RECEIVER_AND_AMOUNT.exec(data)) || []
    expect(isAddressTopic(deposit) && more.length === 0 && receiver && amount, 'a malformed sweep')
    const amountRaw = BigInt(`0x${amount}`)
    return { asset: NATIVE, from: `0x${deposit.slice(26)}`, to: `0x${receiver}`, amountRaw, txHash, place }
  })
}
