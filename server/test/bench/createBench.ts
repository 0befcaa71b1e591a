import { readFileSync } from 'node:fs'
import type { BenchWorld } from './benchWorld.ts'
import { type LoadProcess, type LoadResult, type LoadRound, startLoad } from './loadProcess.ts'
import type { Row } from './report.ts'
import { median, percentile } from './statistics.ts'

const ROUNDS = 5
const CONNECTIONS = 16
const WARM_UP: LoadRound = { requests: 2_000, connections: CONNECTIONS, isOnce: false }
const REQUESTS = 2_000
const BODY = readFileSync(new URL('../contract/create-checkout-session.request.json', import.meta.url), 'utf8')

/** The process that creates sessions over HTTP, all by the request of the reference exchange. */
export function startHttpLoad({ description: { apiUrl, apiKey } }: BenchWorld): LoadProcess {
  return startLoad('httpLoad.ts', { apiUrl, apiKey, body: BODY })
}

/**
 * Sessions created over HTTP, against the driver alone that runs the same statements with parameters made beforehand on the
 * same database; the two take turns.
 */
export async function benchCreate(world: BenchWorld): Promise<Row[]> {
  const http = startHttpLoad(world)
  const { databaseUrl, apiKey } = world.description
  const bare = startLoad('insertLoad.ts', { databaseUrl, apiKey, body: BODY })
  try {
    await http.run(WARM_UP)
    await http.run({ ...WARM_UP, requests: 500, isOnce: true })
    await bare.run({ ...WARM_UP, requests: 500 })
    const plain = await takeTurns(http, bare, false)
    const once = await takeTurns(http, bare, true)
    return [...rows('', plain), ...rows(' with Idempotency-Key', once)]
  } finally {
    await Promise.all([http.stop(), bare.stop()])
  }
}

type Turns = { http: LoadResult[]; bare: LoadResult[] }

async function takeTurns(http: LoadProcess, bare: LoadProcess, isOnce: boolean): Promise<Turns> {
  const round = { requests: REQUESTS, connections: CONNECTIONS, isOnce }
  const turns: Turns = { http: [], bare: [] }
  for (let turn = 0; turn < ROUNDS; turn++) {
    turns.http.push(await http.run(round))
    turns.bare.push(await bare.run(round))
  }
  return turns
}

function rows(name: string, { http, bare }: Turns): Row[] {
  const perS = (result: LoadResult) => result.latenciesMs.length / result.seconds
  const ratios = http.map((result, turn) => {
    const floor = bare[turn]
    return floor === undefined ? Number.NaN : perS(result) / perS(floor)
  })
  const latency = (p: number, results: LoadResult[]) =>
    percentile(
      results.flatMap(({ latenciesMs }) => latenciesMs),
      p,
    )
  const shared = { section: 'create', ratio: null, aim: null }
  return [
    {
      ...shared,
      measure: `sessions created${name}`,
      unit: '1/s',
      value: median(http.map(perS)),
      floor: median(bare.map(perS)),
      ratio: median(ratios),
      aim: { of: 'ratio', atLeast: 0.5 },
    },
    ...[0.5, 0.95].map(p => ({
      ...shared,
      measure: `time of one${name}, p${p * 100}`,
      unit: 'ms',
      value: latency(p, http),
      floor: latency(p, bare),
    })),
  ]
}
