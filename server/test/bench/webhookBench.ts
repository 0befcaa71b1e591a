import { setTimeout as wait } from 'node:timers/promises'
import type { LocalWallet } from '../../src/dev/localWallet.ts'
import { type Receiver, startReceiver } from '../harness/receiver.ts'
import { type BenchWorld, createUnpaidSession, openPayer, payInFull } from './benchWorld.ts'
import { startHttpLoad } from './createBench.ts'
import type { Row } from './report.ts'
import { percentile } from './statistics.ts'

const OPEN_SESSIONS = 10_000
const PAYMENTS = 60
/** Longer than a watcher's pause between two looks at the chain, so that the last block falls into any moment of it. */
const PAUSE_MAX_MS = 300

/**
 * From the request for the block that makes a payment final to the arrival of its webhook at a loopback address, while
 * 10,000 other sessions are open. The time of mining is part of it.
 */
export async function benchWebhook(world: BenchWorld): Promise<Row[]> {
  const http = startHttpLoad(world)
  await http.run({ requests: OPEN_SESSIONS, connections: 16, isOnce: false })
  await http.stop()
  const receiver = await startReceiver()
  try {
    await world.post('/webhook-endpoints', {
      url: `${receiver.url}/`,
      description: 'bench',
      enabledEvents: { events: ['checkout_session.completed'] },
    })
    const payer = await openPayer(world)
    const latenciesMs: number[] = []
    while (latenciesMs.length < PAYMENTS) {
      const latencyMs = await payAndWait(world, receiver, payer)
      if (latencyMs !== null) latenciesMs.push(latencyMs)
    }
    return rows(latenciesMs)
  } finally {
    await receiver.stop()
  }
}

/** One payment's latency, or null when the world itself mined the block that was to be measured. */
async function payAndWait(world: BenchWorld, receiver: Receiver, payer: LocalWallet): Promise<number | null> {
  const session = await createUnpaidSession(world)
  const paidIn = await payInFull(world, payer, session)
  const final = paidIn + BigInt(session.confirmations) - 1n
  for (let number = paidIn + 1n; number < final; number++) await world.mine()
  await wait(Math.random() * PAUSE_MAX_MS)
  const before = await head(world)
  const askedAt = Date.now()
  await world.mine()
  const isOurs = before === final - 1n && (await head(world)) === final
  const { receivedAt } = await receiver.waitFor(({ body }) => body.includes(session.id))
  return isOurs ? receivedAt - askedAt : null
}

function head(world: BenchWorld): Promise<bigint> {
  return world.client.getBlockNumber({ cacheTime: 0 })
}

function rows(latenciesMs: readonly number[]): Row[] {
  const row = (p: number, aim: Row['aim']): Row => ({
    section: 'webhook',
    measure: `final block to webhook, p${p * 100} of ${PAYMENTS}`,
    unit: 'ms',
    value: percentile(latenciesMs, p),
    floor: null,
    ratio: null,
    aim,
  })
  return [row(0.5, null), row(0.95, { of: 'value', below: 100 })]
}
