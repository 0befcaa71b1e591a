/** A known bug: in `file`, below `server`, the text `find` (which must be there once) becomes `replace`. */
export type PlantedBug = { name: string; file: string; find: string; replace: string }

const AGREEMENT = 'src/chain/agreement.ts'
const COIN = 'src/chain/coinArrivals.ts'
const COMPLETION = 'src/domain/completion.ts'
const CURSORS = 'src/store/cursors.ts'
const EVENTS = 'src/store/events.ts'
const EXPECTED = 'src/store/expectedBalances.ts'
const FINALITY = 'src/domain/finality.ts'
const LEDGER = 'src/domain/ledger.ts'
const RECORD = 'src/actions/recordBlocks.ts'
const REORG = 'src/actions/recordReorg.ts'
const SETTLEMENT = 'src/domain/settlement.ts'
const TOLD = 'src/actions/sessionEvents.ts'

/** Bugs that the simulation must find; those who change the text that is replaced keep the bug planted in the new one. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug('payments are posted at once', FINALITY, 'marks.head - BigInt(wait) + 1n', 'marks.head'),
  bug('the head is taken for finalized', FINALITY, '(marks[wait] ?? -1n)', 'marks.head'),
  bug('one provider is a quorum', AGREEMENT, 'ranked[quorum - 1]', 'ranked[0]'),
  bug('a contradiction is ignored', AGREEMENT, 'least(mark, disputed - 1n)', 'mark'),
  bug(
    'lost payments count',
    SETTLEMENT,
    'const live = ordered.filter(transfer => transfer.orphanedAt === null)',
    'const live = ordered',
  ),
  bug('a reorg changes no session', REORG, 'settleSessions(tx, ctx, touched,', 'settleSessions(tx, ctx, [],'),
  bug('a lost payment is not reversed', LEDGER, 'if (live !== null) {', 'if (live !== null && wanted !== null) {'),
  bug('a lost sweep stays booked', REORG, 'lost, now), false, now)', 'lost, now), true, now)'),
  bug(
    'unmatched money is booked as posted',
    LEDGER,
    'if (!subject.isCounted) return',
    'if (!subject.isCounted && !subject.isPosted) return',
  ),
  bug('tolerance asks for more', COMPLETION, '10_000 - toleranceBps', '10_000 + toleranceBps'),
  bug(
    'shares are floating point numbers',
    COMPLETION,
    'amountRaw * (weights.get(assetId) ?? 0n)',
    'BigInt(Math.round(Number(amountRaw) * Number(weights.get(assetId) ?? 0n)))',
  ),
  bug('a duplicate is credited', SETTLEMENT, "reasons.push('duplicate')", 'reasons.push()'),
  bug('late money is on time', SETTLEMENT, "reasons.push('late')", 'reasons.push()'),
  bug(
    'another token of the chain counts',
    SETTLEMENT,
    'if (!terms.assets.some(row => row.asset.id === asset.id)) {',
    'if (!terms.assets.some(row => row.asset.chainId === asset.chainId)) {',
  ),
  bug('a reorg resets when a payment was seen', 'src/store/transfers.ts', ', seen.at, coin.at, d', ', coin.at, d'),
  bug(
    'the cursor moves without what was found',
    RECORD,
    'insertTransfers(tx, arrivals, now)',
    'insertTransfers(tx, [], now)',
  ),
  bug('a deposed leader may write', CURSORS, ".where('fence', '=', fence)", ''),
  bug('swept coin is expected to lie there', EXPECTED, 'else -f.amount_raw end', 'else 0 end'),
  bug(
    'coin that was credited is not expected',
    EXPECTED,
    't.asset_id = w."assetId" and t.orphaned_at is null',
    't.asset_id = w."assetId" and t.orphaned_at is not null',
  ),
  bug(
    'a session expires whatever was read',
    SETTLEMENT,
    'return now > deadline && isRead && heads.every(isPast)',
    'return now > deadline',
  ),
  bug(
    'a halt gives no time',
    SETTLEMENT,
    'deadlineOf(terms.expiresAt).getTime() + terms.haltedMs',
    'deadlineOf(terms.expiresAt).getTime()',
  ),
  bug(
    'a halt that a reorg took counts',
    'src/store/halts.ts',
    ".where('orphaned_at', 'is', null)\n    .where('to_time', '>', since)",
    ".where('to_time', '>', since)",
  ),
  bug('what is taken back is not told', TOLD, "types.push('checkout_session.reverted')", 'types.push()'),
  bug('coin is told before it came', COIN, 'left - (later.get(to) ?? 0n)', 'left'),
  bug('a delivery without a job', EVENTS, 'array_agg(queue)) from rows', 'array_agg(queue)) from rows having false'),
  bug(
    'what was seen before is told again',
    TOLD,
    'return lostTwins(transfer, after).every(({ unmatchedReason }) => unmatchedReason !== null)',
    'return true',
  ),
]

function bug(name: string, file: string, find: string, replace: string): PlantedBug {
  return { name, file, find, replace }
}
