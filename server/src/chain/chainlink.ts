import { UpstreamError } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import { type Feeds, type PriceFeed, rateKey, USD_DECIMALS } from '../domain/rate.ts'
import type { BlockHeader, ChainNode } from './chainNode.ts'
import type { RateSource, SaidOf } from './rates.ts'

/** The first four bytes of keccak256 of `latestRoundData()` and `decimals()`, as AggregatorV3Interface has them. */
const LATEST_ROUND_DATA: Hex = '0xfeaf968c'
const DECIMALS: Hex = '0x313ce567'

const ROUND = /^0x[0-9a-f]{320}$/
const WORD = /^0x[0-9a-f]{64}$/
const TIME_MAX_S = 8_640_000_000_000n

/** A round of an aggregator: its answer, when it began (for the sequencer's feed: since when it is so) and when it was told. */
type Round = { answer: bigint; startedAt: Date; updatedAt: Date }

/**
 * The Chainlink feeds of a chain, read at its head. A feed without an answer above zero says nothing; no feed says anything while
 * the sequencer of an L2 is down or has not been up for its grace, since prices may then be old ones.
 */
export function chainlinkRates(name: string, feeds: Feeds, node: Pick<ChainNode, 'head' | 'call'>): RateSource {
  const decimals = new Map<Hex, number>()
  const sayOf = async ({ currency, address, heartbeatS }: PriceFeed, head: BlockHeader): Promise<SaidOf> => {
    const known = decimals.get(address) ?? (await readDecimals(node, address, head))
    const round = await readRound(node, address, head)
    if (known === null || round === null || round.answer <= 0n) return []
    decimals.set(address, known)
    const usd = round.answer * 10n ** BigInt(USD_DECIMALS - known)
    return [[rateKey(currency), { usd, at: round.updatedAt, maxAgeMs: heartbeatS * 1_100 }]]
  }
  return {
    name,
    ask: async (currencies, now) => {
      const wanted = feeds.prices.filter(({ currency }) => currencies.includes(rateKey(currency)))
      if (wanted.length === 0) return []
      const head = await node.head()
      await checkSequencer(node, feeds, head, now)
      return (await Promise.all(wanted.map(feed => sayOf(feed, head)))).flat()
    },
  }
}

async function checkSequencer(
  node: Pick<ChainNode, 'call'>,
  { sequencer }: Feeds,
  head: BlockHeader,
  now: Date,
): Promise<void> {
  if (sequencer === null) return
  const round = await readRound(node, sequencer.address, head)
  const upMs = round === null ? 0 : now.getTime() - round.startedAt.getTime()
  // 0 is up; the time of a round that was never begun is 1970.
  if (round?.answer === 0n && round.startedAt.getTime() > 0 && upMs >= sequencer.graceS * 1_000) return
  throw new UpstreamError('The sequencer is down, or was until just now.', { retryable: true })
}

async function readDecimals(node: Pick<ChainNode, 'call'>, feed: Hex, head: BlockHeader): Promise<number | null> {
  const answer = await node.call(feed, DECIMALS, head)
  if (answer === null || !WORD.test(answer)) return null
  const decimals = BigInt(answer)
  return decimals <= BigInt(USD_DECIMALS) ? parseInt(`${decimals}`, 10) : null
}

async function readRound(node: Pick<ChainNode, 'call'>, feed: Hex, head: BlockHeader): Promise<Round | null> {
  const answer = await node.call(feed, LATEST_ROUND_DATA, head)
  if (answer === null || !ROUND.test(answer)) return null
  const word = (index: number) => BigInt(`0x${answer.slice(2 + index * 64, 66 + index * 64)}`)
  const [startedS, updatedS] = [word(2), word(3)]
  if (startedS > TIME_MAX_S || updatedS > TIME_MAX_S) return null
  return {
    answer: BigInt.asIntN(256, word(1)),
    startedAt: new Date(Number(startedS) * 1000),
    updatedAt: new Date(Number(updatedS) * 1000),
  }
}
