import pg from 'pg'
import { startProgram } from '../../src/program.ts'
import { testChainConfig } from '../harness/fixtures.ts'
import { benchConfig } from './benchContext.ts'

/** What the server that is looked at is started with. */
export type ViewersServerOptions = { databaseUrl: string; port: number }

/** What the server has done since it was last asked, and what it takes. */
export type ViewersServerReport = {
  seconds: number
  /** How often each session was read. */
  readings: Record<string, number>
  cpuSeconds: number
  rssBytes: number
}

const { databaseUrl, port } = JSON.parse(process.argv[2] ?? '') as ViewersServerOptions

const publicUrl = `http://127.0.0.1:${port}`
const config = { ...benchConfig(databaseUrl, [testChainConfig()]), port, publicUrl }
// As an operator has it, behind a proxy that says who asks.
const program = await startProgram(
  { ...config, trustedProxies: 1, payerRateLimitPerS: 20 },
  { api: true, worker: false },
)

let readings = new Map<string, number>()
const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...sent: unknown[]) {
  const [text, values] = sent
  if (/set_config.*organization_of_session/.test(`${text}`)) {
    const id = `${values}`
    readings.set(id, (readings.get(id) ?? 0) + 1)
  }
  return Reflect.apply(query, this, sent)
} as typeof query

let since = performance.now()
let cpu = process.cpuUsage()
process.on('message', () => {
  const now = performance.now()
  const used = process.cpuUsage(cpu)
  const report: ViewersServerReport = {
    seconds: (now - since) / 1_000,
    readings: Object.fromEntries(readings),
    cpuSeconds: (used.user + used.system) / 1_000_000,
    rssBytes: process.memoryUsage.rss(),
  }
  readings = new Map()
  since = now
  cpu = process.cpuUsage()
  process.send?.(report)
})
process.on('disconnect', () => void program.stop().then(() => process.exit()))
process.send?.('ready')
