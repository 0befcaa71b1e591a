import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { leadChain } from '../../src/actions/leadChain.ts'
import { recordBlocks } from '../../src/actions/recordBlocks.ts'
import { freePort } from '../../src/dev/embeddedPostgres.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { CheckoutSession } from '../../src/domain/session.ts'
import {
  allAgree,
  blockAfter,
  createOrganization,
  createSession,
  paymentTo,
  testChainConfig,
} from '../harness/fixtures.ts'
import { openBenchDatabase } from './openBenchDatabase.ts'
import type { Row } from './report.ts'
import { percentile } from './statistics.ts'
import type { ViewersLoadOptions, ViewersLoadOrder, ViewersLoadReport } from './viewersLoad.ts'
import type { ViewersServerOptions, ViewersServerReport } from './viewersServer.ts'

const SESSIONS = 500
const PAGES_EACH = 8
const POPULAR_PAGES = 1_000
const PAGES = SESSIONS * PAGES_EACH + POPULAR_PAGES
const STEADY_MS = 30_000

/**
 * 5,000 open pages on one server: eight on each of 500 sessions and a thousand on another, each with its stream and its questions
 * every 30 seconds. Then the one is paid: from the commit of its block to the last page that shows it.
 */
export async function benchViewers(): Promise<Row[]> {
  const config = testChainConfig()
  const { ctx, stop } = await openBenchDatabase([config])
  const children: Child[] = []
  const start = async (file: string, options: object) => {
    const child = startChild(file, options)
    children.push(child)
    await child.answer()
    return child
  }
  try {
    const caller = await createOrganization(ctx)
    const sessions: CheckoutSession[] = []
    while (sessions.length < SESSIONS) sessions.push(await createSession(ctx, caller))
    const popular = await createSession(ctx, caller)
    const { lead, known } = await leadChain(ctx, config.chain.id, async () =>
      blockAfter(null, { time: ctx.clock.now() }),
    )

    const port = await freePort()
    const serverOptions: ViewersServerOptions = { databaseUrl: ctx.db.ownerUrl, port }
    const server = await start('viewersServer.ts', serverOptions)
    const pages = [{ id: popular.id, count: POPULAR_PAGES }, ...sessions.map(({ id }) => ({ id, count: PAGES_EACH }))]
    const loadOptions: ViewersLoadOptions = { port, pages }
    const load = await start('viewersLoad.ts', loadOptions)
    const order = (what: ViewersLoadOrder) => load.ask<ViewersLoadReport>(what)
    const report = () => server.ask<ViewersServerReport>('report')

    await order({ kind: 'warm' })
    const before = await report()
    const opened = await order({ kind: 'open' })
    const after = await report()
    await wait(STEADY_MS)
    const steady = await report()

    await order({ kind: 'note', id: popular.id, text: 'data-kind="processing"' })
    const header = blockAfter(known.at(-1) ?? null)
    await recordBlocks(ctx, lead, [{ header, transfers: [paymentTo(popular, header)] }], allAgree(header.number))
    const committedAt = Date.now()
    const noted = await load.answer<ViewersLoadReport>()
    invariant(noted.failures === 0, `of the pages and streams, ${noted.failures} failed`)
    return rows({ before, opened, after, steady, lateMs: noted.shownAt.map(at => at - committedAt) })
  } finally {
    await Promise.all(children.map(child => child.stop()))
    await stop()
  }
}

type Seen = {
  before: ViewersServerReport
  opened: ViewersLoadReport
  after: ViewersServerReport
  steady: ViewersServerReport
  lateMs: number[]
}

function rows({ before, opened, after, steady, lateMs }: Seen): Row[] {
  const row = (measure: string, unit: string, value: number, aim: Row['aim'] = null): Row => {
    return { section: 'viewers', measure, unit, value, floor: null, ratio: null, aim }
  }
  const busiest = Math.max(...Object.values(steady.readings))
  const paid = `a payment on ${POPULAR_PAGES} pages of one session`
  return [
    row('pages opened', '1/s', PAGES / opened.seconds),
    row(`readings of the busiest session, ${PAGES} pages open`, '1/s', busiest / steady.seconds, {
      of: 'value',
      below: 1.01,
    }),
    row(`processor time of the server, ${PAGES} pages open`, '%', (steady.cpuSeconds / steady.seconds) * 100),
    row('memory of the server for each open page', 'KB', (after.rssBytes - before.rssBytes) / PAGES / 1024),
    row(`${paid}: shown by half`, 'ms', percentile(lateMs, 0.5)),
    row(`${paid}: shown by all`, 'ms', Math.max(...lateMs), { of: 'value', below: 1_000 }),
  ]
}

/** A process of the bench that answers what it is asked. */
type Child = { ask: <T>(what: unknown) => Promise<T>; answer: <T>() => Promise<T>; stop: () => Promise<void> }

function startChild(file: string, options: object): Child {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)])
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)))
  failed.catch(() => undefined)
  const answer = async <T>() => {
    const [message] = await Promise.race([once(child, 'message'), failed])
    return message as T
  }
  return {
    answer,
    ask: async what => {
      child.send(what as string)
      return await answer()
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
