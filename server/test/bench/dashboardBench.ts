import pg from 'pg'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../harness/browser.ts'
import { waitUntil } from '../harness/waitUntil.ts'
import type { BenchWorld } from './benchWorld.ts'
import type { Row } from './report.ts'
import { percentile } from './statistics.ts'

const ROWS = 10_000
const MOVES = 200
const JUMPS = 40

/** From each key that is pressed to the end of the frame that shows what came of it, in milliseconds. */
const WATCH = `globalThis.taken = []
addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => taken.push(performance.now() - timeStamp))), { capture: true })`

/** A list of 10,000 rows at the dashboard, all of them loaded: how soon a key shows what it does. */
export async function benchDashboard(world: BenchWorld): Promise<Row[]> {
  await addCustomers(world)
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(world.description.apiUrl)
    await page.getByRole('button', { name: 'Enter as the demo owner' }).click()
    await page.getByRole('link', { name: 'Customers' }).click()
    await page.getByRole('row').nth(1).waitFor()
    await loadAll(page)
    await page.evaluate(WATCH)
    const moves = await press(page, ['ArrowUp'], MOVES)
    const jumps = await press(page, ['Home', 'End'], JUMPS)
    const row = (measure: string, samples: readonly number[]): Row => ({
      ...{ section: 'dashboard', measure: `${measure}, p95 of ${ROWS} rows`, unit: 'ms' },
      ...{ value: percentile(samples, 0.95), floor: null, ratio: null, aim: { of: 'value', below: 100 } },
    })
    return [row('from a key to the next row', moves), row('from a key to the other end', jumps)]
  } finally {
    await browser.close()
  }
}

async function addCustomers({ description: { databaseUrl } }: BenchWorld): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into customers (id, organization_id, created_at, updated_at, email, customer_number, visibility)
       select gen_random_uuid(), (select id from organizations limit 1), now(), now(), 'customer' || n || '@example.com',
         'Z' || lpad(n::text, 7, '0'), 20
       from generate_series(1, $1) n`,
      [ROWS],
    )
  } finally {
    await client.end()
  }
}

/** Scrolls to the end until there is no more to load. */
async function loadAll(page: Page): Promise<void> {
  const table = page.getByRole('table')
  const isWhole = async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    return Number(await table.getAttribute('aria-rowcount')) > ROWS
  }
  await waitUntil('all rows are loaded', isWhole, { timeoutMs: 120_000 })
  await page.getByRole('row').last().focus()
}

async function press(page: Page, keys: readonly string[], times: number): Promise<number[]> {
  await page.evaluate('taken.length = 0')
  for (let time = 0; time < times; time++) {
    await page.keyboard.press(keys[time % keys.length] ?? '')
    await waitUntil('the frame is shown', async () => (await page.evaluate<number>('taken.length')) > time)
  }
  return page.evaluate<number[]>('taken')
}
