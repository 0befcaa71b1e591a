import { setTimeout as sleep } from 'node:timers/promises'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import { testDaiAddress } from '@bitstream/contracts/testDai.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { testUsdtAddress } from '@bitstream/contracts/testUsdt.ts'
import { testWbtcAddress } from '@bitstream/contracts/testWbtc.ts'
import type { PublicClient } from 'viem'
import { toChainConfig } from '../chainConfig.ts'
import type { Clock } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import type { Hex } from '../domain/hex.ts'
import { createLocalWallet, type LocalWallet, localClient } from './localWallet.ts'
import { addressOf } from './seed.ts'

/** A network of the test world. */
export type TestNetwork = {
  id: number
  name: string
  coin: { currency: 'matic' | 'eth'; symbol: string; coingeckoId: string }
}

/** The network that the demo merchant is paid on, and another one to pay on by mistake: there he has no wallet. */
export const TEST_NETWORKS: readonly [TestNetwork, TestNetwork] = [
  { id: 80_001, name: 'Test network', coin: { currency: 'matic', symbol: 'MATIC', coingeckoId: 'matic-network' } },
  { id: 80_002, name: 'Other test network', coin: { currency: 'eth', symbol: 'ETH', coingeckoId: 'ethereum' } },
]

/** A local chain under the test world's control. */
export type TestChain = {
  id: number
  client: PublicClient
  /** Pays sessions; what it lacks is made for it. */
  payer: LocalWallet
  /** Gives coins away. */
  faucet: LocalWallet
  /** Gives native coin out of nothing: `wei` is all that `address` has then. */
  setBalance: (address: Hex, wei: bigint) => Promise<void>
  mine: () => Promise<void>
  /** Sets the chain's clock by ours; blocks are dated in whole seconds. */
  setTime: () => Promise<void>
  /** Resolves once a block that is mined now is dated after `moment`. */
  pass: (moment: Date) => Promise<void>
  /** Replaces the newest blocks from the one of transaction `txHash` on: that one is lost, the others come again. */
  drop: (txHash: Hex) => Promise<void>
}

/** Takes control of the chain at `rpcUrl`, whose time is that of `clock` from now on. */
export async function openTestChain(
  id: number,
  rpcUrl: string,
  keys: { payerKey: Hex; faucetKey: Hex; gasKey: Hex },
  clock: Clock,
): Promise<TestChain> {
  const client = localClient(rpcUrl)
  const call = (method: string, ...params: unknown[]) => client.request({ method, params } as never) as Promise<unknown>
  const setTime = async () => void (await call('anvil_setTime', Math.floor(clock.now().getTime() / 1000)))
  const chain: TestChain = {
    id,
    client,
    payer: createLocalWallet(rpcUrl, id, keys.payerKey),
    faucet: createLocalWallet(rpcUrl, id, keys.faucetKey),
    setBalance: async (address, wei) => void (await call('anvil_setBalance', address, `0x${wei.toString(16)}`)),
    mine: async () => void (await call('evm_mine')),
    setTime,
    pass: async moment => {
      // The chain was set by whole seconds, so that it may be almost one behind; and a timer may fire a moment early.
      const after = (Math.floor(moment.getTime() / 1000) + 2) * 1000
      for (let left = 1; left > 0; left = after - clock.now().getTime()) await sleep(left)
    },
    drop: async txHash => {
      const { blockNumber } = await client.getTransactionReceipt({ hash: txHash })
      const head = await client.getBlockNumber({ cacheTime: 0 })
      const kept: [string, number][] = []
      for (let number = blockNumber; number <= head; number += 1n) {
        const { transactions } = await client.getBlock({ blockNumber: number })
        for (const hash of transactions.filter(each => each !== txHash)) {
          kept.push([String(await call('eth_getRawTransactionByHash', hash)), parseInt(`${number - blockNumber}`, 10)])
        }
      }
      await call('anvil_reorg', parseInt(`${head - blockNumber + 1n}`, 10), kept)
      // It went on from the time of the last block that it kept.
      await setTime()
    },
  }
  // After a restart its clock would begin at real time, behind its own last block.
  await setTime()
  await chain.setBalance(chain.faucet.address, 10n ** 24n)
  await chain.setBalance(addressOf(keys.gasKey), 10n ** 24n)
  return chain
}

/** How the server reads the network from the node at `rpcUrl`. */
export function testNetworkConfig({ id, name, coin }: TestNetwork, rpcUrl: string, publicUrl: string): ChainConfig {
  const token = (address: Hex, currency: 'usdc' | 'usdt' | 'dai' | 'btc', decimals: number, coingeckoId: string) => {
    const symbol = currency === 'btc' ? 'WBTC' : currency.toUpperCase()
    return { address, currency, symbol, name: symbol, decimals, coingeckoId }
  }
  return toChainConfig({
    id,
    name,
    icon: '',
    currency: coin.currency,
    blockExplorerTransactionUrl: `${publicUrl}/test/transactions/`,
    blockExplorerName: 'Test explorer',
    isTestnet: true,
    isEIP1559Supported: true,
    forkOf: null,
    confirmations: 3,
    providers: [{ name: 'local', rpcUrl, wsUrl: rpcUrl.replace(/^http/, 'ws'), isOwn: true }],
    // Everything of a test world is for whoever uses the machine.
    publicRpcUrls: [rpcUrl],
    pollMs: 500,
    blockTimeMs: null,
    coinAlias: null,
    sanctionsOracle: null,
    feeds: null,
    factory: depositFactoryAddress,
    initCodeHash: depositProxyInitCodeHash,
    assets: [
      token(testUsdcAddress, 'usdc', 6, 'usd-coin'),
      token(testUsdtAddress, 'usdt', 6, 'tether'),
      token(testDaiAddress, 'dai', 18, 'dai'),
      token(testWbtcAddress, 'btc', 8, 'wrapped-bitcoin'),
      { address: NATIVE, ...coin, name: coin.symbol, decimals: 18 },
    ],
  })
}
