import assert from 'node:assert/strict'
import type { BlockHeader, Transfer } from '../../src/chain/chainNode.ts'
import { type WatchedChainOptions, watchedChain } from '../../src/chain/watchedChain.ts'
import { type FakeProvider, fakeProvider, growChain } from './fakeProviders.ts'

/** In milliseconds. */
export const SECOND = 1_000
/** In milliseconds. */
export const MINUTE = 60 * SECOND

/** The blocks that providers have unless told, 0 to 49. */
export const chain = growChain([], 50)

/** The chain of `providers` as a watcher reads it that knows its first blocks; a poll reads to the head and takes the marks. */
export function watch(
  providers: readonly FakeProvider[],
  options: Partial<WatchedChainOptions> & { known?: readonly BlockHeader[] } = {},
) {
  const { known = chain, ...rest } = options
  const time = { ms: (chain.at(-1)?.time.getTime() ?? 0) + SECOND }
  const watched = watchedChain(
    providers.map(({ node }) => node),
    { chainId: 1, quorum: 2, tagsMs: 0, now: () => time.ms, ...rest },
  )
  const stored = [...known]
  const transfers: Transfer[] = []
  const steps = watched.follow(stored)
  /** Each step, as what it brought: numbers of blocks, and where it went back to. */
  const read = async (): Promise<string[]> => {
    const kinds: string[] = []
    for (;;) {
      const { value: step } = await steps.next()
      if (step.kind === 'idle') return kinds
      if (step.kind === 'reorg') {
        stored.length = stored.findIndex(({ hash }) => hash === step.ancestor.hash) + 1
        kinds.push(`back to ${step.ancestor.number}`)
        continue
      }
      for (const block of step.blocks) {
        assert.equal(block.header.parentHash, stored.at(-1)?.hash)
        stored.push(block.header)
        transfers.push(...block.transfers)
        kinds.push(`${block.header.number}`)
      }
    }
  }
  const marks = () => watched.marks(stored)
  const poll = async () => ({ read: await read(), ...(await marks()) })
  const problems = () => Object.fromEntries(watched.providers().map(({ name, problem }) => [name, problem]))
  return { watched, stored, transfers, time, read, marks, poll, problems }
}

/** Three providers with the same blocks. */
export const three = (theirs: readonly BlockHeader[] = chain) => {
  return [fakeProvider('alpha', theirs), fakeProvider('beta', theirs), fakeProvider('gamma', theirs)] as const
}

/** Gives each of the providers these blocks. */
export const setChain = (providers: readonly FakeProvider[], next: readonly BlockHeader[]) => {
  for (const provider of providers) provider.chain = next
}

/** The number of the newest of the blocks. */
export const tipNumber = (blocks: readonly BlockHeader[]) => blocks.at(-1)?.number
