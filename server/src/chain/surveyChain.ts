import { agreementOf, majority, type Word } from './agreement.ts'
import type { BlockHeader } from './chainNode.ts'
import { type Conflicts, conflictsAfter, remarkOn } from './conflicts.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './providers.ts'
import { tipOf } from './reconcile.ts'
import { problemOfTags, type Tags, tagsOf } from './tags.ts'
import { type Told, wordOf } from './wordOf.ts'

/** What all providers together say of the blocks that were read; `isOurs` is whether they are still to be read on. */
export type Survey = {
  agreed: bigint
  agreedByAll: bigint
  safe: bigint | null
  finalized: bigint | null
  isOurs: boolean
}

/** How many must agree, the time between blocks (null: they come on demand), and how often tags are asked for at most. */
export type SurveyOptions = { quorum: number; blockTimeMs?: number | null; tagsMs?: number }

/** What is remembered of a provider from one survey to the next. */
type Memory = {
  /** The highest head that it told: behind one name there may be several nodes, not all of them the newest. */
  highest: bigint
  tags: Tags | null
  /** The newest of our blocks that it had when it told these tags; null where it was not asked. */
  reach: BlockHeader | null
  tagsDueAt: number
  /** How many times in a row its tags were impossible. */
  strikes: number
  laggingSince: number | null
}

type Answer = Told & { tags: Tags | null }

const STALE_BLOCKS = 10
const TAGS_MS = 5_000
const UNSUPPORTED_MS = 60_000
const STRIKES = 3

/**
 * Asks all providers of a chain for their word on `known`, a linked list in ascending order: one call each where they have its
 * newest block as their head. Those that lag, contradict the others or tell impossible tags are named and no longer preferred. A tag
 * counts where `quorum` of them tell one, or an own node does, up to the lowest.
 */
export function surveyChain(
  providers: Providers,
  { quorum, blockTimeMs = null, tagsMs = TAGS_MS }: SurveyOptions,
): (known: readonly BlockHeader[]) => Promise<Survey> {
  const { all } = providers
  const memories = new Map(all.map(provider => [provider, blank()]))
  const memoryOf = (provider: Provider) => memories.get(provider) ?? blank()
  let conflicts: Conflicts = new Map()

  return async known => {
    const told = await providers.survey<Answer>(async provider => {
      const isDue = providers.now() >= memoryOf(provider).tagsDueAt
      const tags = isDue ? await tagsOf(provider.node) : null
      const before = conflicts.get(provider)?.theirs ?? null
      return {
        tags,
        ...(await (all.length > 1 ? wordOf(provider.node, known, before) : soleWord(provider, known, isDue))),
      }
    })
    for (const [provider, answer] of told) {
      const reach = all.length > 1 ? blockAt(known, answer.agrees) : null
      judgeTags(providers, provider, memoryOf(provider), { ...answer, reach }, tagsMs)
      if (provider.trouble?.kind === 'quarantine') told.delete(provider)
    }
    judgeLag(told, memoryOf, blockTimeMs, providers.now())
    const words = new Map(
      [...told].map(([provider, { agrees, contradicts }]) => [
        provider,
        { isOwn: provider.isOwn, agrees, contradicts },
      ]),
    )
    conflicts = conflictsAfter(conflicts, all, words, known, providers.now())
    const { isOurs, members } = majority(words, quorum, all.length)
    for (const provider of all) {
      const { laggingSince } = memoryOf(provider)
      const isLagging = laggingSince !== null
      if (words.has(provider)) provider.isAside = isLagging || !members.has(provider)
      provider.remark = isLagging
        ? { text: 'stale: its newest block is far behind', since: new Date(laggingSince) }
        : remarkOn(provider, conflicts, words)
    }
    const disputed = lowest([...conflicts.values()].map(({ theirs }) => theirs.number))
    const current = [...words.keys()].filter(provider => {
      const { laggingSince, strikes } = memoryOf(provider)
      return laggingSince === null && strikes === 0
    })
    const agreement = agreementOf(
      all.map(provider => words.get(provider) ?? silent(provider)),
      quorum,
      disputed,
    )
    const tagged = (tag: keyof Tags) => {
      const told = current.flatMap(provider => {
        const { tags, reach } = memoryOf(provider)
        const number = taggedUpTo(known, tags?.[tag] ?? null, reach)
        return number === null ? [] : { number, isOwn: provider.isOwn }
      })
      const isEnough = told.length >= Math.min(quorum, all.length) || told.some(({ isOwn }) => isOwn)
      return isEnough ? lowest(told.map(({ number }) => number)) : null
    }
    const finalized = tagged('finalized')
    return {
      ...agreement,
      safe: tagged('safe'),
      // What is final beyond that may be so on another branch than was read.
      finalized: finalized === null ? null : lowest([finalized, agreement.agreed]),
      isOurs,
    }
  }
}

