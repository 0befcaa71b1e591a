import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { testDaiAddress } from '@bitstream/contracts/testDai.ts'
import { testUsdcAddress } from '@bitstream/contracts/testUsdc.ts'
import { testUsdtAddress } from '@bitstream/contracts/testUsdt.ts'
import { testWbtcAddress } from '@bitstream/contracts/testWbtc.ts'
import { chainsWaiting } from '../actions/chainsWaiting.ts'
import { fixedRates } from '../chain/rates.ts'
import type { Config } from '../config.ts'
import type { Clock, Context } from '../context.ts'
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
import { openMovableClock } from './movableClock.ts'
import { StartError } from './process.ts'
import { addressOf, readSeed, type Seed, seedOrganization } from './seed.ts'
import { openTestChain, TEST_NETWORKS, type TestChain, type TestNetwork, testNetworkConfig } from './testChain.ts'
import { TEST_RATES } from './testRates.ts'
import { createTestWallet } from './testWallet.ts'

/** `port` 0 picks a free one; `data` is the folder that keeps the world, null for a temporary one. */
export type TestWorldOptions = { port: number; data: string | null; logLevel: string }

/** What a program needs to use the world: the one line of `--json`. */
export type WorldDescription = {
  apiUrl: string
  dashboardUrl: string
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
    const [postgres, ...nodes] = await startAll(folder.path, stops)
    const seed = readSeed(folder.path)
    const port = options.port === 0 ? await freePort() : options.port
    const publicUrl = `http://127.0.0.1:${port}`
    const clock = openMovableClock(folder.path)
    const chains = await Promise.all(nodes.map(({ network, rpcUrl }) => openTestChain(network.id, rpcUrl, seed, clock)))
    const running = {
      databaseUrl: postgres.url,
      publicUrl,
      nodes: nodes.map(({ network, rpcUrl }) => ({ ...network, rpcUrl })),
    }
    const config = worldConfig(folder.path, running, options.logLevel)
    await Promise.all([...chains.map(deployContracts), prepareDatabase(postgres.url, config.chains, seed)])
    const testWallet = createTestWallet(chains, clock)
    const program = await startProgram(
      config,
      { api: true, worker: true },
      { testWallet, clock, rates: fixedRates(TEST_RATES) },
    )
    stops.push(() => program.stop())
    stops.push(mineWhileWaiting(program.ctx, chains))
    stops.push(remember(folder.path, running))
    return {
      description: describe(config, seed, nodes),
      exited: Promise.race([
        postgres.exited.then(() => 'The database has stopped.'),
        ...nodes.map(node => node.exited.then(() => `The chain ${node.network.name} has stopped.`)),
      ]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(path: string, stops: (() => Promise<void> | void)[]) {
  const [database, ...chains] = [
    startPostgres({ dataDir: join(path, 'postgres'), durable: true }),
    ...TEST_NETWORKS.map(async (network, index) => {
      const dataDir = join(path, index === 0 ? 'chain' : `chain-${network.id}`)
      return { network, ...(await startLocalChain({ dataDir, chainId: network.id })) }
    }),
  ] as const
  const started = await Promise.allSettled([database, ...chains])
  // Together: were all to hang, each alone would take all the time there is for stopping.
  const running = started.filter(result => result.status === 'fulfilled')
  stops.push(async () => void (await Promise.all(running.map(({ value }) => value.stop()))))
  return [await database, ...(await Promise.all(chains))] as const
}

/** Where the parts of a world are that runs; its folder tells other commands. */
type RunningWorld = { databaseUrl: string; publicUrl: string; nodes: (TestNetwork & { rpcUrl: string })[] }

const RUNNING = 'running.json'

/** Writes down where the world's parts are, until it ends. */
function remember(folder: string, running: RunningWorld): () => void {
  const path = join(folder, RUNNING)
  writeFileSync(path, `${JSON.stringify(running)}\n`, { mode: 0o600 })
  return () => rmSync(path, { force: true })
}

/** The settings and the clock of the world that runs in `folder`, for another process; throws `StartError` when none does. */
export function findRunningWorld(folder: string): { config: WorldConfig; clock: Clock } {
  const path = join(resolve(folder), RUNNING)
  if (!existsSync(path)) throw new StartError(`No test world runs in ${folder}: start it with npm start.`)
  const running = JSON.parse(readFileSync(path, 'utf8')) as RunningWorld
  return { config: worldConfig(resolve(folder), running, 'error'), clock: openMovableClock(resolve(folder)) }
}

type WorldConfig = Config & { databaseUrl: string }

function worldConfig(folder: string, { databaseUrl, publicUrl, nodes }: RunningWorld, logLevel: string): WorldConfig {
  const { secretKey, gasKey } = readSeed(folder)
  return {
    mode: 'test',
    host: '127.0.0.1',
    port: Number(new URL(publicUrl).port),
    databaseUrl,
    dataDir: folder,
    publicUrl,
    secretKey: Buffer.from(secretKey.slice(2), 'hex'),
    chains: nodes.map(node => testNetworkConfig(node, node.rpcUrl, publicUrl)),
    rateSources: [],
    gasKey: Buffer.from(gasKey.slice(2), 'hex'),
    webhookAllowedHosts: [],
    email: null,
    rateLimitPerS: null,
    payerRateLimitPerS: null,
    trustedProxies: 0,
    maxConnections: 20,
    logLevel,
  }
}

async function prepareDatabase(url: string, chains: readonly ChainConfig[], seed: Seed): Promise<void> {
  await migrate(url)
  const db = openDatabase(url, { maxConnections: 2, onError: () => undefined })
  try {
    await asWorker(db, tx => syncChains(tx, new Map(chains.map(config => [config.chain.id, config]))))
    await seedOrganization(db, seed, TEST_NETWORKS[0].id)
  } finally {
    await db.close()
  }
}

function describe(
  config: Config & { databaseUrl: string },
  seed: Seed,
  nodes: readonly { network: { id: number }; rpcUrl: string }[],
): WorldDescription {
  const tokens = { usdc: testUsdcAddress, usdt: testUsdtAddress, dai: testDaiAddress, btc: testWbtcAddress }
  return {
    apiUrl: config.publicUrl ?? '',
    dashboardUrl: `${config.publicUrl}/`,
    docsUrl: `${config.publicUrl}/docs`,
    apiKey: seed.apiKey,
    databaseUrl: config.databaseUrl,
    chains: Object.fromEntries(
      nodes.map(({ network, rpcUrl }) => [network.id, { rpcUrl, factory: depositFactoryAddress, tokens }]),
    ),
    payer: { address: addressOf(seed.payerKey), privateKey: seed.payerKey },
    withdrawalAddresses: { [TEST_NETWORKS[0].id]: addressOf(seed.merchantKey) },
  }
}

const BLOCK_MS = 1_000

/** Mines a block a second while a payment or a deadline waits for one: a chain that always mines would fill the disk. */
function mineWhileWaiting(ctx: Context, chains: readonly TestChain[]): () => Promise<void> {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await wait(BLOCK_MS, undefined, { signal: stopping.signal })
        const waiting = await chainsWaiting(ctx)
        await Promise.all(chains.filter(({ id }) => waiting.includes(id)).map(chain => chain.mine()))
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
