import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buggyText, hunt } from './huntBugs.ts'
import { PLANTED_BUGS } from './plantedBugs.ts'
import { regressionSeeds } from './regressions.ts'
import { type Runners, startRunners } from './runSeeds.ts'
import type { Report } from './seedProcess.ts'
import { STEP_KINDS } from './steps.ts'

const STEPS = 200
const SEEDS = 300
/** Each test has its own time limit, which a machine that is busy with other things must not reach. */
const SEEDS_OF_A_TEST = 50
/** What runs beside this file leaves no more than two cores. */
const PROCESSES = 2
const SEEN_AT_ONCE = ['payments are posted at once', 'a lost payment is not reversed', 'what is taken back is not told']

let runners: Runners

before(() => {
  runners = startRunners(PROCESSES)
})

after(async () => {
  await runners.stop()
})

function run(seed: number): Promise<Report> {
  return runners.run({ seed, count: STEPS, kept: null })
}

/** What broke, with what it takes to see it again. */
async function failuresOf(seeds: readonly number[]): Promise<string[]> {
  const reports = await Promise.all(seeds.map(run))
  return reports.flatMap(({ task, outcome: { failure } }) =>
    failure === null ? [] : `npm run sim -- --from ${task.seed} --seeds 1: step ${failure.step}, ${failure.message}`,
  )
}

test('D1.2: actors do more than 40 different things', () => {
  assert.ok(STEP_KINDS >= 40, `${STEP_KINDS} kinds of steps`)
})

test('D1.5: no seed that once failed fails again', async () => {
  assert.deepEqual(await failuresOf(regressionSeeds()), [])
})

test('D1.4: a seed that is run again leaves the same trace, in whatever order rows come that none is asked for', async () => {
  for (const seed of [1, 10, 101]) {
    const task = { seed, count: STEPS, kept: null }
    const [one, other] = await Promise.all([runners.run(task), runners.run({ ...task, isReversed: true })])
    assert.equal(one.outcome.hash, other.outcome.hash, `seed ${seed}`)
  }
})

for (let first = 1; first <= SEEDS; first += SEEDS_OF_A_TEST) {
  const seeds = Array.from({ length: SEEDS_OF_A_TEST }, (_, index) => first + index)
  test(`D1.3, D1.5: seeds ${first} to ${seeds.at(-1)} break nothing, and all that was paid comes to its right end`, async () => {
    assert.deepEqual(await failuresOf(seeds), [])
  })
}

test('D1.6: every planted bug changes the program as it is', () => {
  for (const bug of PLANTED_BUGS) assert.doesNotThrow(() => buggyText(bug))
})

for (const name of SEEN_AT_ONCE) {
  test(`D1.6: the simulation sees it when ${name}`, async () => {
    const bug = PLANTED_BUGS.find(one => one.name === name)
    assert.ok(bug)
    assert.notEqual(await hunt(bug, { seedsMax: 10, processes: 1 }), null)
  })
}
