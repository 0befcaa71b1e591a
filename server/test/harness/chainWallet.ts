import { depositFactoryBytecode } from '@bitstream/contracts/depositFactory.ts'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testUsdcAbi, testUsdcAddress, testUsdcBytecode } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import { jsonRpc } from '../../src/chain/jsonRpc.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { waitUntil } from './waitUntil.ts'

/** The accounts of a local chain, which sends for them. */
export type ChainWallet = {
  accounts: readonly [Hex, Hex, ...Hex[]]
  /** Asks the chain; a transaction that it sends so is mined when this resolves, if the chain mines by itself. */
  call: (method: string, ...params: unknown[]) => Promise<unknown>
  /** Sends a transaction, from the first account unless told, and resolves with its hash, as `call` does. */
  send: (transaction: { from?: Hex; to: Hex; value?: bigint; data?: Hex; gas?: bigint }) => Promise<Hex>
  /** Makes test USDC (base units, 6 decimals) and gives it to `to`. */
  mintUsdc: (to: Hex, amountRaw: bigint) => Promise<Hex>
  transferUsdc: (to: Hex, amountRaw: bigint) => Promise<Hex>
  /** Puts all that `sendAll` sends into one block. */
  inOneBlock: (sendAll: () => Promise<unknown>) => Promise<void>
}

/** The wallet of the local chain at `rpcUrl`; deploys the factory and test USDC there. */
export async function openChainWallet(rpcUrl: string): Promise<ChainWallet> {
  const rpc = jsonRpc({ rpcUrl, timeoutMs: 10_000 })
  // The chain mines some time after it took a transaction.
  const isDone = async (hash: unknown) =>
    (await rpc('eth_getTransactionReceipt', [hash])) !== null || !(await rpc('anvil_getAutomine', []))
  const call = async (method: string, ...params: unknown[]) => {
    const answer = await rpc(method, params)
    if (method === 'eth_sendTransaction') await waitUntil('the transaction is mined', () => isDone(answer))
    return answer
  }
  const accounts = (await call('eth_accounts')) as [Hex, Hex, ...Hex[]]
  const send: ChainWallet['send'] = async ({ from = accounts[0], to, value = 0n, data = '0x', gas }) => {
    const limit = gas === undefined ? {} : { gas: `0x${gas.toString(16)}` }
    const transaction = { from, to, value: `0x${value.toString(16)}`, data, ...limit }
    return (await call('eth_sendTransaction', transaction)) as Hex
  }
  const usdc = (functionName: 'mint' | 'transfer', to: Hex, amountRaw: bigint) =>
    send({ to: testUsdcAddress, data: encodeFunctionData({ abi: testUsdcAbi, functionName, args: [to, amountRaw] }) })
  for (const code of [depositFactoryBytecode, testUsdcBytecode]) {
    await send({ to: deterministicDeployerAddress, data: `0x${'00'.repeat(32)}${code.slice(2)}` })
  }
  return {
    accounts,
    call,
    send,
    mintUsdc: (to, amountRaw) => usdc('mint', to, amountRaw),
    transferUsdc: (to, amountRaw) => usdc('transfer', to, amountRaw),
    inOneBlock: async sendAll => {
      await call('evm_setAutomine', false)
      await sendAll()
      await call('evm_mine')
      await call('evm_setAutomine', true)
    },
  }
}
