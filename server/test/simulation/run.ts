import { parseArgs } from 'node:util'
import { globalSetup, globalTeardown } from '../harness/globalSetup.ts'
import { huntBugs } from './huntBugs.ts'
import { keepSeed, regressionSeeds } from './regressions.ts'
import { type Runners, startRunners } from './runSeeds.ts'
import type { Report } from './seedProcess.ts'
import { shrink } from './shrink.ts'
import { STEP_KINDS } from './steps.ts'

const USAGE = `npm run sim -- [--seeds N] [--from SEED] [--steps N] [--processes N] [--bugs]

  --seeds      how many seeds, after those that once failed; 300 unless told
  --from       the first seed, 1 unless told; a single seed is --from SEED --seeds 1
  --steps      steps of a seed, 200 unless told
  --processes  how many run at the same time, 2 unless told
  --bugs       plants known bugs into a copy of the program, and tells how many seeds it takes to find each
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '200' },
      processes: { type: 'string', default: '2' },
      bugs: { type: 'boolean', default: false },
    },
  })
  const [count, from, steps, processes] = [values.seeds, values.from, values.steps, values.processes].map(Number)
  if (!(Number(count) > 0 && Number(from) >= 0 && Number(steps) > 0 && Number(processes) > 0)) {
    process.stderr.write(USAGE)
    process.exitCode = 64
    return
  }
  await globalSetup()
  try {
    const isGood = values.bugs
      ? await huntBugs({ seedsMax: 500, processes: Number(processes) })
      : await runAll(Number(from), Number(count), Number(steps), Number(processes))
    if (!isGood) process.exitCode = 1
  } finally {
    await globalTeardown()
  }
}

async function runAll(from: number, count: number, steps: number, processes: number): Promise<boolean> {
  const runners = startRunners(processes)
  const startedAt = performance.now()
  const seeds = [...(count > 1 ? regressionSeeds() : []), ...Array.from({ length: count }, (_, index) => from + index)]
  const failed: Report[] = []
  let slowest = 0
  try {
    await Promise.all(
      seeds.map(async seed => {
        const report = await runners.run({ seed, count: steps, kept: null })
        slowest = Math.max(slowest, report.ms)
        if (report.outcome.failure !== null) failed.push(report)
        else if (count === 1) process.stdout.write(`seed ${seed}: ${report.outcome.hash}\n`)
      }),
    )
    for (const report of failed.slice(0, 3)) await tell(runners, report)
  } finally {
    await runners.stop()
  }
  const seconds = (performance.now() - startedAt) / 1000
  process.stdout.write(
    `${seeds.length} seeds of ${steps} steps (${STEP_KINDS} kinds) in ${seconds.toFixed(1)} s, ` +
      `the slowest in ${Math.round(slowest)} ms; failed: ${failed.map(({ task }) => task.seed).join(', ') || 'none'}\n`,
  )
  return failed.length === 0
}

/** Prints a failing seed, keeps it, and prints it again with as few steps as break it. */
async function tell(runners: Runners, report: Report): Promise<void> {
  const { seed } = report.task
  keepSeed(seed, report.outcome.failure?.message ?? '')
  process.stdout.write(`seed ${seed}, step ${report.outcome.failure?.step}: ${report.outcome.failure?.message}\n`)
  const small = await shrink(runners, report)
  process.stdout.write(`with ${small.task.kept?.length ?? 'all'} steps: ${small.outcome.failure?.message}\n`)
  process.stdout.write(`${small.outcome.failure?.trace.join('\n')}\n\n`)
}

await main()
