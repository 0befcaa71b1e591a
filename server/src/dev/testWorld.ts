import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import { testDaiAddress } from '@bitstream/contracts/testDai.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { testUsdtAddress } from '@bitstream/contracts/testUsdt.ts'
import { testWbtcAddress } from '@bitstream/contracts/testWbtc.ts'
import { chainsWaiting } from '../actions/chainsWaiting.ts'
import { type Config, toChainConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import type { Hex } from '../domain/hex.ts'
import { startProgram } from '../program.ts'
import { syncChains } from '../store/chains.ts'
import { asWorker, openDatabase } from '../store/database.ts'
import { migrate } from '../store/migrate.ts'
import { openDataFolder, openTemporaryFolder } from './dataFolder.ts'
import { deployContracts } from './deployContracts.ts'
import { freePort, startPostgres } from './embeddedPostgres.ts'
import { startLocalChain } from './localChain.ts'
import { createLocalWallet, localClient } from './localWallet.ts'
import { addressOf, readSeed, seedOrganization } from './seed.ts'
import { createTestWallet } from './testWallet.ts'

/** The chain id of the test world's chain. */
export const TEST_CHAIN_ID = 80_001

/** `port` 0 picks a free one; `data` is the folder that keeps the world, null for a temporary one. */
export type TestWorldOptions = { port: number; data: string | null; logLevel: string }

/** What a program needs to use the world: the one line of `--json`. */
export type WorldDescription = {
  apiUrl: string
  dashboardUrl: string | null
  docsUrl: string
  apiKey: string
  databaseUrl: string
  chains: Record<string, { rpcUrl: string; factory: Hex; tokens: { usdc: Hex; usdt: Hex; dai: Hex; btc: Hex } }>
  payer: { address: Hex; privateKey: Hex }
  withdrawalAddresses: Record<string, Hex>
}

/** A test world that runs; `exited` resolves when one of its processes has ended by itself. */
export type TestWorld = { description: WorldDescription; exited: Promise<string>; stop: () => Promise<void> }

/** Starts everything on one machine with no network: database, chain, contracts, a demo merchant, and the server. */
export async function startTestWorld(options: TestWorldOptions): Promise<TestWorld> {
  const folder = options.data === null ? openTemporaryFolder() : openDataFolder(options.data)
  const stops: (() => Promise<void> | void)[] = [() => folder.close()]
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const [postgres, chain] = await startBoth(folder.path, stops)
    const seed = readSeed(folder.path)
    const port = options.port === 0 ? await freePort() : options.port
    const publicUrl = `http://127.0.0.1:${port}`
    const client = localClient(chain.rpcUrl)
    const setBalance = async (address: Hex, wei: bigint) => {
      await client.request({ method: 'anvil_setBalance', params: [address, `0x${wei.toString(16)}`] } as never)
    }
    const payer = createLocalWallet(chain.rpcUrl, TEST_CHAIN_ID, seed.payerKey)
    const faucet = createLocalWallet(chain.rpcUrl, TEST_CHAIN_ID, seed.faucetKey)
    await setBalance(faucet.address, 10n ** 24n)
    const testChain = testChainConfig(chain.rpcUrl, publicUrl)
    const config: Config & { databaseUrl: string } = {
      mode: 'test',
      host: '127.0.0.1',
      port,
      databaseUrl: postgres.url,
      dataDir: folder.path,
      publicUrl,
      secretKey: Buffer.from(seed.secretKey.slice(2), 'hex'),
      chains: [testChain],
      gasKey: null,
      webhookAllowedHosts: [],
      rateLimitPerS: null,
      maxConnections: 20,
      logLevel: options.logLevel,
    }
    await Promise.all([deployContracts(client, faucet), prepareDatabase(postgres.url, testChain, seed)])
    const program = await startProgram(
      config,
      { api: true, worker: true },
      { testWallet: createTestWallet(payer, faucet, { chainId: TEST_CHAIN_ID, rpcUrl: chain.rpcUrl, setBalance }) },
    )
    stops.push(() => program.stop())
    stops.push(mineWhileWaiting(program.ctx, async () => void (await client.request({ method: 'evm_mine' } as never))))
    return {
      description: describe(config, seed, chain.rpcUrl),
      exited: Promise.race([
        postgres.exited.then(() => 'The database has stopped.'),
        chain.exited.then(() => 'The local chain has stopped.'),
      ]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startBoth(path: string, stops: (() => Promise<void> | void)[]) {
  const started = await Promise.allSettled([
    startPostgres({ dataDir: join(path, 'postgres'), durable: true }),
    startLocalChain({ dataDir: join(path, 'chain'), chainId: TEST_CHAIN_ID }),
  ])
  // Together: were both to hang, each alone would take all the time there is for stopping.
  const running = started.filter(result => result.status === 'fulfilled')
  stops.push(async () => void (await Promise.all(running.map(({ value }) => value.stop()))))
  const [postgres, chain] = started
  if (postgres.status === 'rejected') throw postgres.reason
  if (chain.status === 'rejected') throw chain.reason
  return [postgres.value, chain.value] as const
}

async function prepareDatabase(url: string, chain: ChainConfig, seed: ReturnType<typeof readSeed>): Promise<void> {
  await migrate(url)
  const db = openDatabase(url, { maxConnections: 2, onError: () => undefined })
  try {
    await asWorker(db, tx => syncChains(tx, new Map([[chain.chain.id, chain]])))
    await seedOrganization(db, seed, chain.chain.id)
  } finally {
    await db.close()
  }
}

function testChainConfig(rpcUrl: string, publicUrl: string): ChainConfig {
  const coin = (
    address: Hex,
    currency: 'usdc' | 'usdt' | 'dai' | 'btc' | 'matic',
    symbol: string,
    decimals: number,
    coingeckoId: string,
  ) => ({
    address,
    currency,
    symbol,
    name: symbol,
    decimals,
    coingeckoId,
  })
  return toChainConfig({
    id: TEST_CHAIN_ID,
    name: 'Test network',
    icon: '',
    currency: 'matic',
    blockExplorerTransactionUrl: `${publicUrl}/test/transactions/`,
    blockExplorerName: 'Test explorer',
    isTestnet: true,
    isEIP1559Supported: true,
    forkOf: null,
    confirmations: 3,
    providers: [{ name: 'local', rpcUrl, wsUrl: rpcUrl.replace(/^http/, 'ws'), isOwn: true }],
    pollMs: 500,
    blockTimeMs: null,
    coinAlias: null,
    factory: depositFactoryAddress,
    initCodeHash: depositProxyInitCodeHash,
    assets: [
      coin(testUsdcAddress, 'usdc', 'USDC', 6, 'usd-coin'),
      coin(testUsdtAddress, 'usdt', 'USDT', 6, 'tether'),
      coin(testDaiAddress, 'dai', 'DAI', 18, 'dai'),
      coin(testWbtcAddress, 'btc', 'WBTC', 8, 'wrapped-bitcoin'),
      coin(NATIVE, 'matic', 'MATIC', 18, 'matic-network'),
    ],
  })
}

function describe(
  config: Config & { databaseUrl: string },
  seed: ReturnType<typeof readSeed>,
  rpcUrl: string,
): WorldDescription {
  const id = String(TEST_CHAIN_ID)
  return {
    apiUrl: config.publicUrl ?? '',
    dashboardUrl: null,
    docsUrl: `${config.publicUrl}/docs`,
    apiKey: seed.apiKey,
    databaseUrl: config.databaseUrl,
    chains: {
      [id]: {
        rpcUrl,
        factory: depositFactoryAddress,
        tokens: { usdc: testUsdcAddress, usdt: testUsdtAddress, dai: testDaiAddress, btc: testWbtcAddress },
      },
    },
    payer: { address: addressOf(seed.payerKey), privateKey: seed.payerKey },
    withdrawalAddresses: { [id]: addressOf(seed.merchantKey) },
  }
}

const BLOCK_MS = 1_000

/** Mines a block a second while a payment or a deadline waits for one: a chain that always mines would fill the disk. */
function mineWhileWaiting(ctx: Context, mine: () => Promise<void>): () => Promise<void> {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await wait(BLOCK_MS, undefined, { signal: stopping.signal })
        if ((await chainsWaiting(ctx)).length > 0) await mine()
      } catch (error) {
        if (!stopping.signal.aborted) ctx.log.warn({ err: error }, 'the local chain did not mine')
      }
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}
