import { readFileSync } from 'node:fs'
import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import { z } from 'zod'
import { assetId, NATIVE } from './domain/asset.ts'
import type { ChainConfig } from './domain/chainConfig.ts'
import { CRYPTO, isSameCoin } from './domain/currency.ts'
import { invariant } from './domain/errors.ts'
import type { Hex } from './domain/hex.ts'
import type { HttpRates } from './domain/rate.ts'
import { type EmailConfig, readEmailConfig } from './emailConfig.ts'
import { feedsSchema, readRateSources } from './rateConfig.ts'

/** The settings of one process, checked whole before anything starts. */
export type Config = {
  mode: 'test' | 'live'
  host: string
  /** 0 picks a free port. */
  port: number
  /** The owner's PostgreSQL address, or null for the embedded server in `dataDir`. */
  databaseUrl: string | null
  dataDir: string
  /** Origin of links to the API and the payer's page, or null until the port is known. */
  publicUrl: string | null
  /** 32 bytes that seal webhook secrets. */
  secretKey: Uint8Array
  chains: ChainConfig[]
  /** Who is asked over HTTP what currencies are worth. */
  rateSources: HttpRates[]
  /** The key of the account that pays the gas of sweeps, 32 bytes; null where merchants' wallets do. It can move nobody's money. */
  gasKey: Uint8Array | null
  /** `host:port` of private hosts that webhooks may go to. */
  webhookAllowedHosts: string[]
  /** How e-mail leaves; null where none does. */
  email: EmailConfig | null
  /** Requests per second and organization, or null for no limit. */
  rateLimitPerS: number | null
  /** Requests per second to payers' routes from one address, and for one session; or null for no limit. */
  payerRateLimitPerS: number | null
  /** How many proxies of the operator's own a request passes, each of which adds to `X-Forwarded-For`. */
  trustedProxies: number
  maxConnections: number
  logLevel: string
}

/** Everything wrong with the environment, a sentence each; the program prints them and exits with 78 (EX_CONFIG). */
export class ConfigError extends Error {
  readonly problems: string[]

  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Every EVM node counts its coin in units of 10^-18. */
const COIN_DECIMALS = 18

const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/, 'must be 0x and 40 lower-case hex digits')
  .transform(text => text as Hex)
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
  .transform(text => text as Hex)

const assetSchema = z.strictObject({
  address: address.default(NATIVE),
  currency: z.enum(CRYPTO),
  symbol: z.string().min(1),
  name: z.string().min(1),
  decimals: z.int().min(0).max(36),
  coingeckoId: z.string().nullable().default(null),
})

const providerSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 lower-case letters, digits and dashes'),
  rpcUrl: z.url({ protocol: /^https?$/ }),
  wsUrl: z
    .url({ protocol: /^wss?$/ })
    .nullable()
    .default(null),
  isOwn: z.boolean().default(false),
})

/** What payers are shown cannot hold a password. */
const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine(url => !/^https?:\/\/[^/]*@/.test(url), 'is shown to payers and must not hold a user or a password')

const bandSchema = z.strictObject({
  belowUsd: z.int().positive().max(1_000_000_000).nullable().default(null),
  wait: z.union([z.int().min(1).max(100_000), z.enum(['safe', 'finalized'])]),
  witness: z.enum(['quorum', 'all']).default('quorum'),
})

const chainSchema = z.strictObject({
  id: z.int().positive(),
  name: z.string().min(1),
  icon: z.string().default(''),
  currency: z.enum(CRYPTO),
  blockExplorerTransactionUrl: z.url(),
  blockExplorerName: z.string().min(1),
  isTestnet: z.boolean(),
  isEIP1559Supported: z.boolean().default(true),
  forkOf: z.int().nullable().default(null),
  confirmations: z.int().min(1),
  finality: z.array(bandSchema).min(1).optional(),
  providers: z.array(providerSchema).min(1),
  publicRpcUrls: z.array(publicUrl).default([]),
  quorum: z.int().min(1).optional(),
  pollMs: z.int().min(50).default(2_000),
  blockTimeMs: z.int().min(100).nullable().default(null),
  coinAlias: address.nullable().default(null),
  sanctionsOracle: address.nullable().default(null),
  feeds: feedsSchema.nullable().default(null),
  factory: address,
  initCodeHash: hash,
  assets: z.array(assetSchema).min(1),
})

