import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type BenchWorld, startBenchWorld } from './benchWorld.ts'
import { benchBlock } from './blockBench.ts'
import { benchCatchUp } from './catchUpBench.ts'
import { benchCreate } from './createBench.ts'
import { benchDashboard } from './dashboardBench.ts'
import { benchFootprint } from './footprintBench.ts'
import { benchLists } from './listBench.ts'
import { describeMachine } from './machine.ts'
import { benchPage } from './pageBench.ts'
import { formatReport, isMet, type Row } from './report.ts'
import { benchStorm } from './stormBench.ts'
import { benchSweepGas } from './sweepGasBench.ts'
import { benchViewers } from './viewersBench.ts'
import { benchWalls } from './wallsBench.ts'
import { benchWebhook } from './webhookBench.ts'

const SECTIONS: Readonly<Record<string, () => Promise<Row[]>>> = {
  create: () => inWorld(benchCreate),
  lists: () => inWorld(benchLists),
  webhook: () => inWorld(benchWebhook),
  'catch-up': benchCatchUp,
  block: benchBlock,
  storm: benchStorm,
  viewers: benchViewers,
  page: () => inWorld(benchPage),
  dashboard: () => inWorld(benchDashboard),
  walls: () => inWorld(benchWalls),
  'sweep-gas': benchSweepGas,
  footprint: benchFootprint,
}

const USAGE = `npm run bench -- [section ...] [--json FILE]

  sections  ${Object.keys(SECTIONS).join(', ')}; all of them unless named
  --json    writes the figures to FILE, too
`

async function inWorld(bench: (world: BenchWorld) => Promise<Row[]>): Promise<Row[]> {
  const world = await startBenchWorld()
  try {
    return await bench(world)
  } finally {
    await world.stop()
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
  const names = positionals.length === 0 ? Object.keys(SECTIONS) : positionals
  if (names.some(name => !(name in SECTIONS))) {
    process.stderr.write(USAGE)
    process.exitCode = 64
    return
  }
  const machine = describeMachine()
  const rows: Row[] = []
  for (const name of names) {
    process.stderr.write(`${name} …\n`)
    rows.push(...((await SECTIONS[name]?.()) ?? []))
  }
  process.stdout.write(formatReport(machine, rows))
  if (values.json === undefined) return
  const figures = { machine, rows: rows.map(row => ({ ...row, isMet: isMet(row) })) }
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
}

await main()
