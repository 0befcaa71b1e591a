import { randomBytes } from 'node:crypto'
import { fixedRates, type Rates } from '../../src/chain/rates.ts'
import type { Clock, Context, TestWallet } from '../../src/context.ts'
import { makeSeed, seedOrganization } from '../../src/dev/seed.ts'
import { TEST_RATES } from '../../src/dev/testRates.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import { closeContext, openContext } from '../../src/openContext.ts'
import { testChainConfig } from './fixtures.ts'
import { createTestDatabase } from './testDatabase.ts'

/** A context over a database of its own, with a demo organization. */
export type TestContext = { ctx: Context; apiKey: string; organizationId: string; close: () => Promise<void> }

/** Opens a context as the program does, over a clone of the template database. */
export async function createTestContext(
  options: {
    clock?: Clock
    chains?: ChainConfig[]
    mode?: 'test' | 'live'
    rates?: Rates
    testWallet?: TestWallet
    rateLimitPerS?: number | null
    payerRateLimitPerS?: number
    gasKey?: Uint8Array
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
      rateSources: [],
      gasKey: options.gasKey ?? null,
      webhookAllowedHosts: [],
      email: null,
      rateLimitPerS: options.rateLimitPerS ?? null,
      payerRateLimitPerS: options.payerRateLimitPerS ?? null,
      // Tests say who they are in X-Forwarded-For.
      trustedProxies: 1,
      maxConnections: 20,
      logLevel: options.logLevel ?? 'fatal',
    },
    {
      rates: options.rates ?? fixedRates(TEST_RATES),
      ...(options.clock && { clock: options.clock }),
      ...(options.testWallet && { testWallet: options.testWallet }),
    },
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
