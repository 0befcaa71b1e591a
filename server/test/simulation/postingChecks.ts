import type { TransferRow } from './mirror.ts'
import { ancestorAt } from './network.ts'
import { chainOf } from './payments.ts'
import { type Provider, taggedBy, viewOf } from './provider.ts'
import { mayCount, mustCount } from './reputation.ts'
import { holds } from './violation.ts'
import { type Chain, recordedTip, type World } from './world.ts'

const DOLLARS = 10n ** 8n

/**
 * A payment is posted when its chain's policy for its worth is met, by what the providers say at this moment: enough of them have
 * its block, none of those that answer has another, and it is as deep as was asked, or tagged by enough of them.
 */
export function checkPosting(world: World, transfer: TransferRow): void {
  const chain = chainOf(world, transfer.chain)
  const tip = recordedTip(world, chain)
  holds(tip !== null, () => 'a chain with payments was read')
  const { wait, witness } = policyOf(world, chain, transfer)
  const name = `transfer ${transfer.id} in block ${transfer.blockNumber} of chain ${chain.id}`
  // Who drops logs still tells which blocks there are, until that is noticed: then nobody listens for a while.
  const now = chain.now()
  const answering = chain.providers.filter(
    ({ fault, reputation }) => (fault === null || fault === 'lie') && mayCount(reputation, now),
  )
  const blockAt = (provider: Provider) => ancestorAt(viewOf(provider), transfer.blockNumber)?.header.hash
  const agreeing = answering.filter(provider => blockAt(provider) === transfer.blockHash)
  const against = answering.filter(provider => {
    // Who failed a moment ago cannot be reached until it is asked again.
    if (!mustCount(provider.reputation, now)) return false
    const found = blockAt(provider)
    // A head that goes back and forth takes nothing back, but who has never told of such a height has not contradicted.
    const hasTold = provider.flapping === 0 || (provider.told?.header.number ?? -1n) >= transfer.blockNumber
    return hasTold && found !== undefined && found !== transfer.blockHash
  })
  // What one provider alone told a moment ago may be another branch by now: there is nobody to ask.
  const isAlone = chain.providers.length === 1
  holds(
    isAlone || against.length === 0,
    () => `${name} is posted although ${against.map(one => one.name)} has another block`,
  )
  const isVouched = (by: readonly Provider[]) =>
    witness === 'all'
      ? by.length === chain.providers.length ||
        (by.some(one => one.isOwn) && by.length > Math.min(1, chain.providers.length - 1))
      : by.length >= chain.config.quorum || by.some(one => one.isOwn)
  holds(isAlone || isVouched(agreeing), () => `${name} is posted, vouched for by ${agreeing.map(one => one.name)} only`)
  if (typeof wait === 'number') {
    const confirmations = tip.header.number - transfer.blockNumber + 1n
    holds(confirmations >= BigInt(wait), () => `${name} is posted with ${confirmations} confirmations of ${wait}`)
    return
  }
  const tagging = answering.filter(provider => (taggedBy(provider, wait)?.header.number ?? -1n) >= transfer.blockNumber)
  const enough = tagging.length >= chain.config.quorum || tagging.some(one => one.isOwn)
  holds(enough, () => `${name} is posted, tagged ${wait} by ${tagging.map(one => one.name)} only`)
}

/** The policy by the worth of the session, as the chain's bands say: the strictest where the worth or the row is missing. */
function policyOf(world: World, chain: Chain, transfer: TransferRow) {
  const made = world.sessions.get(transfer.session)
  const bands = chain.config.finality
  const strictest = bands[bands.length - 1] ?? bands[0]
  const isPayable = made?.session.assets.some(({ asset }) => asset.id === transfer.asset)
  if (made === undefined || !isPayable || !['usdc', 'usdt', 'dai'].includes(made.session.currency)) return strictest
  const worth = made.session.amountTotal
  holds(worth < 10_000n * DOLLARS, () => 'no session is worth more than the bands are made for')
  return bands.find(({ below }) => below !== null && worth < below) ?? strictest
}
