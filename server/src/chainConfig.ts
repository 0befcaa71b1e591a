import { depositFactoryAddress } from '@bitstream/contracts/depositFactory.ts'
import { depositProxyInitCodeHash } from '@bitstream/contracts/depositProxy.ts'
import { z } from 'zod'
import { addressSchema, readConfigFile } from './configFile.ts'
import { assetId, NATIVE } from './domain/asset.ts'
import type { ChainConfig } from './domain/chainConfig.ts'
import { CRYPTO, isSameCoin } from './domain/currency.ts'
import { invariant } from './domain/errors.ts'
import type { Hex } from './domain/hex.ts'
import { feedsSchema } from './rateConfig.ts'

/** Every EVM node counts its coin in units of 10^-18. */
const COIN_DECIMALS = 18

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
  .transform(text => text as Hex)

const assetSchema = z.strictObject({
  address: addressSchema.default(NATIVE),
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
  coinAlias: addressSchema.nullable().default(null),
  sanctionsOracle: addressSchema.nullable().default(null),
  feeds: feedsSchema.nullable().default(null),
  factory: addressSchema,
  initCodeHash: hash,
  assets: z.array(assetSchema).min(1),
})

type Entry = z.infer<typeof chainSchema>

/** One entry of the chain list (see docs/operations.md) as the server uses it. */
export function toChainConfig(entry: Entry): ChainConfig {
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

/** The chains in the JSON file at `file`, and everything that is wrong with it. */
export function readChains(file: string): { chains: ChainConfig[]; problems: string[] } {
  const { entries, problems } = readConfigFile('BITSTREAM_CHAINS_FILE', file, z.array(chainSchema).min(1))
  return { chains: entries.map(toChainConfig), problems: [...problems, ...chainProblems(file, entries)] }
}

/** What a chain list cannot be, though each of its fields may: most of it would cost money. */
function chainProblems(file: string, entries: Entry[]): string[] {
  return entries.flatMap((entry, index) => {
    const { id, factory, initCodeHash } = entry
    const isOurs = factory === depositFactoryAddress && initCodeHash === depositProxyInitCodeHash
    return [
      ...(entries.findIndex(other => other.id === id) === index ? [] : [`chain ${id} is listed twice`]),
      ...(isOurs ? [] : [`factory and initCodeHash of chain ${id} must be those of docs/operations.md`]),
      ...providerProblems(entry),
      ...bandProblems(entry),
      ...assetProblems(entry),
    ].map(problem => `${file}: ${problem}`)
  })
}

function providerProblems({ id, providers, publicRpcUrls, quorum }: Entry): string[] {
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
function bandProblems({ id, finality = [] }: Entry): string[] {
  const ascends = finality.every(({ belowUsd }, index) => {
    const next = finality[index + 1]
    if (next === undefined) return belowUsd === null
    return belowUsd !== null && (next.belowUsd === null || next.belowUsd > belowUsd)
  })
  return ascends ? [] : [`finality of chain ${id} must ascend by belowUsd, the last band without one`]
}

function assetProblems({ id, coinAlias, currency: coin, assets }: Entry): string[] {
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
