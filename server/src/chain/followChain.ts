import { UpstreamError } from '../domain/errors.ts'
import type { Block, BlockHeader, ChainNode, ChainStep } from './chainNode.ts'
import { type BatchOptions, inBatches } from './inBatches.ts'
import { commonAncestor, reconcile, tipOf } from './reconcile.ts'

/** How many blocks are fetched at the same time, and how many headers are kept to find a common ancestor. */
export type FollowOptions = { blocksAtOnce?: number; headersKept?: number }

/** More blocks than this at once are far behind: they come in lists, so that they can be stored many at a time. */
const FAR = 32n
const FAR_LISTS = { ahead: 256, most: 128 }

/**
 * More than this are deep: their lists are longer, as far as what they hold has room. So many at the end are read as others that
 * are far behind, since of those nodes still have the state.
 */
const DEEP = 1_024n
const DEEP_LISTS = { ahead: 1_024, most: 512, heaviest: 100_000 }
const WITH_STATE = 128n

/** Where blocks come from, and whether those that contradict `known` are to be believed. */
export type BlockSource = Pick<ChainNode, 'head' | 'header' | 'block'> & {
  isLost(known: readonly BlockHeader[]): Promise<boolean>
}

/** The chain from the newest of `known` on, as `WatchedChain.follow` promises it: one block a step unless far behind. */
export async function* followChain(
  source: BlockSource,
  known: readonly BlockHeader[],
  { blocksAtOnce = 8, headersKept = 1_000 }: FollowOptions,
): AsyncGenerator<ChainStep, never> {
  let headers = [...known]
  for (;;) {
    try {
      const head = await source.head()
      checkOverlap(headers, head)
      const standing = reconcile(headers, head)
      let stranger = standing === 'reorg' ? head : null
      if (standing === 'same') yield { kind: 'idle' }
      if (standing === 'next' || standing === 'gap') {
        const { to, ...options } = batches(tipOf(headers).number, head.number, blocksAtOnce)
        const missing = range(tipOf(headers).number + 1n, to)
        for await (const fetched of inBatches(missing, options, number => source.block(number), weightOf)) {
          const blocks = linked(headers, fetched)
          if (blocks.length > 0) yield { kind: 'blocks', blocks }
          headers = [...headers, ...blocks.map(block => block.header)].slice(-headersKept)
          stranger = fetched[blocks.length]?.header ?? null
          if (stranger !== null) break
        }
      }
      if (stranger === null) continue
      if (await source.isLost(headers)) {
        const ancestor = await commonAncestor(headers, stranger, hash => source.header(hash))
        if (ancestor === null) throw tooDeep(headers)
        yield { kind: 'reorg', ancestor }
        headers = headers.filter(header => header.number <= ancestor.number)
      } else yield { kind: 'idle' }
    } catch (error) {
      // Behind one name may be several nodes: one tells of a block, another does not have it yet.
      if (!(error instanceof UpstreamError) || error.code !== 'stale') throw error
      yield { kind: 'idle' }
    }
  }
}

/** Up to where blocks are read in one go, and in what lists. */
function batches(tip: bigint, head: bigint, atOnce: number): BatchOptions & { to: bigint } {
  if (head - tip > DEEP) return { to: head - WITH_STATE, atOnce, ...DEEP_LISTS }
  return { to: head, atOnce, ...(head - tip > FAR ? FAR_LISTS : { ahead: atOnce, most: 1 }) }
}

/** A block holds at least its header. */
function weightOf({ transfers, coinSweeps, coinPayments }: Block): number {
  return 1 + transfers.length + coinSweeps.length + coinPayments.length
}

/** Those of `blocks`, from the first, that continue `known` and each other. */
function linked(known: readonly BlockHeader[], blocks: readonly Block[]): Block[] {
  let tip = tipOf(known)
  const end = blocks.findIndex(({ header }) => {
    if (reconcile([tip], header) !== 'next') return true
    tip = header
    return false
  })
  return blocks.slice(0, end < 0 ? blocks.length : end)
}

function* range(from: bigint, to: bigint): Generator<bigint> {
  for (let number = from; number <= to; number += 1n) yield number
}

function checkOverlap(headers: readonly BlockHeader[], head: BlockHeader): void {
  const oldest = headers[0]
  if (oldest === undefined || head.number >= oldest.number) return
  throw new UpstreamError(
    `The node's head ${head.number} lies below ${oldest.number}, the oldest block kept: it is far behind, or on another chain.`,
    { retryable: true },
  )
}

function tooDeep(headers: readonly BlockHeader[]): UpstreamError {
  const tip = tipOf(headers)
  return new UpstreamError(
    `The node no longer knows any of the last ${headers.length} blocks up to ${tip.number} (${tip.hash}): ` +
      'a reorg deeper than is followed, or another chain. Nothing was changed; a person must decide.',
    { retryable: false },
  )
}
