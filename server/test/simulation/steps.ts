import { MERCHANT_STEPS } from './merchantSteps.ts'
import { NETWORK_STEPS } from './networkSteps.ts'
import { OPERATOR_STEPS } from './operatorSteps.ts'
import { PAYER_STEPS } from './payerSteps.ts'
import { randomOf } from './random.ts'
import type { World } from './world.ts'

/** Something that an actor does, and how often; it tells in a few words what came of it. */
export type StepTable = Record<string, { weight: number; run: (world: World) => string | Promise<string> }>

/** One step of a run: what is done, and the seed of all chance in it, so that it stays what it is when others are cut. */
export type Step = { name: string; seed: number }

const STEPS: StepTable = { ...MERCHANT_STEPS, ...PAYER_STEPS, ...NETWORK_STEPS, ...OPERATOR_STEPS }
const NAMES = Object.entries(STEPS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name))

/** How many different things actors can do. */
export const STEP_KINDS = Object.keys(STEPS).length

/** The `count` steps of a seed. */
export function planOf(seed: number, count: number): Step[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, () => ({ name: random.pick(NAMES), seed: random.below(2 ** 32) }))
}

/** Makes the step; what it threw is a violation unless the step expects it. */
export async function runStep(world: World, { name, seed }: Step): Promise<string> {
  world.random = randomOf(seed)
  const step = STEPS[name]
  if (step === undefined) throw new Error(`there is no step ${name}`)
  return await step.run(world)
}
