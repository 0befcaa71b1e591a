import type { Block, ChainNode } from '../../src/chain/chainNode.ts'
import { UpstreamError } from '../../src/domain/errors.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { ancestorAt, descendsFrom, type FakeBlock, type Network } from './network.ts'
import { answered, failed, noReputation, type Reputation, toldHead } from './reputation.ts'

/** What is wrong with a provider: it does not answer, refuses, is of another chain, or its blocks do not bear what it tells. */
export type Fault = 'timeout' | 'rate_limited' | 'wrong_chain' | 'lie' | 'malformed'

/** A provider of the fake chain and how it deviates from an honest and current node. */
export type Provider = {
  name: string
  isOwn: boolean
  network: Network
  fault: Fault | null
  /** So many blocks behind the tip. */
  lag: number
  /** A tip of its own: a branch that it is stuck on, or one that it made up. */
  stuckAt: FakeBlock | null
  /** Its head goes back and forth by so many blocks from question to question. */
  flapping: number
  /** Its tags lie so many blocks behind, or cannot be told at all. */
  tagLag: number
  hasTags: boolean
  questions: number
  /** By `nodeOf`'s clock. */
  reputation: Reputation
  /** The head that it told last, and the highest block of what it told since its view is this one that could be compared with ours. */
  head: FakeBlock | null
  told: FakeBlock | null
  /** The newest block whose state it was asked for and keeps no more. */
  forgot: bigint | null
}

const STATES_KEPT = 128n

/** An honest provider. */
export function createProvider(network: Network, name: string, isOwn: boolean, hasTags: boolean): Provider {
  const honest = { fault: null, lag: 0, stuckAt: null, flapping: 0, tagLag: 0 }
  const unasked = { questions: 0, reputation: noReputation(), head: null, told: null, forgot: null }
  return { name, isOwn, network, hasTags, ...unasked, ...honest }
}

/** Makes the provider honest and current again. */
export function healProvider(provider: Provider): void {
  Object.assign(provider, { fault: null, lag: 0, stuckAt: null, flapping: 0, tagLag: 0 })
}

/** The newest block of the chain as the provider has it. */
export function viewOf({ network, stuckAt, lag }: Provider): FakeBlock {
  const tip = stuckAt ?? network.tip
  return ancestorAt(tip, tip.header.number - BigInt(lag)) ?? network.first
}

/** Notes what the provider has told, after a step at whose end `tip` was the newest block that was read. */
export function noteTold(provider: Provider, tip: bigint): void {
  const view = viewOf(provider)
  const { head, told } = provider
  if (told !== null && !descendsFrom(view, told)) provider.told = null
  if (head === null || !descendsFrom(view, head)) return
  const block = ancestorAt(head, head.header.number < tip ? head.header.number : tip)
  if (block !== null && block.header.number > (provider.told?.header.number ?? -1n)) provider.told = block
}

/** The block that the provider tags so, where it tells. */
export function taggedBy(provider: Provider, tag: 'safe' | 'finalized'): FakeBlock | null {
  if (!provider.hasTags) return null
  const view = viewOf(provider)
  const target = provider.network[tag].header.number - BigInt(provider.tagLag)
  const number = target < view.header.number ? target : view.header.number
  return ancestorAt(view, number) ?? provider.network.first
}

/** The provider as a node that is asked, exact to what `ChainNode` promises; `now` tells the time in ms, which never goes back. */
export function nodeOf(provider: Provider, now: () => number): ChainNode {
  const { network, reputation } = provider
  const answer = async <T>(find: () => T): Promise<T> => {
    provider.questions += 1
    try {
      if (provider.fault !== null && provider.fault !== 'lie') throw failure(provider.fault)
      const found = find()
      answered(reputation, now())
      return found
    } catch (error) {
      if (error instanceof UpstreamError) failed(reputation, error.code, now())
      throw error
    }
  }
  const find = (id: bigint | Hex): FakeBlock => {
    const block = typeof id === 'bigint' ? ancestorAt(viewOf(provider), id) : network.blocks.get(id)
    if (block === null || block === undefined || !knows(provider, block)) throw failure('stale')
    return block
  }
  const stateAt = (block: { hash: Hex; number: bigint }) => {
    const found = find(block.hash)
    if (found.header.number + STATES_KEPT >= viewOf(provider).header.number) return found.balances
    if (provider.forgot === null || found.header.number > provider.forgot) provider.forgot = found.header.number
    return null
  }
  return {
    check: () => answer(() => undefined),
    head: () =>
      answer(() => {
        const head = headOf(provider)
        const { header } = head
        provider.head = head
        toldHead(reputation, header, now())
        return header
      }),
    header: id => answer(() => find(id).header),
    tagged: tag =>
      answer(() => {
        const header = taggedBy(provider, tag)?.header ?? null
        reputation.tags[tag] = header
        return header
      }),
    block: id =>
      answer(() => {
        const found = find(id)
        // What it leaves out or adds does not fit the roots of the block.
        if (provider.fault === 'lie' && found.transactions.length > 0) throw failure('lie')
        return blockOf(found)
      }),
    proven: block => answer(() => block),
    balances: (wanted, block) =>
      answer(() => {
        const state = stateAt(block)
        return state === null ? null : wanted.map(({ asset, address }) => state.get(`${asset} ${address}`) ?? 0n)
      }),
    sent: hash =>
      answer(() => {
        for (let block: FakeBlock | null = viewOf(provider); block !== null; block = block.parent) {
          const found = block.transactions.find(transaction => transaction.isTransaction && transaction.hash === hash)
          if (found === undefined) continue
          const { sender, nonce, succeeded } = found
          return { sender, nonce, succeeded, blockHash: block.header.hash, blockNumber: block.header.number }
        }
        return null
      }),
    nonce: (address, block) =>
      answer(() => {
        let count = 0n
        for (let at: FakeBlock | null = find(block.hash); at !== null; at = at.parent) {
          count += BigInt(at.transactions.filter(({ sender }) => sender === address).length)
        }
        return count
      }),
    call: () => answer(() => null),
    code: () => answer(() => '0x'),
  }
}

/** Whether a node of this kind can tell of the block at all: liars alone know what they made up. */
function knows(provider: Provider, block: FakeBlock): boolean {
  return !block.isForged || (provider.stuckAt !== null && descendsFrom(provider.stuckAt, block))
}

function headOf(provider: Provider): FakeBlock {
  const view = viewOf(provider)
  if (provider.flapping === 0) return view
  const back = BigInt((provider.questions * 7) % (provider.flapping + 1))
  return ancestorAt(view, view.header.number - back) ?? provider.network.first
}

function blockOf({ header, transfers, coinSweeps, coinPayments }: FakeBlock): Block {
  return { header, transfers: [...transfers], coinSweeps: [...coinSweeps], coinPayments: [...coinPayments] }
}

function failure(code: Fault | 'stale'): UpstreamError {
  return new UpstreamError(`The node fails on purpose: ${code}.`, { retryable: code !== 'wrong_chain', code })
}
