import { createServer } from 'node:http'
import lighthouse from 'lighthouse'
import { freePort } from '../../src/dev/embeddedPostgres.ts'
import { invariant } from '../../src/domain/errors.ts'
import { launchBrowser } from '../harness/browser.ts'
import type { BenchWorld } from './benchWorld.ts'
import type { Row } from './report.ts'
import { median } from './statistics.ts'

const VISITS = 5
const WARM_UP = 50
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

/** What Lighthouse says of one visit: scores from 0 to 100, and how the page came up. */
type Visit = Record<(typeof CATEGORIES)[number] | 'paintMs' | 'shift', number>

/**
 * The open page of a session on a phone as Lighthouse has it by default: slow 4G (150 ms, 1.6 Mbit/s) and a processor of a quarter of this
 * one's speed are computed from what a visit takes here. Each visit comes with an empty cache. The floor is a page of one line and nothing
 * else; the two take turns.
 */
export async function benchPage(world: BenchWorld): Promise<Row[]> {
  const { url } = (await world.post('/checkout/sessions', {
    successUrl: 'https://example.com/',
    lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount: '100000000', productData: { name: 'Basic' } } }] },
  })) as { url: string }
  // What a server that has just started takes for its first pages is nobody's usual visit.
  for (let ask = 0; ask < WARM_UP; ask++) await (await fetch(url)).arrayBuffer()
  const port = await freePort()
  const browser = await launchBrowser(`--remote-debugging-port=${port}`)
  const bare = await openBarePage()
  const visits: Visit[] = []
  const floors: Visit[] = []
  try {
    while (visits.length < VISITS) {
      visits.push(await visit(url, port))
      floors.push(await visit(bare.url, port))
    }
  } finally {
    bare.stop()
    await browser.close()
  }
  const row = (measure: keyof Visit, name: string, unit: string, aim: Row['aim']): Row => {
    const value = median(visits.map(each => each[measure]))
    const floor = measure === 'paintMs' ? median(floors.map(each => each[measure])) : null
    return { section: 'page', measure: name, unit, value, floor, ratio: floor === null ? null : value / floor, aim }
  }
  return [
    row('performance', 'Lighthouse, performance', '', { of: 'value', atLeast: 95 }),
    row('accessibility', 'Lighthouse, accessibility', '', { of: 'value', atLeast: 100 }),
    row('best-practices', 'Lighthouse, best practices', '', { of: 'value', atLeast: 100 }),
    row('paintMs', 'largest contentful paint, slow 4G, 4 times slower', 'ms', { of: 'value', below: 1_000 }),
    row('shift', 'layout shift', '', { of: 'value', below: 0.01 }),
  ]
}

async function visit(url: string, port: number): Promise<Visit> {
  const result = await lighthouse(url, { port, output: 'json', logLevel: 'error', onlyCategories: [...CATEGORIES] })
  invariant(result, 'Lighthouse has visited the page')
  const { categories, audits, runtimeError } = result.lhr
  invariant(runtimeError === undefined, `Lighthouse could visit the page: ${runtimeError?.message}`)
  const score = (name: (typeof CATEGORIES)[number]) => (categories[name]?.score ?? 0) * 100
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    'best-practices': score('best-practices'),
    paintMs: audits['largest-contentful-paint']?.numericValue ?? Number.NaN,
    shift: audits['cumulative-layout-shift']?.numericValue ?? Number.NaN,
  }
}

async function openBarePage(): Promise<{ url: string; stop: () => void }> {
  const html =
    '<!doctype html><html lang="en"><title>Pay</title><meta name="viewport" content="width=device-width"><h1>Pay</h1>'
  const server = createServer((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html))
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${port}/`, stop: () => void server.close() }
}
