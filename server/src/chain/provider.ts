import { UpstreamError } from '../domain/errors.ts'
import type { ChainNode, ProviderState } from './chainNode.ts'

/** A node by its provider's name, which tells nothing of its URL. */
export type NamedNode = { name: string; isOwn: boolean; wsUrl: string | null; node: ChainNode }

/** A node, and how it has behaved. */
export type Provider = NamedNode & {
  /** What went wrong with it last; null once it has answered since. */
  trouble: Trouble | null
  /** How often it has failed, one time after the other. */
  failures: number
  /** Whether it is read from only where there is no other, as it is behind or on another branch than most. */
  isAside: boolean
  /** How far it is behind, or what it and others do not agree on, although it answers; or null. */
  remark: Remark | null
  /** The same of what no block's hash commits to. */
  quarrel: (Remark & { about: 'balances' | 'transactions' }) | null
  /** Its proof that it serves this chain; null where it has yet to give it. */
  check: Promise<void> | null
}

/** What an operator must know of a provider that answers. */
export type Remark = { text: string; since: Date }

/** `pause`: asked only where there is no other; `rest`: it wants fewer calls; `quarantine`: nothing it says is believed. Times in ms. */
type Trouble = {
  kind: 'pause' | 'rest' | 'quarantine'
  error: UpstreamError
  since: number
  from: number
  until: number
}

const PAUSE_MS = 500
const PAUSE_MAX_MS = 60_000
const REST_MAX_MS = 3_600_000
const QUARANTINE_MS = 6 * 3_600_000

/** The node, of which nothing is known yet. */
export function unproved(node: NamedNode): Provider {
  return { ...node, trouble: null, failures: 0, isAside: false, remark: null, quarrel: null, check: null }
}

/**
 * Takes note of a failure at the time `now`: the provider is spared for a while that doubles each time, or as long as it asked
 * for; one that lies or serves another chain is shunned for hours, unless it `isAlone`: then each of its answers is checked, as
 * always, and there is nobody to ask instead.
 */
export function blame(provider: Provider, error: UpstreamError, now: number, isAlone: boolean): void {
  // Not to have a block yet, or no longer, is no failure.
  if (error.code === 'stale' || error.code === 'pruned') return
  // Behind the same name there may now be a node of another chain.
  provider.check = null
  const isLiar = (error.code === 'lie' || error.code === 'wrong_chain') && !isAlone
  const { trouble } = provider
  // Of many calls that were under way, the first that fails counts.
  if (trouble !== null && now < trouble.until && (trouble.kind === 'quarantine' || !isLiar)) return
  provider.failures += 1
  const kind = isLiar ? 'quarantine' : error.code === 'rate_limited' ? 'rest' : 'pause'
  const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** Math.min(provider.failures, 16))
  const restMs = Math.min(REST_MAX_MS, error.retryAfterMs ?? 0)
  const until = now + (isLiar ? QUARANTINE_MS : Math.max(pauseMs, restMs))
  provider.trouble = { kind, error, since: trouble?.kind === kind ? trouble.since : now, from: now, until }
}

/** Takes note of an answer to what was asked at `askedAt`: one that was under way when the trouble began does not end it. */
export function praise(provider: Provider, askedAt: number): void {
  const { trouble } = provider
  if (trouble === null || askedAt < (trouble.kind === 'pause' ? trouble.from : trouble.until)) return
  provider.trouble = null
  provider.failures = 0
}

/** What operators are told of the provider. */
export function stateOf({ name, trouble, remark, quarrel }: Provider): ProviderState {
  if (trouble !== null) {
    return { name, problem: `${trouble.error.code}: ${trouble.error.message}`, since: new Date(trouble.since) }
  }
  const said = remark ?? quarrel
  return { name, problem: said?.text ?? null, since: said?.since ?? null }
}

/** What to throw where none of several could answer: a retry helps unless it helps none of them. */
export function failureOf(errors: ReadonlyMap<Provider, UpstreamError>): UpstreamError {
  const list = [...errors.values()]
  const [first, ...others] = list
  if (first !== undefined && others.length === 0) return first
  const behind = list.find(({ code }) => code === 'pruned') ?? list.find(({ code }) => code === 'stale')
  const told = [...errors].map(([{ name }, { message }]) => `${name}: ${message}`)
  return new UpstreamError(`None of the providers answered. ${told.join(' ')}`, {
    retryable: list.some(({ retryable }) => retryable),
    code: (behind ?? first)?.code ?? 'failed',
    retryAfterMs: first?.retryAfterMs ?? null,
  })
}

/** What a provider is blamed for that others had to be asked instead of. */
export function tooSlow(ms: number): UpstreamError {
  return new UpstreamError(`The node did not answer within ${ms} ms.`, { retryable: true, code: 'timeout' })
}
