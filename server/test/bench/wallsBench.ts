import { closeContext } from '../../src/openContext.ts'
import { openApiCaller } from '../harness/apiCaller.ts'
import { openBenchContext } from './benchContext.ts'
import { type BenchWorld, createUnpaidSession } from './benchWorld.ts'
import type { Row } from './report.ts'
import { median } from './statistics.ts'

const WARM_UP = 50
const TIMES = 400

type Method = 'GET' | 'PUT' | 'DELETE'

/** What another organization has is as absent in time, too: how long its objects take to be refused, against ids that nobody has. */
export async function benchWalls(world: BenchWorld): Promise<Row[]> {
  const { ctx } = await openBenchContext(world.description.databaseUrl, world.description.apiKey)
  try {
    const { key } = await openApiCaller(ctx)
    const { id: session } = await createUnpaidSession(world)
    const tea = { name: 'Tea', defaultPriceData: { currency: 'usdc', unitAmount: '100000000' } }
    const { id: product } = (await world.post('/products', tea)) as { id: string }
    const customer = (await world.post('/customers', { email: 'a@shop.example', name: 'Ada' })) as { id: string }
    const routes: [Method, string, string][] = [
      ['GET', '/checkout/sessions', session],
      ['GET', '/products', product],
      ['GET', '/customers', customer.id],
      ['PUT', '/customers', customer.id],
      ['DELETE', '/products', product],
    ]
    const rows: Row[] = []
    for (const [method, path, id] of routes) {
      const ask = (asked: string) => timeOf(`${world.description.apiUrl}/api/v1${path}/${asked}`, method, key)
      rows.push(
        await compare(
          `${method} ${path}/{id}`,
          () => ask(id),
          () => ask(absentNear(id)),
        ),
      )
    }
    return rows
  } finally {
    await closeContext(ctx)
  }
}

/** An id of the same moment that nobody has. */
function absentNear(id: string): string {
  return `${id.slice(0, -12)}${id.endsWith('0') ? 'f' : '0'}${id.slice(-11)}`
}

/** The two take turns, and who begins alternates, so that what else runs on the machine meets both alike. */
async function compare(route: string, foreign: () => Promise<number>, absent: () => Promise<number>): Promise<Row> {
  const taken = { foreign: [] as number[], absent: [] as number[] }
  for (let time = -WARM_UP; time < TIMES; time++) {
    const first = time % 2 === 0
    const [a, b] = first ? [await foreign(), await absent()] : [await absent(), await foreign()]
    if (time < 0) continue
    taken.foreign.push(first ? a : b)
    taken.absent.push(first ? b : a)
  }
  const [value, floor] = [median(taken.foreign), median(taken.absent)]
  return {
    ...{ section: 'walls', measure: `${route} of another organization, p50, against none`, unit: 'ms' },
    ...{ value, floor, ratio: value / floor, aim: { of: 'ratio', below: 1.1 } },
  }
}

async function timeOf(url: string, method: Method, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const startedAt = performance.now()
  const response = await fetch(url, { method, headers, ...(method === 'PUT' && { body: '{"name":"Eve"}' }) })
  await response.text()
  if (response.status !== 404) throw new Error(`${method} ${url} is answered with ${response.status}`)
  return performance.now() - startedAt
}
