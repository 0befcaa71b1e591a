import type { Context } from '../context.ts'

/** What people call a chain, also one that is served no more. */
export function chainName({ known }: Pick<Context, 'known'>, chainId: number): string {
  return known.chains.get(chainId)?.name ?? `chain ${chainId}`
}
