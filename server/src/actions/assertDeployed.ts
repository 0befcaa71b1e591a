import type { WatchedChain } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { AppError, UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'

/** How the code of an ordinary account begins that lets a contract act for it (EIP-7702). */
const DELEGATED = '0xef0100'

/**
 * Throws `address_forbidden`, naming `param`, for a contract of another chain that is not deployed on `chainId`: nobody may ever be able to
 * deploy it there. A chain that does not answer now tells nothing, and hinders nothing.
 */
export async function assertDeployed(
  { nodes, chains, log }: Context,
  { address, chainId }: { address: Hex; chainId: number },
  param: string,
): Promise<void> {
  const here = nodes.get(chainId)
  const others = [...nodes].filter(([id]) => id !== chainId)
  if (here === undefined || others.length === 0 || (await isContract(here)) !== false) return
  for (const [id, node] of others) {
    if ((await isContract(node)) !== true) continue
    const nameOf = (each: number) => chains.get(each)?.chain.name ?? `chain ${each}`
    const message = `${address} is a contract on ${nameOf(id)}, and there is none on ${nameOf(chainId)}: deploy it there first, or name another wallet.`
    throw new AppError('address_forbidden', message, { param })
  }

  async function isContract(node: WatchedChain): Promise<boolean | null> {
    try {
      const code = await node.code(address, await node.head())
      return code && code !== '0x' && !code.startsWith(DELEGATED)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      log.warn({ err: error }, 'a withdrawal address could not be looked up on a chain')
      return null
    }
  }
}
