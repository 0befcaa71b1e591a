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
import { recordHealth } from './chainHealth.ts'

/**
 * Checks that deposit addresses of the chain can be swept and that its coins are what the configuration says, and records what is
 * wrong or no longer is: the factory's code, a probe of it, the tags of finality, and each token's decimals. Throws an
 * `UpstreamError`, and records nothing, when the nodes do not answer.
 */
export async function checkChain(ctx: Context, config: ChainConfig, node: WatchedChain): Promise<void> {
  const head = await node.head()
  const findings = [
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
