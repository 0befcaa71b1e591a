import { closeContext } from '../../src/openContext.ts'
import { type FilledLists, openFilledLists } from '../lists/filledLists.ts'
import { openBenchContext } from './benchContext.ts'
import type { BenchWorld } from './benchWorld.ts'
import { takeTurns, turnRows } from './createBench.ts'
import { startLoad } from './loadProcess.ts'
import type { Row } from './report.ts'
import { percentile } from './statistics.ts'

const ROWS = 1_000_000
const BATCH = 50_000
const PAGES = 200
/** The tables that the lists below are read from. */
const TABLES = [
  'products',
  'prices',
  'checkout_sessions',
  'line_items',
  'payment_intents',
  'session_assets',
  'deposit_addresses',
]

/**
 * Pages of lists over HTTP in an organization with a million rows of each kind, and how many sessions and pages a second the API reads,
 * against the driver alone that runs the same statements on the same database.
 */
export async function benchLists(world: BenchWorld): Promise<Row[]> {
  const { ctx } = await openBenchContext(world.description.databaseUrl, world.description.apiKey)
  try {
    const lists = await openFilledLists(ctx, ROWS)
    for (let from = 1; from <= ROWS; from += BATCH) await lists.fill(from, from + BATCH - 1, TABLES)
    await ctx.db.owner.query('vacuum analyze')
    const pages: Row[] = []
    for (const [name, paths] of Object.entries(pagesOf(lists)))
      pages.push(...(await benchPage(world, lists, name, paths)))
    const one = spread(1_000).map(n => `/checkout/sessions/${lists.idOf('session', n)}`)
    const twenty = spread(100).map(n => `/checkout/sessions?limit=20&startingAfter=${lists.idOf('session', n)}`)
    return [
      ...pages,
      ...(await benchReads(world, lists, { rate: 'sessions read', time: 'time of one' }, one)),
      ...(await benchReads(world, lists, { rate: 'pages of 20 sessions read', time: 'time of a page' }, twenty)),
    ]
  } finally {
    await closeContext(ctx)
  }
}

/** So many row numbers, spread over all but the oldest, of which some are deleted. */
function spread(count: number): number[] {
  return Array.from({ length: count }, (_, place) => ROWS - Math.floor((place * (ROWS - 25_000)) / count))
}

/** The pages of 20 by their names; each is asked for in turn. Few matches are 15, the oldest of all. */
function pagesOf({ idOf, timeOf }: FilledLists): Record<string, string[]> {
  const deep = (path: string, kind: 'session' | 'product' | 'intent') =>
    spread(100).map(n => `${path}?limit=20&startingAfter=${idOf(kind, n)}`)
  return {
    'sessions, the first page': ['/checkout/sessions?limit=20'],
    'sessions, the first page of 200': ['/checkout/sessions'],
    'sessions, startingAfter': deep('/checkout/sessions', 'session'),
    'sessions, few of a status': ['/checkout/sessions?limit=20&status=incomplete'],
    'sessions, unpaid': ['/checkout/sessions?limit=20&paymentStatus=unpaid'],
    'sessions, few of a customer': [`/checkout/sessions?limit=20&customerId=${idOf('customer', 1)}`],
    'sessions, an old minute': [`/checkout/sessions?limit=20&createdAt[lt]=${timeOf(60)}`],
    'payment intents, startingAfter': deep('/payment-intents', 'intent'),
    'payment intents, few of a status': ['/payment-intents?limit=20&status=processing'],
    'products, startingAfter': deep('/products', 'product'),
    'products, few with a price in a currency': ['/products?limit=20&priceCurrency=eur'],
    'prices, few that are inactive': ['/prices?limit=20&isActive=false'],
  }
}

async function benchPage(world: BenchWorld, { api }: FilledLists, name: string, paths: string[]): Promise<Row[]> {
  const http = startLoad('httpLoad.ts', { apiUrl: world.description.apiUrl, apiKey: api.key, paths, body: null })
  try {
    const round = { connections: 1, isOnce: false }
    await http.run({ ...round, requests: 20 })
    const { latenciesMs } = await http.run({ ...round, requests: PAGES })
    const shared = { section: 'lists', unit: 'ms', floor: null, ratio: null }
    return [0.5, 0.95].map(p => ({
      ...shared,
      measure: `${name}, p${p * 100}`,
      value: percentile(latenciesMs, p),
      aim: p === 0.95 ? { of: 'value', below: 50 } : null,
    }))
  } finally {
    await http.stop()
  }
}

async function benchReads(
  world: BenchWorld,
  { api }: FilledLists,
  names: { rate: string; time: string },
  paths: string[],
): Promise<Row[]> {
  const { apiUrl, databaseUrl } = world.description
  const http = startLoad('httpLoad.ts', { apiUrl, apiKey: api.key, paths, body: null })
  const bare = startLoad('queryLoad.ts', { databaseUrl, apiKey: api.key, paths })
  try {
    const warmUp = { requests: 500, connections: 16, isOnce: false }
    await http.run(warmUp)
    await bare.run(warmUp)
    return turnRows({ section: 'lists', ...names }, await takeTurns(http, bare, { requests: 1_000 }), null)
  } finally {
    await Promise.all([http.stop(), bare.stop()])
  }
}
