import { z } from 'zod'
import { readChains } from './chainConfig.ts'
import type { ChainConfig } from './domain/chainConfig.ts'
import type { HttpRates } from './domain/rate.ts'
import { type EmailConfig, readEmailConfig } from './emailConfig.ts'
import { readRateSources } from './rateConfig.ts'

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
  const { chains, problems: chainProblems } = readChains(values.BITSTREAM_CHAINS_FILE)
  const { sources: rateSources, problems: rateProblems } = readRateSources(values.BITSTREAM_RATES_FILE)
  const { email, problems: emailProblems } = readEmailConfig(values.BITSTREAM_SMTP_URL, values.BITSTREAM_EMAIL_FROM)
  problems.push(...chainProblems, ...rateProblems, ...emailProblems, ...modeProblems(values, chains, rateSources))
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

/** What a mode does not allow: real money in test mode, and in live mode what could cost some. */
function modeProblems(
  { BITSTREAM_MODE: mode, BITSTREAM_PUBLIC_URL: publicUrl }: z.infer<typeof environment>,
  chains: readonly ChainConfig[],
  rateSources: readonly HttpRates[],
): string[] {
  if (mode === 'test') {
    return chains
      .filter(({ chain }) => !chain.isTestnet)
      .map(({ chain }) => `BITSTREAM_CHAINS_FILE: ${chain.name} is a main network, the mode is test`)
  }
  const isOpen = (url: string) => !url.startsWith('https:')
  return [
    ...(isOpen(publicUrl) ? ['BITSTREAM_PUBLIC_URL: must be https in live mode'] : []),
    ...rateSources
      .filter(({ url }) => isOpen(url))
      .map(({ name }) => `BITSTREAM_RATES_FILE: ${name} must be https in live mode`),
    ...chains.flatMap(({ chain, providers }) => [
      ...(chain.isTestnet ? [`BITSTREAM_CHAINS_FILE: ${chain.name} is a test network, the mode is live`] : []),
      ...(providers.length === 1 && !providers[0].isOwn
        ? [
            `BITSTREAM_CHAINS_FILE: ${chain.name} has one provider that is not your own: one liar could forge payments. Add two others, or run a node.`,
          ]
        : []),
    ]),
  ]
}
