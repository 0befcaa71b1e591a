import { UpstreamError } from '../domain/errors.ts'
import type { ChainNode } from './chainNode.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './providers.ts'

/**
 * `node`, whose balances and mined transactions are told by at least `quorum` of the providers, or an own one, and contradicted by none
 * that can be reached: what a block holds can be checked against its hash, these cannot. Throws `UpstreamError` where too few tell it
 * or not all the same; then those who differ are named. Null where too few keep the state of that block, or know that transaction.
 */
export function vouchedNode(node: ChainNode, providers: Providers, quorum: number): ChainNode {
  const vouch = async <T>(claim: Claim<T>): Promise<T | null> => {
    const told = [...(await providers.survey(one => claim.ask(one.node)))]
    const answers = told.flatMap(([provider, answer]) => (answer === null ? [] : [{ provider, answer }]))
    const camps = new Set(answers.map(({ answer }) => claim.textOf(answer)))
    name(providers, camps.size > 1 ? answers.map(({ provider }) => provider) : [], claim)
    if (camps.size > 1) throw refusal(`do not tell the same ${claim.about}`)
    const isVouched = answers.length >= quorum || answers.some(({ provider }) => provider.isOwn)
    if (isVouched) return answers[0]?.answer ?? null
    if (told.length > answers.length) return null
    throw refusal(`that can be reached are too few to vouch for ${claim.about}`)
  }
  return {
    ...node,
    balances: (wanted, block) =>
      vouch({
        about: 'balances',
        where: `at block ${block.number}`,
        ask: one => one.balances(wanted, block),
        textOf: balances => balances.join(),
      }),
    sent: txHash =>
      vouch({
        about: 'transactions',
        where: `for ${txHash}`,
        ask: one => one.sent(txHash),
        textOf: ({ sender, nonce, blockHash, succeeded }) => [sender, nonce, blockHash, succeeded].join(),
      }),
  }
}

/** What is asked of every provider; answers of the same text are the same. */
type Claim<T> = {
  about: 'balances' | 'transactions'
  where: string
  ask: (node: ChainNode) => Promise<T | null>
  textOf: (answer: T) => string
}

function name(
  providers: Providers,
  quarreling: readonly Provider[],
  { about, where }: Pick<Claim<unknown>, 'about' | 'where'>,
): void {
  const text = `conflict: not the same ${about} as others ${where}`
  for (const provider of providers.all) {
    const since = provider.quarrel?.since ?? new Date(providers.now())
    if (quarreling.includes(provider)) provider.quarrel = { about, text, since }
    // That they tell the same of one thing ends no quarrel about the other.
    else if (provider.quarrel?.about === about) provider.quarrel = null
  }
}

function refusal(what: string): UpstreamError {
  return new UpstreamError(`The providers ${what}.`, { retryable: true })
}
