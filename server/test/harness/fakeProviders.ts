import { setImmediate as later } from 'node:timers/promises'
import type { Block, BlockHeader, ChainNode, Sent, Transfer } from '../../src/chain/chainNode.ts'
import type { NamedNode } from '../../src/chain/provider.ts'
import { type UpstreamCode, UpstreamError } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { blockAfter } from './fixtures.ts'

/** A provider that does as the test says; the test changes its fields as it goes on. */
export type FakeProvider = {
  name: string
  isOwn: boolean
  /** Its canonical blocks, from number 0 on. */
  chain: readonly BlockHeader[]
  /** It knows its newest blocks only from the call that it answers after so many others: nodes behind one name, not all of them current. */
  lags: readonly number[]
  /** How it fails: never to answer, or as an `UpstreamError` of that code. */
  fault: 'hang' | UpstreamCode | null
  retryAfterMs: number | null
  /** The numbers of the blocks that it tags so; null where it knows no tags. */
  tags: { safe: number | null; finalized: number | null }
  /** What it tells of transfers, by the hash of their block. */
  transfers: ReadonlyMap<Hex, Transfer[]>
  /** What it tells of balances, in whatever asset and block; null where it keeps no state. */
  balances: ReadonlyMap<Hex, bigint> | null
  /** What it tells of whatever transaction; null where it knows none. */
  sent: Sent | null
  /** Every question that it was asked, by name. */
  calls: string[]
  node: NamedNode
}

type Options = Partial<Omit<FakeProvider, 'name' | 'calls' | 'node'>>

/** A provider on `chain`, honest and current unless told. */
export function fakeProvider(name: string, chain: readonly BlockHeader[], options: Options = {}): FakeProvider {
  const provider: Omit<FakeProvider, 'node'> = {
    name,
    isOwn: false,
    chain,
    lags: [0],
    fault: null,
    retryAfterMs: null,
    tags: { safe: null, finalized: null },
    transfers: new Map(),
    balances: new Map(),
    sent: null,
    calls: [],
    ...options,
  }
  const node = { name, isOwn: provider.isOwn, wsUrl: null, node: nodeOf(provider) }
  return Object.assign(provider, { node })
}

/** `count` blocks after the last of `base`, a chain from number 0 on; `branch` tells rivals apart. */
export function growChain(base: readonly BlockHeader[], count: number, branch = 'a'): BlockHeader[] {
  const blocks = [...base]
  for (let made = 0; made < count; made++) blocks.push(blockAfter(blocks.at(-1) ?? null, { branch }))
  return blocks
}

function nodeOf(provider: Omit<FakeProvider, 'node'>): ChainNode {
  /** What the node that answers this call has of the chain. */
  const answer = async <T>(call: string, find: (chain: readonly BlockHeader[]) => T): Promise<T> => {
    const { calls, lags, fault, retryAfterMs } = provider
    calls.push(call)
    const lag = lags[calls.length % lags.length] ?? 0
    await later()
    if (fault === 'hang') return await new Promise(() => undefined)
    if (fault !== null) throw failure(fault, retryAfterMs)
    return find(provider.chain.slice(0, provider.chain.length - lag))
  }
  const headerIn = (chain: readonly BlockHeader[], id: bigint | Hex): BlockHeader => {
    const found = typeof id === 'bigint' ? chain[Number(id)] : chain.find(({ hash }) => hash === id)
    if (found === undefined) throw failure('stale')
    return found
  }
  const blockOf = (header: BlockHeader): Block => {
    return { header, transfers: provider.transfers.get(header.hash) ?? [], coinSweeps: [], coinPayments: [] }
  }
  return {
    check: genesis =>
      answer('check', ([first]) => {
        if (genesis !== undefined && first?.hash !== genesis) throw failure('wrong_chain')
      }),
    head: () => answer('head', chain => headerIn(chain, BigInt(chain.length - 1))),
    header: id => answer('header', chain => headerIn(chain, id)),
    tagged: tag =>
      answer('tagged', () => {
        const number = provider.tags[tag]
        // A tag beyond all blocks is what a liar tells.
        return number === null ? null : (provider.chain[number] ?? blockAfter(null, { number: BigInt(number) }))
      }),
    block: id => answer('block', chain => blockOf(headerIn(chain, id))),
    proven: block => answer('proven', () => block),
    balances: wanted =>
      answer('balances', () => {
        const { balances } = provider
        return balances && wanted.map(({ address }) => balances.get(address) ?? 0n)
      }),
    sent: () => answer('sent', () => provider.sent),
    nonce: () => answer('nonce', () => null),
    call: () => answer('call', () => null),
    code: () => answer('code', () => null),
  }
}

function failure(code: UpstreamCode, retryAfterMs: number | null = null): UpstreamError {
  return new UpstreamError('It fails on purpose.', { retryable: code !== 'wrong_chain', code, retryAfterMs })
}
