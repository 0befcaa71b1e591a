import { type Chain, createPublicClient, createWalletClient, http, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'

/** A wallet on a local chain that sends one transaction after the other. */
export type LocalWallet = {
  address: Hex
  /** Sends and waits until it is mined; throws `UpstreamError` if it fails. */
  send: (transaction: { to: Hex; data?: Hex; value?: bigint }) => Promise<Hex>
}

/** A client for the local chain at `rpcUrl`. */
export function localClient(rpcUrl: string): PublicClient {
  return createPublicClient({ transport: http(rpcUrl), pollingInterval: 50 })
}

/** The wallet of `key` on the local chain. */
export function createLocalWallet(rpcUrl: string, chainId: number, key: Hex): LocalWallet {
  const account = privateKeyToAccount(key)
  const chain = {
    id: chainId,
    name: 'local',
    nativeCurrency: { name: '', symbol: '', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  } satisfies Chain
  const client = createWalletClient({ account, chain, transport: http(rpcUrl) })
  const reader = localClient(rpcUrl)
  let last: Promise<unknown> = Promise.resolve()
  const sendNow = async (transaction: { to: Hex; data?: Hex; value?: bigint }): Promise<Hex> => {
    let hash: Hex
    try {
      hash = await client.sendTransaction(transaction)
    } catch (cause) {
      throw new UpstreamError('The local chain refused the transaction.', { retryable: true, cause })
    }
    const { status } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 50, timeout: 10_000 })
    if (status !== 'success') throw new UpstreamError(`Transaction ${hash} failed.`, { retryable: false })
    return hash
  }
  return {
    address: account.address.toLowerCase() as Hex,
    // One at a time, so that each takes the nonce after the one before.
    send: transaction => {
      const sent = last.then(
        () => sendNow(transaction),
        () => sendNow(transaction),
      )
      last = sent
      return sent
    },
  }
}
