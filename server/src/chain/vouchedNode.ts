import { UpstreamError } from '../domain/errors.ts'
import type { ChainNode } from './chainNode.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './providers.ts'

/**
 * `node`, whose balances are told by at least `quorum` of the providers, or an own one, and contradicted by none that can be
 * reached: what a block holds can be checked against its hash, a balance cannot. Throws `UpstreamError` where too few tell it or
 * not all the same; then those who differ are named. Null where too few keep the state of that block.
 */
export function vouchedNode(node: ChainNode, providers: Providers, quorum: number): ChainNode {
  return {
    ...node,
    balances: async (wanted, block) => {
      const told = [...(await providers.survey(one => one.node.balances(wanted, block)))]
      const answers = told.flatMap(([provider, balances]) => (balances === null ? [] : [{ provider, balances }]))
      const camps = Map.groupBy(answers, ({ balances }) => balances.join())
      name(providers, camps.size > 1 ? answers.map(({ provider }) => provider) : [], block.number)
      if (camps.size > 1) throw refusal('do not tell the same balances')
      const isVouched = answers.length >= quorum || answers.some(({ provider }) => provider.isOwn)
      if (isVouched) return answers[0]?.balances ?? null
      if (told.length > answers.length) return null
      throw refusal('that can be reached are too few to vouch for a balance')
    },
  }
}

function name(providers: Providers, quarreling: readonly Provider[], height: bigint): void {
  for (const provider of providers.all) {
    const text = `conflict: not the same balances as others at block ${height}`
    const since = provider.quarrel?.since ?? new Date(providers.now())
    provider.quarrel = quarreling.includes(provider) ? { text, since } : null
  }
}

function refusal(what: string): UpstreamError {
  return new UpstreamError(`The providers ${what}.`, { retryable: true })
}
