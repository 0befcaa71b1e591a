import type { Context } from '../context.ts'
import type { ChainConfig } from '../domain/chainConfig.ts'
import { invariant } from '../domain/errors.ts'

/** How the chain is served; a bug where it is not. */
export function chainOf(ctx: Context, chainId: number): ChainConfig {
  const config = ctx.chains.get(chainId)
  invariant(config, `chain ${chainId} is served`)
  return config
}

/** What people call a chain, also one that is served no more. */
export function chainName({ known }: Pick<Context, 'known'>, chainId: number): string {
  return known.chains.get(chainId)?.name ?? `chain ${chainId}`
}
