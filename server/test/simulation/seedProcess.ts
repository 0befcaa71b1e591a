import { openGround } from './ground.ts'
import { type Outcome, simulate } from './simulate.ts'
import { planOf, type Step } from './steps.ts'

/** A run that is asked for: the steps of a seed, or those of them that are left; `isReversed` as `Sent` has it. */
export type Task = { seed: number; count: number; kept: readonly number[] | null; isReversed?: boolean }

/** What came of a task, and how long it took. */
export type Report = { task: Task; outcome: Outcome; ms: number }

/** The steps of a task: all of its seed's, or those at the kept places. */
export function stepsOf({ seed, count, kept }: Task): Step[] {
  const plan = planOf(seed, count)
  return kept === null ? plan : kept.flatMap(index => plan[index] ?? [])
}

/** Runs the tasks that the parent process sends, one after the other, and answers each with a `Report`, until it disconnects. */
async function main(): Promise<void> {
  const { ground, clear, close } = await openGround()
  let queue = Promise.resolve()
  process.on('message', (task: Task) => {
    queue = queue.then(async () => {
      const startedAt = performance.now()
      await clear({ isReversed: task.isReversed ?? false })
      const outcome = await simulate(ground, task.seed, stepsOf(task))
      process.send?.({ task, outcome, ms: performance.now() - startedAt } satisfies Report)
    })
  })
  process.on('disconnect', () => void queue.then(close))
}

if (import.meta.main) await main()
