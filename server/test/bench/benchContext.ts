import { randomBytes } from 'node:crypto'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import pg from 'pg'
import { authenticate } from '../../src/actions/authenticate.ts'
import type { Caller } from '../../src/actions/caller.ts'
import type { Config } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import type { Asset, Chain } from '../../src/domain/asset.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { openContext } from '../../src/openContext.ts'

/** Opens the database of a test world from another process, as its server sees it; no chain is read. */
export async function openBenchContext(databaseUrl: string, apiKey: string): Promise<{ ctx: Context; caller: Caller }> {
  const ctx = await openContext(benchConfig(databaseUrl, await readChains(databaseUrl)))
  return { ctx, caller: await authenticate(ctx, apiKey) }
}

/** The settings of a server on `databaseUrl` that serves `chains` and sends nothing. */
export function benchConfig(databaseUrl: string, chains: ChainConfig[]): Config & { databaseUrl: string } {
  return {
    mode: 'test',
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    dataDir: '',
    publicUrl: 'http://127.0.0.1:8080',
    secretKey: randomBytes(32),
    chains,
    rateSources: [],
    gasKey: null,
    webhookAllowedHosts: [],
    email: null,
    rateLimitPerS: null,
    payerRateLimitPerS: null,
    trustedProxies: 0,
    maxConnections: 20,
    logLevel: 'error',
  }
}

async function readChains(databaseUrl: string): Promise<ChainConfig[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const chains = await client.query<{ data: Chain }>('select data from chains')
  const assets = await client.query<{ data: Asset }>('select data from assets')
  await client.end()
  return chains.rows.map(({ data: chain }) => ({
    chain,
    assets: assets.rows.map(row => row.data).filter(asset => asset.chainId === chain.id),
    deposit: { factory: depositFactoryAddress, initCodeHash: depositProxyInitCodeHash },
    providers: [{ name: 'node', rpcUrl: 'http://127.0.0.1:9', wsUrl: null, isOwn: true }],
    publicRpcUrls: [],
    quorum: 1,
    finality: [{ below: null, wait: 3, witness: 'quorum' }],
    pollMs: 50,
    blockTimeMs: null,
    coinAlias: null,
    sanctionsOracle: null,
    feeds: null,
  }))
}
