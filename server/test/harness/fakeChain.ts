import type { Block, BlockHeader, ChainNode, Transfer, WatchedChain } from '../../src/chain/chainNode.ts'
import { followChain } from '../../src/chain/followChain.ts'
import { invariant, UpstreamError } from '../../src/domain/errors.ts'
import type { Marks } from '../../src/domain/finality.ts'
import type { Hex } from '../../src/domain/hex.ts'
import { blockAfter } from './fixtures.ts'

/** A chain of hand-made blocks behind one node, which says what the test sets. */
export type FakeChain = {
  node: WatchedChain
  /** The canonical blocks, from number 0 on. */
  headers: () => BlockHeader[]
  tip: () => BlockHeader
  /** Adds a block, one second after the newest unless told, with what `transfersIn` puts into it. */
  mine: (transfersIn?: (header: BlockHeader) => Transfer[], options?: { branch?: string; time?: Date }) => BlockHeader
  /** Gives up the blocks after `ancestor`. */
  goBackTo: (ancestor: BlockHeader) => void
  /** Takes the branch that ends with `tip` for canonical again. */
  goTo: (tip: BlockHeader) => void
  /** What the node tags as safe and finalized, and up to where its providers agree: null for none, undefined for all. */
  tags: { safe: bigint | null; finalized: bigint | null; agreed?: bigint; agreedByAll?: bigint }
  /** What of a token lies at an address: by what the chain moved unless the test says otherwise. */
  balances: { asset: Hex; address: Hex; amountRaw: bigint }[]
  /** What is known of transactions by their hash, and of senders: how many transactions they have sent. */
  sent: Map<Hex, Awaited<ReturnType<ChainNode['sent']>>>
  nonces: Map<Hex, bigint>
}

/** A chain whose first block is of `time`. */
export function fakeChain(time: Date): FakeChain {
  const blocks = new Map<Hex, Block>()
  let tip = blockAfter(null, { time })
  const keep = (header: BlockHeader, transfers: Transfer[]) => {
    blocks.set(header.hash, { header, transfers, coinSweeps: [], coinPayments: [] })
  }
  keep(tip, [])
  const line = (end: BlockHeader): Block[] => {
    const found: Block[] = []
    for (let block = blocks.get(end.hash); block !== undefined; block = blocks.get(block.header.parentHash)) {
      found.unshift(block)
    }
    return found
  }
  const headers = () => line(tip).map(({ header }) => header)
  const block = async (id: bigint | Hex) => {
    const found = typeof id === 'bigint' ? line(tip)[Number(id)] : blocks.get(id)
    if (found === undefined) throw new UpstreamError('There is no such block.', { retryable: true })
    return found
  }
  const header = async (id: bigint | Hex) => (await block(id)).header
  const head = async () => tip
  const chain: Omit<FakeChain, 'node'> = {
    headers,
    tip: () => tip,
    mine: (transfersIn = () => [], { branch = 'a', time: at } = {}) => {
      tip = blockAfter(tip, { branch, ...(at && { time: at }) })
      keep(tip, transfersIn(tip))
      return tip
    },
    goBackTo: ancestor => {
      tip = ancestor
    },
    goTo: other => {
      invariant(blocks.has(other.hash), 'the branch was mined')
      tip = other
    },
    tags: { safe: null, finalized: null },
    balances: [],
    sent: new Map(),
    nonces: new Map(),
  }
  const unused = () => Promise.reject(new Error('nobody asks for that in this test'))
  const balances: ChainNode['balances'] = async (wanted, at) =>
    wanted.map(({ asset, address }) => {
      const told = chain.balances.find(row => row.asset === asset && row.address === address)
      if (told !== undefined) return told.amountRaw
      const moved = line(at).flatMap(({ transfers }) => transfers.filter(transfer => transfer.asset === asset))
      const sum = (rows: Transfer[]) => rows.reduce((total, row) => total + row.amountRaw, 0n)
      return sum(moved.filter(({ to }) => to === address)) - sum(moved.filter(({ from }) => from === address))
    })
  const sent: ChainNode['sent'] = async hash => chain.sent.get(hash) ?? null
  const node: WatchedChain = {
    check: async () => undefined,
    head,
    header,
    block,
    tagged: unused,
    balances,
    genesis: unused,
    vouchedBalances: balances,
    proven: async block => block,
    sent,
    vouchedSent: sent,
    nonce: async address => chain.nonces.get(address) ?? null,
    call: unused,
    code: unused,
    coinArrivals: async () => ({ arrivals: new Map(), missing: [], inDoubt: [] }),
    marks: async (known): Promise<Marks> => {
      const { number } = known.at(-1) ?? tip
      const { safe, finalized, agreed = number, agreedByAll = number } = chain.tags
      return { head: number, safe, finalized, agreed, agreedByAll }
    },
    follow: known =>
      followChain(
        { head: () => node.head(), header, block: id => node.block(id), isLost: async () => true },
        known,
        {},
      ),
    nextHead: async () => undefined,
    providers: () => [{ name: 'node', problem: null, since: null }],
  }
  return Object.assign(chain, { node })
}