/** One entry of the chain list (see docs/operations.md) as the server uses it. */
export function toChainConfig(entry: z.infer<typeof chainSchema>): ChainConfig {
  const {
    providers,
    publicRpcUrls,
    quorum,
    finality,
    pollMs,
    blockTimeMs,
    coinAlias,
    sanctionsOracle,
    feeds,
    factory,
    initCodeHash,
    assets,
    ...chain
  } = entry
  const [first, ...others] = providers
  invariant(first, 'a chain has a provider')
  return {
    chain: { ...chain, type: 'evm', isBeta: false, hasMonitoring: true, isPublic: true },
    assets: assets.map(asset => ({
      ...asset,
      id: assetId(chain.id, asset.address),
      chainId: chain.id,
      isPublic: true,
    })),
    deposit: { factory, initCodeHash },
    providers: [first, ...others],
    publicRpcUrls,
    // Two of three by default; one node of the operator's own, or the only one, stands for itself.
    quorum: quorum ?? Math.min(2, providers.length),
    finality: bandsOf(finality ?? [{ belowUsd: null, wait: chain.confirmations, witness: 'quorum' }]),
    pollMs,
    blockTimeMs,
    coinAlias,
    sanctionsOracle,
    feeds,
  }
}

function bandsOf(entries: z.infer<typeof bandSchema>[]): ChainConfig['finality'] {
  const bands = entries.map(({ belowUsd, ...policy }) => {
    return { ...policy, below: belowUsd === null ? null : BigInt(belowUsd) * 10n ** 8n }
  })
  const last = bands.pop()
  invariant(last, 'a chain has a band')
  return [...bands, last]
}

const number = (fallback: string, min: number, max: number) =>
  z
    .string()
    .default(fallback)
    .refine(text => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number)

