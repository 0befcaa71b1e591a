import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { deliverWebhook } from '../../src/workers/deliverWebhook.ts'
import { CrashError } from './crashes.ts'
import { mine } from './network.ts'
import type { StepTable } from './steps.ts'
import { ViolationError } from './violation.ts'
import { endWatcher, type Watcher, watchOn, watchStep } from './watcher.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000

async function watchSome(world: World, steps: number): Promise<string> {
  const chain = world.random.pick(world.chains)
  return `${chain.id} ${await watchOn(world, chain, steps)}`
}

async function watchAll(world: World, steps: number): Promise<string> {
  const results: string[] = []
  for (const chain of world.chains) results.push(await watchOn(world, chain, steps))
  return results.join(' ')
}

/** The process dies at one of the next transactions: while watching, closing or delivering. */
async function crash(world: World, kind: 'before_commit' | 'after_commit' | 'deadlock'): Promise<string> {
  world.crashes.next = { in: world.random.below(3), kind }
  const task = world.random.below(4)
  let result: string
  try {
    if (task === 0) result = `${await closeDueSessions(world.ctx, 50)} closed`
    else if (task === 1) result = await deliver(world, 3)
    else result = await watchSome(world, 6)
  } catch (error) {
    if (!(error instanceof CrashError)) throw error
    result = 'crashed'
  }
  world.crashes.next = null
  return result
}

/** A second process takes the lead; the first wakes up later and must not write. */
async function depose(world: World): Promise<string> {
  const chain = world.random.pick(world.chains)
  const old = chain.watcher
  if (old.reading === null || old.isStopped) return 'nothing'
  const next: Watcher = { reading: null, ended: null, isStopped: false, error: null }
  const taken = await watchStep(world, chain, next)
  if (next.reading === null) return `${chain.id} ${taken}`
  await world.check()
  // Where the second one found nothing new, the first one finds a block that follows on what it knows.
  if (taken === 'idle') mine(chain.network, world.clock.now())
  const before = world.mirror.cursors.get(chain.id)
  const woken = await watchStep(world, chain, old)
  await world.check()
  const after = world.mirror.cursors.get(chain.id)
  if (before?.hash !== after?.hash) throw new ViolationError(`a deposed watcher moved the cursor of chain ${chain.id}`)
  endWatcher(old)
  Object.assign(old, next)
  return `${chain.id} ${taken}, the old one ${woken}`
}

/** Works on up to `limit` of the deliveries that are due by the virtual clock and have a job. */
export async function deliver(world: World, limit: number): Promise<string> {
  const due = await world.dueJobs(world.clock.now(), limit)
  for (const { delivery } of due) {
    await deliverWebhook(world.ctx, delivery, { signal: new AbortController().signal, wallClock: world.clock })
  }
  await world.finishJobs(due.map(({ job }) => job))
  return `${due.length} delivered`
}

function jump(world: World, ms: number): string {
  world.clock.advance(ms)
  return world.clock.now().toISOString()
}

/** What the program does by itself, what operators do to it, and time. */
export const OPERATOR_STEPS = {
  watch_a_step: { weight: 20, run: world => watchSome(world, 1) },
  watch_a_chain: { weight: 20, run: world => watchSome(world, 10) },
  watch_all_chains: { weight: 25, run: world => watchAll(world, 6) },
  crash_before_commit: { weight: 3, run: world => crash(world, 'before_commit') },
  crash_after_commit: { weight: 3, run: world => crash(world, 'after_commit') },
  deadlock: { weight: 2, run: world => crash(world, 'deadlock') },
  second_watcher: { weight: 2, run: depose },
  restart_watchers: {
    weight: 2,
    run: world => {
      for (const { watcher } of world.chains) endWatcher(watcher)
      return ''
    },
  },
  close_sessions: { weight: 8, run: async world => `${await closeDueSessions(world.ctx, 50)} closed` },
  deliver_some: { weight: 6, run: world => deliver(world, 5) },
  deliver_all: { weight: 2, run: world => deliver(world, 100) },
  wait_a_second: { weight: 6, run: world => jump(world, 1_000) },
  wait_minutes: { weight: 6, run: world => jump(world, world.random.between(1, 10) * MINUTE_MS) },
  wait_an_hour: { weight: 2, run: world => jump(world, 60 * MINUTE_MS) },
  clock_goes_back: { weight: 1, run: world => jump(world, -world.random.between(1, 120) * 1_000) },
} satisfies StepTable
