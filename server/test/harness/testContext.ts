import { randomBytes } from 'node:crypto'
import { toChainConfig } from '../../src/config.ts'
import type { Clock, Context, TestWallet } from '../../src/context.ts'
import { makeSeed, seedOrganization } from '../../src/dev/seed.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { closeContext, openContext } from '../../src/program.ts'
import { createTestDatabase } from './testDatabase.ts'

/** A clock that stands still until it is set. */
export type TestClock = Clock & { set: (time: Date) => void; advance: (ms: number) => void }

/** A context over a database of its own, with a demo organization. */
export type TestContext = { ctx: Context; apiKey: string; organizationId: string; close: () => Promise<void> }

/** A clock that begins at `start`. */
export function createTestClock(start = new Date('2026-01-31T12:00:00.000Z')): TestClock {
  let now = start
  return {
    now: () => now,
    set: time => {
      now = time
    },
    advance: ms => {
      now = new Date(now.getTime() + ms)
    },
  }
}

/** The chain of most tests: USDC with 6 decimals, DAI with 18 and the native coin; 3 confirmations. */
export function testChainConfig(changes: Partial<Parameters<typeof toChainConfig>[0]> = {}): ChainConfig {
  return toChainConfig({
    id: 80_001,
    name: 'Test network',
    icon: '',
    currency: 'matic',
    blockExplorerTransactionUrl: 'http://127.0.0.1/transactions/',
    blockExplorerName: 'Test explorer',
    isTestnet: true,
    isEIP1559Supported: true,
    forkOf: null,
    confirmations: 3,
    rpcUrl: 'http://127.0.0.1:1',
    pollMs: 100,
    factory: '0x00000000000000000000000000000000000000fa',
    initCodeHash: `0x${'ab'.repeat(32)}`,
    assets: [
      {
        address: `0x${'11'.repeat(20)}`,
        currency: 'usdc',
        symbol: 'USDC',
        name: 'USDC',
        decimals: 6,
        coingeckoId: 'usd-coin',
      },
      {
        address: `0x${'22'.repeat(20)}`,
        currency: 'dai',
        symbol: 'DAI',
        name: 'DAI',
        decimals: 18,
        coingeckoId: 'dai',
      },
      {
        address: `0x${'00'.repeat(20)}`,
        currency: 'matic',
        symbol: 'MATIC',
        name: 'MATIC',
        decimals: 18,
        coingeckoId: 'matic-network',
      },
    ],
    ...changes,
  })
}

/** Opens a context as the program does, over a clone of the template database. */
export async function createTestContext(
  options: {
    clock?: Clock
    chains?: ChainConfig[]
    mode?: 'test' | 'live'
    testWallet?: TestWallet
    rateLimitPerS?: number | null
    logLevel?: string
  } = {},
): Promise<TestContext> {
  const database = await createTestDatabase()
  const seed = makeSeed()
  const ctx = await openContext(
    {
      mode: options.mode ?? 'test',
      host: '127.0.0.1',
      port: 0,
      databaseUrl: database.url,
      dataDir: '',
      publicUrl: options.mode === 'live' ? 'https://pay.example.com' : 'http://127.0.0.1:8080',
      secretKey: randomBytes(32),
      chains: options.chains ?? [testChainConfig()],
      webhookAllowedHosts: [],
      rateLimitPerS: options.rateLimitPerS ?? null,
      maxConnections: 20,
      logLevel: options.logLevel ?? 'fatal',
    },
    { ...(options.clock && { clock: options.clock }), ...(options.testWallet && { testWallet: options.testWallet }) },
  )
  const [chain] = ctx.chains.keys()
  await seedOrganization(ctx.db, seed, chain ?? 0)
  return {
    ctx,
    apiKey: seed.apiKey,
    organizationId: seed.organizationId,
    close: async () => {
      await closeContext(ctx)
      await database.drop()
    },
  }
}
