import { type Chain, createPublicClient, createWalletClient, erc20Abi, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { WorldDescription } from '../../src/dev/testWorld.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import type { Hex } from '../../src/domain/hex.ts'

const USDT_TRANSFER = [
  {
    type: 'function',
    name: 'transfer',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [],
  },
] as const

/** A payer's own wallet, which knows of a payment only what its page shows: an address, an amount and a token. */
export type PayerWallet = {
  readonly address: Hex
  /** Sends base units of a token (zero address: the native coin), and resolves with the hash when it is in a block. */
  send: (token: Hex, to: Hex, amountRaw: bigint) => Promise<Hex>
  /** What `owner` has of a token (zero address: the native coin), in base units. */
  balanceOf: (token: Hex, owner: Hex) => Promise<bigint>
  /** Makes the chain mine `count` blocks at once, so that a test need not wait for the world to do it. */
  mine: (count: number) => Promise<void>
}

/** The payer of the test world with its own key, over the chain's RPC alone. */
export function createPayerWallet(world: WorldDescription, chainId: number): PayerWallet {
  const rpcUrl = world.chains[chainId]?.rpcUrl
  const transport = http(rpcUrl)
  const chain = {
    id: chainId,
    name: 'test',
    nativeCurrency: { name: '', symbol: '', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl ?? ''] } },
  } satisfies Chain
  const account = privateKeyToAccount(world.payer.privateKey)
  const wallet = createWalletClient({ account, chain, transport })
  const reader = createPublicClient({ chain, transport, pollingInterval: 20 })
  return {
    address: world.payer.address,
    send: async (token, to, amountRaw) => {
      const hash =
        token === NATIVE
          ? await wallet.sendTransaction({ to, value: amountRaw })
          : await wallet.writeContract({
              address: token,
              abi: USDT_TRANSFER,
              functionName: 'transfer',
              args: [to, amountRaw],
            })
      const { status } = await reader.waitForTransactionReceipt({ hash })
      if (status !== 'success') throw new Error(`transaction ${hash} failed`)
      return hash
    },
    balanceOf: (token, owner) =>
      token === NATIVE
        ? reader.getBalance({ address: owner })
        : reader.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
    mine: async count => {
      await reader.request({ method: 'anvil_mine', params: [`0x${count.toString(16)}`] } as never)
    },
  }
}
