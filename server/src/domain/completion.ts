import { invariant } from './errors.ts'
import type { Decision, SettlementTerms, SettlementTransfer } from './settlement.ts'

/**
 * What is due in whole numbers, whatever the assets: a base unit of an asset is `weights` parts, `whole` parts are everything,
 * and `due` of them complete, the tolerance taken off. All three are exact.
 */
export type Shares = { whole: bigint; due: bigint; weights: ReadonlyMap<string, bigint> }

/** The common denominator of all payable rows; throws when a row has nothing due. */
export function sharesOf({ amountTotal, assets, toleranceBps }: SettlementTerms): Shares {
  invariant(assets.length === 0 || (amountTotal !== null && amountTotal > 0n), 'payable rows need an amount')
  invariant(
    assets.every(({ amountRaw }) => amountRaw > 0n),
    'every payable row has something due',
  )
  const product = assets.reduce((rest, { amountRaw }) => rest * amountRaw, 1n)
  const whole = product * 10_000n
  const weights = new Map(assets.map(({ asset, amountRaw }) => [asset.id, whole / amountRaw]))
  return { whole, due: product * BigInt(10_000 - toleranceBps), weights }
}

/** What some base units of each asset are in parts; an asset without a row is nothing. */
export function partsOf(amounts: readonly { assetId: string; amountRaw: bigint }[], { weights }: Shares): bigint {
  return amounts.reduce((sum, { assetId, amountRaw }) => sum + amountRaw * (weights.get(assetId) ?? 0n), 0n)
}

/** Whether so many parts complete where `enough` are needed; nothing never does, whatever the tolerance. */
export function reaches(parts: bigint, enough: bigint): boolean {
  return parts > 0n && parts >= enough
}

/** From `at` on, `parts` more are posted, or (a partial payment was accepted) `enough` parts complete. */
type Step = { at: Date; parts: bigint; enough?: bigint }

/**
 * The first moment at which what was posted by then reached what was enough by then, or null. `accepted` tells when a person
 * accepted a transfer, by its id.
 */
export function completion(
  shares: Shares,
  candidates: readonly SettlementTransfer[],
  accepted: ReadonlyMap<string, Date>,
  decisions: readonly Decision[],
): Date | null {
  const steps: Step[] = []
  for (const { id, asset, amountRaw, firstSeenAt, postedAt } of candidates) {
    if (postedAt === null) continue
    // Not before it was seen, should a clock have gone back, nor before the decision that makes it count.
    const at = latest(postedAt, firstSeenAt, accepted.get(id) ?? firstSeenAt)
    steps.push({ at, parts: partsOf([{ assetId: asset.id, amountRaw }], shares) })
  }
  for (const decision of decisions) {
    if (decision.kind !== 'accept_partial') continue
    steps.push({ at: decision.at, parts: 0n, enough: partsOf(decision.accepted, shares) })
  }
  let posted = 0n
  let enough = shares.due
  for (const step of steps.sort((left, right) => left.at.getTime() - right.at.getTime())) {
    posted += step.parts
    if (step.enough !== undefined && step.enough < enough) enough = step.enough
    if (reaches(posted, enough)) return step.at
  }
  return null
}

function latest(...moments: Date[]): Date {
  return new Date(Math.max(...moments.map(moment => moment.getTime())))
}
