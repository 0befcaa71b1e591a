import { createHash } from 'node:crypto'
import { healAndSettle } from './heal.ts'
import { runStep, type Step } from './steps.ts'
import { createWorld, type Ground } from './world.ts'

/** What came of a run: the hash of all that happened, and what broke, at which step (past the last: while healing). */
export type Outcome = { hash: string; failure: { step: number; message: string; trace: string[] } | null }

const TAIL = 60

/** Runs these steps in a world of their own, with every check after each of them, and lets it heal. The ground must be fresh. */
export async function simulate(ground: Ground, seed: number, steps: readonly Step[]): Promise<Outcome> {
  const world = await createWorld(ground, seed)
  const hash = createHash('sha256')
  let at = 0
  const outcome = (failure: Outcome['failure']) => {
    for (const line of world.trace) hash.update(`${line}\n`)
    return { hash: hash.digest('hex'), failure }
  }
  try {
    await world.check()
    for (const step of steps) {
      const note = await runStep(world, step)
      const time = world.clock.now().toISOString()
      world.trace.push(`${at} ${step.name} ${time}: ${note}`)
      await world.check()
      at += 1
    }
    await healAndSettle(world)
    return outcome(null)
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const begun = steps[at] === undefined ? 'healing' : `${at} ${steps[at]?.name} (under way)`
    return outcome({ step: at, message, trace: [...world.trace, begun].slice(-TAIL) })
  }
}
