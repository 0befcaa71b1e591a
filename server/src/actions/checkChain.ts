import { depositFactoryCodeHash } from '@bitstream/contracts/depositFactory.ts'
import { factoryProbeBytecode, factoryProbeResult } from '@bitstream/contracts/factoryProbe.ts'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { BlockHeader, WatchedChain } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { NATIVE } from '../domain/asset.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import type { ChainReason, Finding } from '../domain/chainHealth.ts'
import { UpstreamError } from '../domain/errors.ts'
import { bytesToHex, type Hex, hexToBytes } from '../domain/hex.ts'
import { loadGenesis, setGenesis } from '../store/chains.ts'
import { asWorker } from '../store/database.ts'
import { recordHealth } from './chainHealth.ts'

/**
 * Checks that deposit addresses of the chain can be swept and that its coins are what the configuration says, and records what is
 * wrong or no longer is: the hash of its block 0, the factory's code, a probe of it, the tags of finality, and each token's decimals.
 * Throws an `UpstreamError` when the nodes do not answer, and then records nothing, or when they serve another chain.
 */
export async function checkChain(ctx: Context, config: ChainConfig, node: WatchedChain): Promise<void> {
  await checkGenesis(ctx, config, node)
  const head = await node.head()
  const findings = [
    found('wrong_chain', false),
    ...(await checkFactory(config, node, head)),
    await checkTags(config, node),
    ...(await Promise.all(
      config.assets
        .filter(({ address }) => address !== NATIVE)
        .map(async ({ id, address, decimals }): Promise<Finding> => {
          const isWrong = (await node.call(address, DECIMALS, head)) !== word(BigInt(decimals))
          return { assetId: id, reason: 'decimals_changed', isWrong }
        }),
    )),
  ]
  await recordHealth(ctx, config.chain.id, findings)
}

/** The first four bytes of keccak256 of `decimals()`. */
const DECIMALS = '0x313ce567'

/** The first block that is seen is the chain's for good: of a chain with the same id and another one nothing is to be believed. */
async function checkGenesis(ctx: Context, { chain: { id: chainId } }: ChainConfig, node: WatchedChain): Promise<void> {
  const known = await asWorker(ctx.db, async tx => (await loadGenesis(tx)).get(chainId))
  const genesis = known ?? (await node.genesis())
  if (genesis === null)
    ctx.log.warn({ chainId }, 'Too few nodes tell the first block of this chain, or not all the same')
  else if (known === undefined) await asWorker(ctx.db, tx => setGenesis(tx, chainId, genesis))
  try {
    await node.check(genesis ?? undefined)
  } catch (error) {
    const isWrong = error instanceof UpstreamError && error.code === 'wrong_chain'
    if (isWrong) await recordHealth(ctx, chainId, [found('wrong_chain', true)])
    throw error
  }
}

async function checkFactory({ deposit }: ChainConfig, node: WatchedChain, head: BlockHeader): Promise<Finding[]> {
  const code = await node.code(deposit.factory, head)
  if (code === null) throw new UpstreamError('The node does not keep the state of its head.', { retryable: true })
  const isMissing = bytesToHex(keccak_256(hexToBytes(code))) !== depositFactoryCodeHash
  if (isMissing) return [found('factory_missing', true)]
  const probe = `${factoryProbeBytecode}${word(BigInt(deposit.factory)).slice(2)}` as const
  const answer = await node.call(null, probe, head)
  return [found('factory_missing', false), found('probe_failed', answer !== factoryProbeResult)]
}

/** A payment that waits for a tag which no node tells would wait for ever. */
async function checkTags({ finality }: ChainConfig, node: WatchedChain): Promise<Finding> {
  const tags = new Set(finality.flatMap(({ wait }) => (typeof wait === 'number' ? [] : [wait])))
  const told = await Promise.all([...tags].map(tag => node.tagged(tag)))
  return found('finality_unknown', told.includes(null))
}

function found(reason: ChainReason, isWrong: boolean): Finding {
  return { assetId: null, reason, isWrong }
}

/** A number as 32 bytes. */
function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}
