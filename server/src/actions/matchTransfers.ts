import type { BlockHeader, Transfer } from '../chain/chainNode.ts'
import type { Context } from '../context.ts'
import { assetId } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import { fallbackAddresses, payoutsOn } from '../domain/fallbackAddress.ts'
import type { Hex } from '../domain/hex.ts'
import { uuidv7 } from '../domain/uuid.ts'
import type { Tx } from '../store/database.ts'
import { type DepositOwner, findDepositOwners, loadDeposits, type OwnedDeposit } from '../store/depositAddresses.ts'
import type { SweepFact } from '../store/sweepFacts.ts'
import type { NewTransfer, SentBy } from '../store/transfers.ts'

/** A transfer with the sender of its transaction, where that was asked for and is known. */
export type FoundTransfer = Transfer & { sentBy?: SentBy | undefined }

/**
 * A block with the transfers in it, from and to whatever addresses; coin may have come to those `inDoubt` with it, or has since, that
 * is not certain yet.
 */
export type FoundBlock = { header: BlockHeader; transfers: readonly FoundTransfer[]; inDoubt?: readonly Hex[] }

/** What blocks tell of deposit addresses, in the order of the blocks. */
export type Matched = {
  /** Money that somebody brought. */
  arrivals: NewTransfer[]
  /** Money that left, and shares that came to a fallback. */
  sweeps: SweepFact[]
  /** The fallbacks among those that were not known yet. */
  fallbacks: OwnedDeposit[]
  /** What moved from a deposit address to somebody whom it cannot pay, which no honest coin does. */
  strayed: Strayed[]
}

/** An asset that went from the deposit address of a session to a stranger. */
export type Strayed = { assetId: string; address: Hex; sessionId: string }

/** What is known of the addresses in some blocks; grows with the fallbacks that are found. */
type Known = { owners: Map<Hex, DepositOwner>; deposits: Map<Hex, OwnedDeposit> }

/** Looks both ways: what went to deposit addresses and what left them, in whatever asset that is known on the chain. */
export async function matchTransfers(tx: Tx, ctx: Context, blocks: readonly FoundBlock[], now: Date): Promise<Matched> {
  const all = blocks.flatMap(({ transfers }) => transfers)
  const senders = all.flatMap(transfer => senderOf(transfer) ?? [])
  const owners = await findDepositOwners(tx, [...all.map(({ to }) => to), ...senders])
  const deposits = await loadDeposits(tx, [...new Set(senders.filter(sender => owners.has(sender)))])
  const known: Known = { owners, deposits }
  const found = { arrivals: [] as Omit<NewTransfer, 'id'>[], sweeps: [] as Omit<SweepFact, 'id'>[] }
  const fallbacks = new Map<Hex, OwnedDeposit>()
  const strayed = new Map<string, Strayed>()
  for (const { header, transfers } of blocks) {
    for (const transfer of transfers) {
      const { asset, from, to, ...rest } = transfer
      const sender = senderOf(transfer)
      const swept = sender === null ? undefined : known.deposits.get(sender)
      if ((swept === undefined && !known.owners.has(to)) || sender === to) continue
      invariant(transfer.blockHash === header.hash, 'transfers are of the block that is recorded')
      const fact = { ...rest, assetId: assetId(rest.chainId, asset), blockTime: header.time }
      if (swept !== undefined) {
        const { address, sessionId } = swept
        const fallback = fallbackAt(swept, rest.chainId, to)
        const isDoubted = fallback === null && !isReceiver(swept, rest.chainId, to)
        found.sweeps.push({ ...ownerOf(swept), ...fact, kind: 'out', address, other: to, isDoubted })
        if (isDoubted) strayed.set(`${fact.assetId} ${address}`, { assetId: fact.assetId, address, sessionId })
        if (fallback !== null) {
          fallbacks.set(to, fallback)
          known.owners.set(to, fallback)
          known.deposits.set(to, fallback)
        }
      }
      const owner = known.owners.get(to)
      if (owner === undefined) continue
      const arrival = { ...ownerOf(owner), ...fact, address: to }
      // From one of our addresses to another nobody has paid; nobody knows a fallback to pay it.
      if (swept === undefined && !owner.isFallback) found.arrivals.push({ ...arrival, from })
      else found.sweeps.push({ ...arrival, kind: 'back', other: from, isDoubted: false })
    }
  }
  // In the order of the blocks: it is by their ids that a session's payments are listed.
  const ids = [...found.arrivals, ...found.sweeps].map(() => uuidv7(now, ctx.random(10))).sort()
  let next = 0
  const withId = <T>(rows: readonly T[]) => rows.map(row => ({ ...row, id: ids[next++] ?? '' }))
  return {
    arrivals: withId(found.arrivals),
    sweeps: withId(found.sweeps),
    fallbacks: [...fallbacks.values()],
    strayed: [...strayed.values()],
  }
}

/** Who sent what a log tells of; coin that is known by the balance of its recipient was sent by nobody of ours. */
function senderOf({ from, place }: Transfer): Hex | null {
  return place.startsWith('native:') ? null : from
}

function ownerOf({ organizationId, sessionId }: DepositOwner) {
  return { organizationId, sessionId }
}

function isReceiver({ payouts }: OwnedDeposit, chainId: number, to: Hex): boolean {
  return payoutsOn(payouts, chainId).some(({ receiver }) => receiver === to)
}

/** The fallback of one of the receivers at `to`, or null. */
function fallbackAt(deposit: OwnedDeposit, chainId: number, to: Hex): OwnedDeposit | null {
  if (isReceiver(deposit, chainId, to)) return null
  const payouts = fallbackAddresses(deposit, deposit.sessionId, deposit.payouts, chainId).get(to)
  return payouts === undefined ? null : { ...deposit, isFallback: true, address: to, payouts }
}
