import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { transfersOf } from './checks.ts'
import { mine } from './network.ts'
import { deliver } from './operatorSteps.ts'
import { healProvider } from './provider.ts'
import { holds } from './violation.ts'
import { watchOn } from './watcher.ts'
import { recordedTip, type World } from './world.ts'

const MINUTE_MS = 60_000
/** Blocks of the 30 minutes in which everything that was paid becomes final, and how many are read at a time. */
const BLOCKS = 12
const READ_AT_ONCE = 4
const BETWEEN_BLOCKS_MS = 2.5 * MINUTE_MS
/** The longest time between blocks that is no halt, in which a chain would stand still and give open sessions more time. */
const UNDISTURBED_MS = 10 * MINUTE_MS - 1_000
const UNDISTURBED_MAX = 20
const STEPS_MAX = 2_000
const AGAIN_MAX = 3
const QUARANTINE_MS = 6 * 3_600_000

/**
 * Ends every fault and lets 30 virtual minutes pass, and then as long as deadlines and the pauses between deliveries last. Throws
 * when a payment is not in its right end state then, an event not delivered, or a session past its deadline open.
 */
export async function healAndSettle(world: World): Promise<void> {
  for (const chain of world.chains) {
    Object.assign(chain.network, { isHalted: false, isFinalityStalled: false })
    for (const provider of chain.providers) healProvider(provider)
  }
  for (const endpoint of world.endpoints) endpoint.answer = 'ok'
  for (let block = 0; block < BLOCKS; block += READ_AT_ONCE) await pass(world, BETWEEN_BLOCKS_MS, READ_AT_ONCE)
  checkPayments(world, chain => problemsOf(world, chain).every(problem => problem === null))
  const { sessions, deliveries } = world.mirror
  for (let left = UNDISTURBED_MAX; left > 0; ) {
    const open = [...sessions.values()].filter(({ isClosed }) => !isClosed).map(({ deadline }) => deadline.getTime())
    if (open.length === 0) break
    const blocks = Math.ceil(Math.max(1, (Math.max(...open) - world.clock.now().getTime()) / UNDISTURBED_MS))
    await pass(world, UNDISTURBED_MS, Math.min(blocks, left))
    left -= blocks
  }
  const retries = [...deliveries.values()].filter(({ status }) => status === 'pending').map(({ nextAt }) => nextAt)
  const waits = retries.map(time => (time?.getTime() ?? 0) - world.clock.now().getTime())
  await pass(world, Math.max(0, ...waits) + 1_000)
  // What needs the word of all waits for those who lied and are not believed yet.
  await pass(world, QUARANTINE_MS)
  // What is found only now, is final some blocks later.
  for (let block = 0; block === 0 || (block < BLOCKS && isPending(world)); block += READ_AT_ONCE) {
    await pass(world, MINUTE_MS, READ_AT_ONCE)
  }
  checkPayments(world, () => true)
  checkEnds(world)
  await world.mirror.compare()
}

/** So many blocks on each chain, each `ms` after the one before, which are read when the last is there, and what comes with that. */
async function pass(world: World, ms: number, blocks = 1): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    world.clock.advance(ms)
    for (const chain of world.chains) mine(chain.network, world.clock.now())
  }
  for (const chain of world.chains) {
    let last = await watchOn(world, chain, STEPS_MAX)
    // What it fetched before is gone with a reorg, or another has led that is gone, too: it begins anew.
    for (let again = 0; (last === 'failed' || last === 'deposed') && again < AGAIN_MAX; again++) {
      last = await watchOn(world, chain, STEPS_MAX)
    }
    holds(last === 'idle', () => `watching came to: ${last} (${chain.watcher.error}); ${describe(world, chain.id)}`)
  }
  await closeDueSessions(world.ctx, 500)
  await deliver(world, 1_000)
  await world.check()
}

/** Everything that was paid is read and, on chains that are well, final. */
function checkPayments(world: World, isWell: (chain: number) => boolean): void {
  for (const chain of world.chains) {
    const tip = recordedTip(world, chain)
    holds(tip === chain.network.tip, () => `chain ${chain.id} is not read to its end`)
  }
  for (const { id, chain, orphanedAt, postedAt } of world.mirror.transfers.values()) {
    holds(
      orphanedAt !== null || postedAt !== null || !isWell(chain),
      () => `transfer ${id} is never posted; ${describe(world, chain)}`,
    )
  }
}

/** Whether there is a payment that more blocks would make final. */
function isPending(world: World): boolean {
  return [...world.mirror.transfers.values()].some(
    ({ orphanedAt, postedAt }) => orphanedAt === null && postedAt === null,
  )
}

/** Everything has come to its end. */
function checkEnds(world: World): void {
  for (const { id, isClosed, status, intent } of world.mirror.sessions.values()) {
    holds(isClosed, () => `session ${id} is past its deadline and still not closed`)
    const isOver = status !== 'open' && intent !== 'processing'
    holds(isOver || transfersOf(world, id).length > 0, () => `session ${id} is ${status} and ${intent} at the end`)
  }
  for (const delivery of world.mirror.deliveries.values()) {
    holds(delivery.status !== 'pending', () => `event ${delivery.event} is never delivered to ${delivery.endpoint}`)
    const endpoint = world.endpoints.find(({ id }) => id === delivery.endpoint)
    const isKnown = delivery.status !== 'succeeded' || endpoint?.acknowledged.has(delivery.event)
    holds(isKnown, () => `event ${delivery.event} counts as delivered, and ${delivery.endpoint} never had it`)
  }
}

function problemsOf(world: World, chainId: number): (string | null)[] {
  return (world.ctx.nodes.get(chainId)?.providers() ?? []).map(({ problem }) => problem)
}

function describe(world: World, chainId: number): string {
  const states = world.ctx.nodes.get(chainId)?.providers() ?? []
  const cursor = world.mirror.cursors.get(chainId)
  return `chain ${chainId}, read up to ${cursor?.number}: ${states.map(({ name, problem }) => `${name} ${problem ?? 'is fine'}`)}`
}