const environment = z.object({
  BITSTREAM_MODE: z.enum(['test', 'live']),
  BITSTREAM_HOST: z.string().default('127.0.0.1'),
  BITSTREAM_PORT: number('8080', 0, 65_535),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  BITSTREAM_DATA_DIR: z.string().default('.bitstream'),
  BITSTREAM_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  BITSTREAM_SECRET_KEY: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits: run `openssl rand -hex 32`'),
  BITSTREAM_CHAINS_FILE: z.string(),
  BITSTREAM_RATES_FILE: z.string().default(''),
  BITSTREAM_GAS_KEY: z
    .string()
    .regex(/^([0-9a-f]{64})?$/, 'must be 64 hex digits, or empty')
    .default(''),
  BITSTREAM_WEBHOOK_ALLOWED_HOSTS: z.string().default(''),
  BITSTREAM_SMTP_URL: z.string().default(''),
  BITSTREAM_EMAIL_FROM: z.string().default(''),
  BITSTREAM_RATE_LIMIT_PER_S: number('100', 0, 1_000_000),
  BITSTREAM_PAYER_RATE_LIMIT_PER_S: number('20', 0, 1_000_000),
  BITSTREAM_TRUSTED_PROXIES: number('0', 0, 10),
  BITSTREAM_MAX_CONNECTIONS: number('20', 1, 1_000),
  BITSTREAM_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

function readChains(path: string): { chains: ChainConfig[]; problems: string[] } {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return { chains: [], problems: [`BITSTREAM_CHAINS_FILE: ${path} cannot be read: ${(error as Error).message}`] }
  }
  const result = z.array(chainSchema).min(1).safeParse(json)
  if (result.success) return { chains: result.data.map(toChainConfig), problems: chainProblems(path, result.data) }
  return {
    chains: [],
    problems: result.error.issues.map(issue => `${path}: ${issue.path.join('.')}: ${issue.message}`),
  }
}

/** What a chain list cannot be, though each of its fields may: most of it would cost money. */
function chainProblems(path: string, entries: z.infer<typeof chainSchema>[]): string[] {
  return entries.flatMap((entry, index) => {
    const { id, factory, initCodeHash } = entry
    const isOurs = factory === depositFactoryAddress && initCodeHash === depositProxyInitCodeHash
    return [
      ...(entries.findIndex(other => other.id === id) === index ? [] : [`chain ${id} is listed twice`]),
      ...(isOurs ? [] : [`factory and initCodeHash of chain ${id} must be those of docs/operations.md`]),
      ...providerProblems(entry),
      ...bandProblems(entry),
      ...assetProblems(entry),
    ].map(problem => `${path}: ${problem}`)
  })
}

function providerProblems({ id, providers, publicRpcUrls, quorum }: z.infer<typeof chainSchema>): string[] {
  const names = new Set(providers.map(({ name }) => name))
  return [
    ...(providers.some(({ rpcUrl }) => publicRpcUrls.includes(rpcUrl))
      ? [`publicRpcUrls of chain ${id} are shown to payers: do not list the rpcUrl of a provider`]
      : []),
    ...(names.size === providers.length ? [] : [`two providers of chain ${id} have the same name`]),
    ...(quorum === undefined || quorum <= providers.length
      ? []
      : [`quorum ${quorum} of chain ${id} is more than its ${providers.length} providers`]),
  ]
}

/** Bands ascend, and the last one is for all that is worth more. */
function bandProblems({ id, finality = [] }: z.infer<typeof chainSchema>): string[] {
  const ascends = finality.every(({ belowUsd }, index) => {
    const next = finality[index + 1]
    if (next === undefined) return belowUsd === null
    return belowUsd !== null && (next.belowUsd === null || next.belowUsd > belowUsd)
  })
  return ascends ? [] : [`finality of chain ${id} must ascend by belowUsd, the last band without one`]
}

function assetProblems({ id, coinAlias, currency: coin, assets }: z.infer<typeof chainSchema>): string[] {
  return assets.flatMap(({ symbol, address, currency, decimals }, index) => {
    const isCoin = isSameCoin(currency, coin) && decimals === COIN_DECIMALS
    const isFirst = assets.findIndex(other => other.address === address) === index
    return [
      ...(address !== NATIVE || isCoin
        ? []
        : [
            `${symbol} of chain ${id} has no address and is not the native coin, ${coin} with ${COIN_DECIMALS} decimals`,
          ]),
      ...(isFirst ? [] : [`${symbol} of chain ${id} has the address of another asset`]),
      ...(address === coinAlias ? [`${symbol} of chain ${id} is the native coin by another name: leave it out`] : []),
    ]
  })
}

/** The settings in `env`. Throws `ConfigError` with every problem at once; an unknown `BITSTREAM_*` variable is one. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems = Object.keys(env)
    .filter(name => name.startsWith('BITSTREAM_') && !(name in environment.shape))
    .map(name => `${name}: no such setting; .env.example lists them all`)
  const result = environment.safeParse(env)
  if (!result.success) {
    throw new ConfigError([
      ...problems,
      ...result.error.issues.map(({ path, message }) => {
        const name = path.join('.')
        return `${name}: ${env[name] === undefined ? 'must be set; .env.example shows how' : message}`
      }),
    ])
  }
  const values = result.data
  const { chains, problems: fileProblems } = readChains(values.BITSTREAM_CHAINS_FILE)
  const { sources: rateSources, problems: rateProblems } = readRateSources(values.BITSTREAM_RATES_FILE)
  const { email, problems: emailProblems } = readEmailConfig(values.BITSTREAM_SMTP_URL, values.BITSTREAM_EMAIL_FROM)
  problems.push(...fileProblems, ...rateProblems, ...emailProblems)
  if (values.BITSTREAM_MODE === 'live') {
    if (!values.BITSTREAM_PUBLIC_URL.startsWith('https:'))
      problems.push('BITSTREAM_PUBLIC_URL: must be https in live mode')
    for (const { name, url } of rateSources) {
      if (!url.startsWith('https:')) problems.push(`BITSTREAM_RATES_FILE: ${name} must be https in live mode`)
    }
    for (const { chain, providers } of chains) {
      if (chain.isTestnet) problems.push(`BITSTREAM_CHAINS_FILE: ${chain.name} is a test network, the mode is live`)
      if (providers.length === 1 && !providers[0].isOwn) {
        problems.push(
          `BITSTREAM_CHAINS_FILE: ${chain.name} has one provider that is not your own: one liar could forge payments. Add two others, or run a node.`,
        )
      }
    }
  } else {
    for (const { chain } of chains) {
      if (!chain.isTestnet) problems.push(`BITSTREAM_CHAINS_FILE: ${chain.name} is a main network, the mode is test`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    mode: values.BITSTREAM_MODE,
    host: values.BITSTREAM_HOST,
    port: values.BITSTREAM_PORT,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.BITSTREAM_DATA_DIR,
    publicUrl: new URL(values.BITSTREAM_PUBLIC_URL).origin,
    secretKey: Buffer.from(values.BITSTREAM_SECRET_KEY, 'hex'),
    chains,
    rateSources,
    gasKey: values.BITSTREAM_GAS_KEY === '' ? null : Buffer.from(values.BITSTREAM_GAS_KEY, 'hex'),
    webhookAllowedHosts: values.BITSTREAM_WEBHOOK_ALLOWED_HOSTS.split(',')
      .map(text => text.trim())
      .filter(Boolean),
    email,
    rateLimitPerS: values.BITSTREAM_RATE_LIMIT_PER_S === 0 ? null : values.BITSTREAM_RATE_LIMIT_PER_S,
    payerRateLimitPerS: values.BITSTREAM_PAYER_RATE_LIMIT_PER_S === 0 ? null : values.BITSTREAM_PAYER_RATE_LIMIT_PER_S,
    trustedProxies: values.BITSTREAM_TRUSTED_PROXIES,
    maxConnections: values.BITSTREAM_MAX_CONNECTIONS,
    logLevel: values.BITSTREAM_LOG_LEVEL,
  }
}
