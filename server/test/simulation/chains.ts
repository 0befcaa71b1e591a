import { NATIVE } from '../../src/domain/asset.ts'
import type { ChainConfig } from '../../src/domain/chainConfig.ts'
import type { Band } from '../../src/domain/finality.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { testChainConfig } from '../harness/fixtures.ts'

/** A chain of the simulated world: how it is served, and how far its tags lie behind. */
export type SimulatedChain = { config: ChainConfig; safeDepth: number; finalizedDepth: number; hasTags: boolean }

const dollars = (amount: bigint) => amount * 10n ** 8n

/**
 * Three ways to rely on a chain: confirmations told by one own node; bands of worth with the tags of three providers; and
 * three providers of which small money waits for two, and all else for all of them.
 */
export const CHAINS: readonly SimulatedChain[] = [
  chain(101, { providers: ['own'], quorum: 1, finality: [{ below: null, wait: 3, witness: 'quorum' }] }),
  chain(102, {
    providers: ['alpha', 'beta', 'gamma'],
    quorum: 2,
    finality: [
      { below: dollars(100n), wait: 2, witness: 'quorum' },
      { below: dollars(1_000n), wait: 'safe', witness: 'quorum' },
      { below: null, wait: 'finalized', witness: 'all' },
    ],
    hasTags: true,
  }),
  chain(103, {
    providers: ['alpha', 'beta', 'gamma'],
    quorum: 2,
    finality: [
      { below: dollars(1_000n), wait: 4, witness: 'quorum' },
      { below: null, wait: 8, witness: 'all' },
    ],
  }),
]

/** The contracts whose logs a chain's nodes are asked for. */
export function tokensOf({ assets }: ChainConfig): Hex[] {
  return assets.map(asset => asset.address).filter(address => address !== NATIVE)
}

function chain(
  chainId: number,
  options: {
    providers: readonly [string, ...string[]]
    quorum: number
    finality: [Band, ...Band[]]
    hasTags?: boolean
  },
): SimulatedChain {
  const { providers, quorum, finality, hasTags = false } = options
  const isOwn = providers.length === 1
  const [first, ...others] = providers.map(name => ({ name, rpcUrl: 'http://127.0.0.1:9', wsUrl: null, isOwn }))
  const config = testChainConfig({ chainId })
  const last = finality.at(-1)
  if (first === undefined || last === undefined) throw new Error('a chain has a provider and a band')
  return {
    config: {
      ...config,
      providers: [first, ...others],
      quorum,
      finality: [...finality.slice(0, -1), last],
      pollMs: 1_000,
      blockTimeMs: 60_000,
    },
    safeDepth: 3,
    finalizedDepth: 7,
    hasTags,
  }
}
