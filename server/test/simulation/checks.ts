import { checkChain, pausesOf } from './chainChecks.ts'
import { allDone } from './crashes.ts'
import { checkBooked, checkEntries } from './ledgerChecks.ts'
import type { EventRow, SessionRow, TransferRow } from './mirror.ts'
import { expectedOf, isSame, type Pause } from './oracle.ts'
import { chainOf } from './payments.ts'
import { checkPosting } from './postingChecks.ts'
import { noteTold } from './provider.ts'
import { holds } from './violation.ts'
import { recordedTip, type SimulatedSession, type World } from './world.ts'

/** Reads what the last step wrote, notes it in the trace, and throws a `ViolationError` for what must not be. */
export async function checkStep(world: World): Promise<void> {
  const { mirror, crashes } = world
  await allDone(crashes)
  const changes = await mirror.refresh()
  for (const chain of world.chains) {
    const tip = recordedTip(world, chain)
    for (const provider of chain.providers) noteTold(provider, tip?.header.number ?? -1n)
  }
  if (changes.digest.length === 0) return
  world.trace.push(...changes.digest)
  for (const { after } of changes.transfers) checkOwner(world, after)
  for (const change of changes.transfers) checkFirstSeen(world, change.before, change.after)
  for (const { after } of changes.sessions) if (after.isClosed) world.everClosed.add(after.id)
  const moved = new Set([
    ...changes.cursors.map(({ after }) => after.chain),
    ...changes.transfers.map(({ after }) => after.chain),
  ])
  for (const id of moved) checkChain(world, chainOf(world, id))
  for (const subject of new Set(changes.entries.map(({ subjectId }) => subjectId))) checkEntries(world, subject)
  for (const { before, after } of changes.transfers) {
    if (after.postedAt !== null && before?.postedAt?.getTime() !== after.postedAt.getTime()) checkPosting(world, after)
  }
  const touched = new Set([
    ...changes.sessions.map(({ after }) => after.id),
    ...changes.transfers.map(({ after }) => after.session),
  ])
  const open = [...mirror.sessions.values()].filter(({ isClosed }) => !isClosed).map(({ id }) => id)
  const pauses =
    changes.digest.length === 0 ? new Map() : new Map(world.chains.map(chain => [chain.id, pausesOf(world, chain)]))
  for (const id of new Set([...touched, ...open])) checkSession(world, id, pauses)
  for (const { before, after } of changes.sessions) checkClosing(world, before, after)
  checkEvents(world, changes.events)
  for (const id of touched) checkTold(world, id)
}

/** The facts of a session. */
export function transfersOf(world: World, session: string): TransferRow[] {
  return [...world.mirror.transfers.values()].filter(transfer => transfer.session === session)
}

function known(world: World, id: string): { row: SessionRow; made: SimulatedSession } {
  const row = world.mirror.sessions.get(id)
  const made = world.sessions.get(id)
  holds(row !== undefined && made !== undefined, () => `session ${id} was made and is stored`)
  return { row, made }
}

function checkOwner(world: World, transfer: TransferRow): void {
  const { made, row } = known(world, transfer.session)
  holds(
    made.session.deposit.address === transfer.address,
    () => `transfer ${transfer.id} is at another session's address`,
  )
  holds(row.organization === transfer.organization, () => `transfer ${transfer.id} joins two organizations`)
}

/** What is stored of a session is what follows from its facts. */
function checkSession(world: World, id: string, pauses: ReadonlyMap<number, readonly Pause[]>): void {
  const { row, made } = known(world, id)
  const { session, decisions } = made
  const due = session.assets.map(({ asset }) => {
    const found = world.mirror.due.get(`${id} ${asset.id}`)
    holds(found !== undefined, () => `session ${id} keeps what is due in ${asset.symbol}`)
    return found
  })
  for (const [index, { amountRaw, asset }] of session.assets.entries()) {
    const exact = (session.amountTotal * 10n ** BigInt(asset.decimals)) / 10n ** 8n
    holds(due[index]?.amountRaw === amountRaw && amountRaw === exact, () => `what is due of session ${id} stays exact`)
  }
  const chainOfAsset = new Map(session.assets.map(({ asset }) => [asset.id, asset.chainId]))
  const terms = {
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
    toleranceBps: session.toleranceBps,
    total: session.amountTotal,
    due,
    chainOf: (asset: string) => chainOfAsset.get(asset) ?? 0,
  }
  const transfers = transfersOf(world, id)
  const own = [...new Set(chainOfAsset.values())].flatMap(chain => pauses.get(chain) ?? [])
  // Made by a clock behind the chains', a session has halts in its time that had ended before: they count with its next change.
  const isUnaware = made.isAhead && transfers.length === 0 && row.deadline.getTime() === session.deadline.getTime()
  const expected = expectedOf(terms, transfers, decisions, row, isUnaware ? [] : own)
  const got = {
    status: row.status,
    intent: row.intent,
    received: row.received,
    exceptions: [...row.exceptions].sort(),
    deadline: row.deadline.toISOString(),
  }
  const { reasons, ...wanted } = { ...expected, deadline: expected.deadline.toISOString() }
  for (const key of Object.keys(got) as (keyof typeof got)[]) {
    holds(
      String(got[key]) === String(wanted[key]),
      () => `session ${id}: ${key} is ${got[key]}, by its facts ${wanted[key]}`,
    )
  }
  for (const transfer of transfers) {
    checkBooked(world, transfer)
    if (transfer.orphanedAt !== null) continue
    const reason = reasons.get(transfer.id) ?? null
    holds(transfer.reason === reason, () => `transfer ${transfer.id} is ${transfer.reason}, by the facts ${reason}`)
  }
}

