import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { descendants } from '../harness/processTree.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import { type BenchWorld, createUnpaidSession, openPayer, payInFull, startBenchWorld } from './benchWorld.ts'
import { startHttpLoad } from './createBench.ts'
import type { Row } from './report.ts'
import { median } from './statistics.ts'

const STARTS = 3
const SESSIONS = 10_000
const BLOCKS = 2_000
const BLOCKS_PER_PAYMENT = 40
const SETTLE_MS = 5_000
const IDLE_MS = 10_000

/** How long the test world takes to start, what it does when nobody asks anything, and what memory the server takes. */
export async function benchFootprint(): Promise<Row[]> {
  const startsMs: number[] = []
  let world = await startBenchWorld()
  startsMs.push(world.startMs)
  while (startsMs.length < STARTS) {
    await world.stop()
    world = await startBenchWorld()
    startsMs.push(world.startMs)
  }
  try {
    await wait(SETTLE_MS)
    const rows = [row('start of the test world, first data', 'ms', median(startsMs))]
    const [server, family] = await idlePercent(world.pid)
    rows.push(row('processor time when idle, server', '%', server))
    rows.push(row('processor time when idle, with its database and chain', '%', family))
    rows.push(row('memory of the server after the start', 'MB', residentMb(world.pid)))
    const http = startHttpLoad(world)
    await http.run({ requests: SESSIONS, connections: 16, isOnce: false })
    await http.stop()
    rows.push(row(`memory of the server after ${SESSIONS} sessions`, 'MB', residentMb(world.pid)))
    await catchUp(world)
    rows.push(row(`memory of the server after ${BLOCKS} blocks`, 'MB', residentMb(world.pid)))
    return rows
  } finally {
    await world.stop()
  }
}

function row(measure: string, unit: string, value: number): Row {
  return { section: 'footprint', measure, unit, value, floor: null, ratio: null, aim: null }
}

async function catchUp(world: BenchWorld): Promise<void> {
  const payer = await openPayer(world)
  for (let mined = 0; mined < BLOCKS; mined += BLOCKS_PER_PAYMENT) {
    await payInFull(world, payer, await createUnpaidSession(world))
    await world.client.request({ method: 'anvil_mine', params: [`0x${BLOCKS_PER_PAYMENT.toString(16)}`] } as never)
  }
  const head = await world.client.getBlockNumber({ cacheTime: 0 })
  const database = new pg.Client({ connectionString: world.description.databaseUrl })
  await database.connect()
  await waitUntil(
    `block ${head} is recorded`,
    async () => {
      const { rows } = await database.query<{ number: string }>('select number from cursors')
      return BigInt(rows[0]?.number ?? 0) >= head
    },
    { timeoutMs: 60_000 },
  )
  await database.end()
}

function residentMb(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(kilobytes) / 1024
}

/** The share of one core that a process takes while nothing is asked of it, alone and with its children; NaN and 0 where there is no /proc. */
async function idlePercent(pid: number): Promise<[number, number]> {
  const pids = [pid, ...descendants(pid)]
  const before = pids.map(cpuSeconds)
  const beganAt = performance.now()
  await wait(IDLE_MS)
  const seconds = (performance.now() - beganAt) / 1_000
  const used = pids.map((each, index) => cpuSeconds(each) - (before[index] ?? 0))
  // A process that ended in between counts for nothing.
  const total = used.reduce((sum, each) => sum + (Number.isNaN(each) ? 0 : each), 0)
  return [((used[0] ?? Number.NaN) / seconds) * 100, (total / seconds) * 100]
}

const TICKS_PER_S = 100

function cpuSeconds(pid: number): number {
  try {
    // The fields after the name, which may hold spaces: user and system time are the 12th and the 13th (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
  } catch {
    return Number.NaN
  }
}
