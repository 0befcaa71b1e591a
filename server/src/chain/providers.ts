import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { ChainNode, ProviderState } from './chainNode.ts'
import { blame, failureOf, type NamedNode, type Provider, praise, stateOf, tooSlow, unproved } from './provider.ts'

/** How long one is waited for before the next is asked too, and all before a survey goes on without; and the time in ms since 1970. */
export type Patience = { hedgeMs?: number; limitMs?: number; now?: () => number }

/** What is known of the chain before any node is asked: the hash of its block 0, where it was seen before. */
export type Known = { genesis?: Hex | undefined }

/** The providers of one chain, asked one after the other or all at once; each proves before its first answer that it serves the chain. */
export type Providers = {
  all: readonly Provider[]
  /** Has each prove anew before its next answer that it serves the chain, whose block 0 is `genesis` where that is told. */
  doubt(genesis?: Hex): void
  /** The answer of the preferred one that can be relied on, or of the next where that fails or is slow. */
  read<T>(ask: (node: ChainNode) => Promise<T>): Promise<T>
  /** The answers of all that can be reached now and answer in time. */
  survey<T>(ask: (provider: Provider) => Promise<T>): Promise<Map<Provider, T>>
  /** Believes it nothing more until a long time has passed; one that is alone is only named. */
  accuse(provider: Provider, what: string): void
  states(): ProviderState[]
  now(): number
}

const HEDGE_MS = 1_000
const LIMIT_MS = 2_500

/** Keeps what the nodes of one chain are good for. */
export function openProviders(
  nodes: readonly NamedNode[],
  { hedgeMs = HEDGE_MS, limitMs = LIMIT_MS, now = steadyNow, genesis: known }: Patience & Known,
): Providers {
  let genesis = known
  const all = nodes.map(unproved)
  const blameNow = (provider: Provider, error: UpstreamError) => blame(provider, error, now(), all.length === 1)

  const askOne: AskOne = async (provider, ask) => {
    const askedAt = now()
    try {
      provider.check ??= provider.node.check(genesis)
      await provider.check
      const answer = await ask(provider)
      praise(provider, askedAt)
      return answer
    } catch (error) {
      if (error instanceof UpstreamError) blameNow(provider, error)
      throw error
    }
  }

  /** Those in a pause are asked where nobody else is left: whoever reads has a pause of its own. */
  function reachable(): Provider[] {
    const time = now()
    const free = all.filter(({ trouble }) => trouble === null || time >= trouble.until)
    return free.length > 0 ? free : all.filter(({ trouble }) => trouble?.kind === 'pause')
  }

  return {
    all,
    doubt: seen => {
      genesis = seen ?? genesis
      for (const provider of all) provider.check = null
    },
    read: async ask => {
      const candidates = reachable()
      const preferred = candidates.filter(provider => !provider.isAside)
      const queue = preferred.length > 0 ? preferred : candidates
      const known = all.flatMap(one => (one.trouble === null ? [] : [[one, one.trouble.error] as const]))
      if (queue.length === 0) throw failureOf(new Map(known))
      const isSlow = (provider: Provider) => blameNow(provider, tooSlow(hedgeMs))
      return await firstAnswer(queue, hedgeMs, provider => askOne(provider, ({ node }) => ask(node)), isSlow)
    },
    survey: async <T>(ask: (provider: Provider) => Promise<T>) => {
      const askInTime = async (provider: Provider): Promise<[Provider, T] | null> => {
        const { promise: late, reject } = Promise.withResolvers<never>()
        const giveUp = () => {
          const error = tooSlow(limitMs)
          blameNow(provider, error)
          reject(error)
        }
        const timer = setTimeout(giveUp, limitMs)
        try {
          return [provider, await Promise.race([askOne(provider, ask), late])]
        } catch (error) {
          if (error instanceof UpstreamError) return null
          throw error
        } finally {
          clearTimeout(timer)
        }
      }
      const answers = await Promise.all(reachable().map(askInTime))
      return new Map(answers.filter(answer => answer !== null))
    },
    accuse: (provider, what) => blameNow(provider, new UpstreamError(what, { retryable: true, code: 'lie' })),
    states: () => all.map(stateOf),
    now,
  }
}

type AskOne = <T>(provider: Provider, ask: (provider: Provider) => Promise<T>) => Promise<T>

/** The first answer: the next is asked once one has failed, or has taken `hedgeMs`; `isSlow` is told who was overtaken. */
function firstAnswer<T>(
  providers: readonly Provider[],
  hedgeMs: number,
  ask: (provider: Provider) => Promise<T>,
  isSlow: (provider: Provider) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const queue = [...providers]
  const waiting = new Set<Provider>()
  const errors = new Map<Provider, UpstreamError>()
  let isOver = false
  let hedge: NodeJS.Timeout | undefined
  const end = (settle: () => void) => {
    isOver = true
    clearTimeout(hedge)
    settle()
  }
  const answered = (provider: Provider, answer: T) => {
    if (isOver) return
    for (const other of waiting) {
      if (other === provider) break
      isSlow(other)
    }
    end(() => resolve(answer))
  }
  const failed = (provider: Provider, error: unknown) => {
    if (isOver) return
    if (!(error instanceof UpstreamError)) return end(() => reject(error))
    waiting.delete(provider)
    errors.set(provider, error)
    askNext()
  }
  const askNext = () => {
    clearTimeout(hedge)
    const provider = queue.shift()
    if (provider === undefined) {
      if (waiting.size === 0) end(() => reject(failureOf(errors)))
      return
    }
    waiting.add(provider)
    if (queue.length > 0) hedge = setTimeout(askNext, hedgeMs)
    ask(provider).then(
      answer => answered(provider, answer),
      error => failed(provider, error),
    )
  }
  askNext()
  return promise
}

/** The time of the start of the process and what has passed since: no change of the clock ends a pause or makes it long. */
function steadyNow(): number {
  return performance.timeOrigin + performance.now()
}