/** A session closes when the clock and every chain that it may be paid on have passed its deadline. */
function checkClosing(world: World, before: SessionRow | null, after: SessionRow): void {
  if (!after.isClosed || before?.isClosed === true) return
  const { made } = known(world, after.id)
  const isPast = world.clock.now() > after.deadline
  holds(isPast, () => `session ${after.id} was closed before its deadline ${after.deadline.toISOString()}`)
  for (const { asset } of made.session.assets) {
    const cursor = world.mirror.cursors.get(asset.chainId)
    holds(
      cursor !== undefined && cursor.time > after.deadline,
      () =>
        `session ${after.id} was closed although chain ${asset.chainId} is read up to ${cursor?.time.toISOString()} only`,
    )
  }
}

/** What was seen first when; a reorg and another block change nothing about it. */
function checkFirstSeen(world: World, before: TransferRow | null, after: TransferRow): void {
  const { firstSeenAt, txHash, chain, id } = after
  if (before !== null) {
    holds(before.firstSeenAt.getTime() === firstSeenAt.getTime(), () => `transfer ${id} was first seen at another time`)
    return
  }
  const now = world.clock.now()
  holds(firstSeenAt <= now, () => `transfer ${id} was seen in the future`)
  if (txHash === null) return
  const key = `${chain} ${txHash}`
  const seen = world.firstSeen.get(key) ?? now
  const isRight = firstSeenAt.getTime() === Math.min(seen.getTime(), now.getTime()) || after.place.startsWith('native:')
  holds(isRight, () => `transfer ${id} was first seen ${seen.toISOString()}, not ${firstSeenAt.toISOString()}`)
  world.firstSeen.set(key, new Date(Math.min(firstSeenAt.getTime(), seen.getTime())))
}

/** Events of an object are numbered without a gap, and each goes to every endpoint that asked for it. */
function checkEvents(world: World, events: readonly EventRow[]): void {
  const deliveries = [...world.mirror.deliveries.values()]
  for (const event of events.toSorted((left, right) => left.sequence - right.sequence)) {
    const last = world.sequences.get(event.object)?.length ?? 0
    holds(event.sequence === last + 1, () => `event ${event.sequence} of ${event.object} follows ${last}`)
    world.sequences.set(event.object, [...(world.sequences.get(event.object) ?? []), event])
    for (const endpoint of world.endpoints) {
      if (
        endpoint.organizationId !== event.organization ||
        !endpoint.events.some(type => type === '*' || type === event.type)
      )
        continue
      const count = deliveries.filter(one => one.event === event.id && one.endpoint === endpoint.id).length
      holds(count === 1, () => `event ${event.type} of ${event.object} has ${count} deliveries to ${endpoint.id}`)
    }
  }
}

const LAST: Readonly<Record<string, readonly (string | undefined)[]>> = {
  open: [undefined, 'reverted', 'expired', 'incomplete'],
  complete: ['completed'],
  incomplete: ['incomplete', 'reverted'],
  expired: ['expired', 'reverted'],
}

/** Each transition was told, once, and none that did not happen. */
function checkTold(world: World, id: string): void {
  const { row } = known(world, id)
  const told = (world.sequences.get(id) ?? []).map(({ type }) => type.slice('checkout_session.'.length))
  const last = told.filter(type => ['completed', 'incomplete', 'expired', 'reverted'].includes(type)).at(-1)
  const count = (type: string) => told.filter(one => one === type).length
  holds(LAST[row.status]?.includes(last), () => `session ${id} is ${row.status}, and was last told to be ${last}`)
  const open = count('completed') - count('reverted')
  holds(open === (row.status === 'complete' ? 1 : 0), () => `session ${id} is ${row.status}, told: ${told.join(', ')}`)
  // What a reorg took is told only when it is given up: most of it comes back.
  const lasting = row.exceptions.filter(exception => exception !== 'reorged' && exception !== 'replaced')
  holds(lasting.length === 0 || count('exception') > 0, () => `the exceptions of session ${id} were not told`)
  const completed = told.indexOf('completed')
  if (completed >= 0) {
    holds(told.slice(0, completed).includes('processing'), () => `session ${id} was completed without being processed`)
  }
  const transfers = transfersOf(world, id)
  // A payment begins once, whatever blocks it moves through; coin without a transaction may be another payment in each.
  const payments = transfers.filter(
    (one, index) => one.txHash === null || transfers.findIndex(other => isSame(one, other)) === index,
  )
  const begun = count('processing')
  holds(begun <= payments.length, () => `session ${id} was told ${begun} times of ${payments.length} payments`)
  for (const stray of transfers) {
    if (stray.reason === null || stray.orphanedAt !== null) continue
    const names = transfers.filter(one => isSame(one, stray)).map(one => one.id)
    holds(
      names.some(name => world.sequences.has(name)),
      () => `unmatched transfer ${stray.id} was not told`,
    )
  }
}