function blank(): Memory {
  return { highest: -1n, tags: null, reach: null, tagsDueAt: 0, strikes: 0, laggingSince: null }
}

function blockAt(known: readonly BlockHeader[], number: bigint): BlockHeader | null {
  return known[Number(number - tipOf(known).number) + known.length - 1] ?? null
}

/**
 * Up to where a tag holds on the branch that was read, or null: one that was told before a reorg is of another. What is above all
 * that was read may be so, too, without anybody seeing it: it holds for what its teller had of ours, its `reach`, while that is there.
 */
function taggedUpTo(known: readonly BlockHeader[], tag: BlockHeader | null, reach: BlockHeader | null): bigint | null {
  if (tag === null) return null
  const ours = blockAt(known, tag.number)
  if (ours !== null) return ours.hash === tag.hash ? tag.number : null
  if (tag.number < tipOf(known).number) return tag.number
  return reach !== null && blockAt(known, reach.number)?.hash === reach.hash ? reach.number : null
}

function silent({ isOwn }: Provider): Word {
  return { isOwn, agrees: -1n, contradicts: null }
}

/** What one alone told needs nobody's word; its head is asked for beside its tags only. */
async function soleWord({ node }: Provider, known: readonly BlockHeader[], isDue: boolean): Promise<Told> {
  const tip = tipOf(known)
  return { head: isDue ? await node.head() : tip, agrees: tip.number, contradicts: null }
}

function judgeTags(
  providers: Providers,
  provider: Provider,
  memory: Memory,
  { head, tags, reach }: Answer & { reach: BlockHeader | null },
  tagsMs: number,
): void {
  if (head.number > memory.highest) memory.highest = head.number
  if (tags === null) return
  const problem = problemOfTags(memory.tags, tags, memory.highest)
  if (problem === null) {
    const isUnsupported = tags.safe === null && tags.finalized === null
    const tagsDueAt = providers.now() + (isUnsupported ? UNSUPPORTED_MS : tagsMs)
    Object.assign(memory, { tags, reach, strikes: 0, tagsDueAt })
    return
  }
  // One of several nodes behind one name may lag for a moment: it is asked again before it is judged.
  Object.assign(memory, { strikes: memory.strikes + 1, tagsDueAt: 0 })
  if (memory.strikes >= STRIKES) providers.accuse(provider, `The node contradicts itself: ${problem}.`)
}

/** Old is not enough, as a whole chain may stand still; nor is to be behind, as a liar's block may be of any time. */
function judgeLag(
  told: ReadonlyMap<Provider, Answer>,
  memoryOf: (provider: Provider) => Memory,
  blockTimeMs: number | null,
  now: number,
): void {
  const staleMs = blockTimeMs === null ? Number.POSITIVE_INFINITY : STALE_BLOCKS * blockTimeMs
  const times = [...told].map(([provider, { head }]) => [memoryOf(provider), head.time.getTime()] as const)
  for (const [memory, time] of times) {
    const isLagging = now - time > staleMs && times.some(([, other]) => other - time > staleMs)
    memory.laggingSince = isLagging ? (memory.laggingSince ?? now) : null
  }
}

function lowest(numbers: readonly bigint[]): bigint | null {
  return numbers.reduce<bigint | null>((least, number) => (least === null || number < least ? number : least), null)
}
