import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PLANTED_BUGS, type PlantedBug } from './plantedBugs.ts'
import { startRunners } from './runSeeds.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const COPIED = [
  'package.json',
  'server/package.json',
  'server/src',
  'server/migrations',
  'server/test/harness',
  'server/test/simulation',
]
const STEPS = 200

/** How a bug was found: by which of the seeds, counted from 1, and what broke; null where none of them broke. */
export type Found = { bug: PlantedBug; after: number; message: string } | null

/** The bug's file with the bug in it. Throws where the text to replace is not there exactly once. */
export function buggyText({ name, file, find, replace }: PlantedBug): string {
  const parts = readFileSync(join(ROOT, 'server', file), 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`${name}: the text is ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}

/** A copy of the program with one bug in it; removed by `remove`. */
function plant(bug: PlantedBug): { server: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  for (const path of COPIED) cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'server', bug.file), buggyText(bug))
  return { server: join(folder, 'server'), remove: () => rmSync(folder, { recursive: true }) }
}

/** Runs seeds from 1 on against a copy with the bug until one fails, at most `seedsMax`. */
export async function hunt(bug: PlantedBug, options: { seedsMax: number; processes: number }): Promise<Found> {
  const { server, remove } = plant(bug)
  const runners = startRunners(options.processes, server)
  try {
    for (let seed = 1; seed <= options.seedsMax; seed += options.processes) {
      const seeds = Array.from({ length: options.processes }, (_, index) => seed + index)
      const reports = await Promise.all(seeds.map(each => runners.run({ seed: each, count: STEPS, kept: null })))
      const failed = reports.find(({ outcome }) => outcome.failure !== null)
      if (failed?.outcome.failure) return { bug, after: failed.task.seed, message: failed.outcome.failure.message }
    }
    return null
  } finally {
    await runners.stop()
    remove()
  }
}

/** Hunts every bug and prints how it was found; whether all were. */
export async function huntBugs(options: { seedsMax: number; processes: number }): Promise<boolean> {
  let found = 0
  for (const bug of PLANTED_BUGS) {
    const result = await hunt(bug, options)
    if (result !== null) found += 1
    const how = result === null ? 'NOT FOUND' : `found by seed ${result.after}: ${result.message.split('\n')[0]}`
    process.stdout.write(`${bug.name}: ${how}\n`)
  }
  process.stdout.write(`${found} of ${PLANTED_BUGS.length} planted bugs found\n`)
  return found === PLANTED_BUGS.length
}
