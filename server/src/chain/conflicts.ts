import type { Word } from './agreement.ts'
import type { BlockHeader } from './chainNode.ts'
import type { Provider, Remark } from './provider.ts'

/** Another block than ours; `isSettled` once that has lasted longer than a chain takes to make up its mind. */
export type Conflict = { theirs: BlockHeader; since: number; isSettled: boolean }

/** Who contradicts what was read. */
export type Conflicts = ReadonlyMap<Provider, Conflict>

const SETTLED_MS = 30_000

/**
 * The conflicts after `words` on `known` were told at the time `now` (ms), where `before` were those until then. One that tells an
 * older head now, or has fallen silent in a settled conflict, has not given in, unless it lost its say or its block is ours by now.
 */
export function conflictsAfter(
  before: Conflicts,
  providers: readonly Provider[],
  words: ReadonlyMap<Provider, Word>,
  known: readonly BlockHeader[],
  now: number,
): Conflicts {
  const after = new Map<Provider, Conflict>()
  for (const provider of providers) {
    const [last, word] = [before.get(provider), words.get(provider)]
    if (word?.contradicts) {
      const since = last?.since ?? now
      after.set(provider, { theirs: word.contradicts, since, isSettled: now - since >= SETTLED_MS })
    } else if (last !== undefined && !hasGivenIn(last, word) && provider.trouble?.kind !== 'quarantine') {
      const isSettled = last.isSettled || (word !== undefined && now - last.since >= SETTLED_MS)
      if (known.every(({ hash }) => hash !== last.theirs.hash)) after.set(provider, { ...last, isSettled })
    }
  }
  return after
}

/** Behind a name that tells an older head there may be two nodes, of which one has not come to the block that the other has. */
function hasGivenIn({ theirs, isSettled }: Conflict, word: Word | undefined): boolean {
  return word === undefined ? !isSettled : word.agrees >= theirs.number
}

/** What is to be said of a provider on either side of a settled conflict, or null: a person must find out who is right. */
export function remarkOn(provider: Provider, conflicts: Conflicts, words: ReadonlyMap<Provider, Word>): Remark | null {
  for (const [rival, { theirs, since, isSettled }] of conflicts) {
    if (!isSettled) continue
    const ours = [...words].filter(([, { agrees }]) => agrees >= theirs.number).map(([one]) => one)
    if (provider !== rival && !ours.includes(provider)) continue
    const names = (provider === rival ? ours : [rival]).map(({ name }) => name)
    const others = names.length === 0 ? 'was read' : names.join(' and ')
    return { text: `conflict: has another block ${theirs.number} than ${others}`, since: new Date(since) }
  }
  return null
}
