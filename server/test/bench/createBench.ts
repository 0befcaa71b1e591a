import { readFileSync } from 'node:fs'
import type { BenchWorld } from './benchWorld.ts'
import { type LoadProcess, type LoadResult, type LoadRound, startLoad } from './loadProcess.ts'
import type { Row } from './report.ts'
import { median, percentile } from './statistics.ts'

const ROUNDS = 5
const CONNECTIONS = 16
const WARM_UP: LoadRound = { requests: 2_000, connections: CONNECTIONS, isOnce: false }
const REQUESTS = 2_000
const ONE_LINE = readFileSync(new URL('../contract/create-checkout-session.request.json', import.meta.url), 'utf8')

const LINES = 20
const MANY_LINES = JSON.stringify({
  successUrl: 'https://example.com/',
  lineItems: Array.from({ length: LINES }, (_, line) => ({
    priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: `Product ${line}` } },
  })),
})

/** The process that creates sessions over HTTP, all by the request of the reference exchange unless told. */
export function startHttpLoad({ description: { apiUrl, apiKey } }: BenchWorld, body = ONE_LINE): LoadProcess {
  return startLoad('httpLoad.ts', { apiUrl, apiKey, paths: ['/checkout/sessions'], body })
}

/**
 * Sessions created over HTTP, against the driver alone that runs the same statements with parameters made beforehand on the
 * same database; the two take turns.
 */
export async function benchCreate(world: BenchWorld): Promise<Row[]> {
  return [...(await benchBody(world, ONE_LINE)), ...(await benchLines(world))]
}

async function benchBody(world: BenchWorld, body: string): Promise<Row[]> {
  return await against(world, body, async (http, bare) => {
    await http.run(WARM_UP)
    await http.run({ ...WARM_UP, requests: 500, isOnce: true })
    await bare.run({ ...WARM_UP, requests: 500 })
    const plain = await takeTurns(http, bare, { isOnce: false })
    const once = await takeTurns(http, bare, { isOnce: true })
    return [...createRows('', plain), ...createRows(' with Idempotency-Key', once)]
  })
}

async function benchLines(world: BenchWorld): Promise<Row[]> {
  return await against(world, MANY_LINES, async (http, bare) => {
    await http.run({ ...WARM_UP, requests: 500 })
    await bare.run({ ...WARM_UP, requests: 200 })
    return createRows(` of ${LINES} lines`, await takeTurns(http, bare, { requests: 500 }))
  })
}

async function against(
  world: BenchWorld,
  body: string,
  run: (http: LoadProcess, bare: LoadProcess) => Promise<Row[]>,
): Promise<Row[]> {
  const { databaseUrl, apiKey } = world.description
  const http = startHttpLoad(world, body)
  const bare = startLoad('insertLoad.ts', { databaseUrl, apiKey, body })
  try {
    return await run(http, bare)
  } finally {
    await Promise.all([http.stop(), bare.stop()])
  }
}

function createRows(name: string, turns: Turns): Row[] {
  const names = { section: 'create', rate: `sessions${name} created`, time: `time of one${name}` }
  return turnRows(names, turns, { of: 'ratio', atLeast: 0.5 })
}

/** Rounds of the API and of its floor, which took turns. */
export type Turns = { http: LoadResult[]; bare: LoadResult[] }

/** Runs rounds of the two in turns: by 16 connections. */
export async function takeTurns(
  http: LoadProcess,
  bare: LoadProcess,
  changes: Partial<LoadRound> = {},
): Promise<Turns> {
  const round = { requests: REQUESTS, connections: CONNECTIONS, isOnce: false, ...changes }
  const turns: Turns = { http: [], bare: [] }
  for (let turn = 0; turn < ROUNDS; turn++) {
    turns.http.push(await http.run(round))
    turns.bare.push(await bare.run(round))
  }
  return turns
}

/** How many a second, and how long each took: `rate` and `time` name the two. */
export function turnRows(
  { section, rate, time }: { section: string; rate: string; time: string },
  { http, bare }: Turns,
  aim: Row['aim'],
): Row[] {
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
  const shared = { section, ratio: null, aim: null }
  return [
    {
      ...shared,
      measure: rate,
      unit: '1/s',
      value: median(http.map(perS)),
      floor: median(bare.map(perS)),
      ratio: median(ratios),
      aim,
    },
    ...[0.5, 0.95].map(p => ({
      ...shared,
      measure: `${time}, p${p * 100}`,
      unit: 'ms',
      value: latency(p, http),
      floor: latency(p, bare),
    })),
  ]
}
