import { depositFactoryBytecode } from '@bitstream/contracts/depositFactory.ts'
import { deterministicDeployerAddress } from '@bitstream/contracts/deterministicDeployer.ts'
import { testUsdcAbi, testUsdcAddress, testUsdcBytecode } from '@bitstream/contracts/testUsdc.ts'
import { encodeFunctionData } from 'viem'
import { jsonRpc } from '../../src/chain/jsonRpc.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'

/** A USDC payment of `amountRaw` base units (6 decimals) to a deposit address. */
export type Payment = { to: Hex; amountRaw: bigint }

/** Someone who pays on a local chain and may also rewrite its history. */
export type ChainPayer = {
  call: (method: string, ...params: unknown[]) => Promise<unknown>
  /** Pays in a new block; resolves with the transaction's hash. */
  pay: (payment: Payment) => Promise<Hex>
  /** Pays all in one new block. */
  payTogether: (payments: readonly Payment[]) => Promise<Hex[]>
  /** Mines `count` empty blocks. */
  mine: (count: number) => Promise<void>
  /** Replaces the last `depth` blocks by as many others that hold only `kept`: each with its place among the new blocks, from 0. */
  reorg: (depth: number, kept?: readonly { txHash: Hex; block: number }[]) => Promise<void>
  height: () => Promise<number>
}

const PLENTY = 10n ** 15n
// Estimating would ask the node twice for each payment.
const GAS = '0x30d40'

/** The first funded account of the empty chain at `rpcUrl`, with USDC that is deployed for it; the chain then mines only when told. */
export async function openPayer(rpcUrl: string): Promise<ChainPayer> {
  const rpc = jsonRpc({ rpcUrl, timeoutMs: 10_000 })
  const call = (method: string, ...params: unknown[]) => rpc(method, params)
  const [from] = (await call('eth_accounts')) as Hex[]
  // A chain that mines by itself does so some time after it took a transaction.
  await call('evm_setAutomine', false)
  const send = async (to: Hex, data: Hex, gas = GAS) =>
    (await call('eth_sendTransaction', { from, to, data, gas })) as Hex
  for (const code of [depositFactoryBytecode, testUsdcBytecode]) {
    await send(deterministicDeployerAddress, `0x${'00'.repeat(32)}${code.slice(2)}`, '0x4c4b40')
  }
  await call('evm_mine')
  await send(
    testUsdcAddress,
    encodeFunctionData({ abi: testUsdcAbi, functionName: 'mint', args: [from ?? '0x', PLENTY] }),
  )
  await call('evm_mine')
  invariant((await call('eth_getCode', testUsdcAddress, 'latest')) !== '0x', 'the token is deployed')
  const payOne = async ({ to, amountRaw }: Payment) =>
    await send(
      testUsdcAddress,
      encodeFunctionData({ abi: testUsdcAbi, functionName: 'transfer', args: [to, amountRaw] }),
    )
  const payTogether = async (payments: readonly Payment[]) => {
    const hashes: Hex[] = []
    for (const payment of payments) hashes.push(await payOne(payment))
    await call('evm_mine')
    return hashes
  }
  return {
    call,
    pay: async payment => (await payTogether([payment]))[0] ?? '0x',
    payTogether,
    mine: async count => void (await call('anvil_mine', `0x${count.toString(16)}`)),
    reorg: async (depth, kept = []) => {
      const raw = kept.map(async ({ txHash, block }) => [await call('eth_getRawTransactionByHash', txHash), block])
      await call('anvil_reorg', depth, await Promise.all(raw))
    },
    height: async () => Number(await call('eth_blockNumber')),
  }
}
