import pg from 'pg'
import { inOrder } from '../../src/chain/inOrder.ts'
import { openChain } from '../../src/chain/openChain.ts'
import { TRANSFER_TOPIC } from '../../src/chain/tokenTransfers.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import { watchChain } from '../../src/workers/watchChain.ts'
import { type CatchUpWorld, startCatchUpWorld } from './catchUpWorld.ts'
import type { Row } from './report.ts'
import { median } from './statistics.ts'

const ROUNDS = 5
/** Blocks of a day where one comes every two seconds; the local chain takes too long to make them. */
const DAY = 43_200
/** As many calls are under way as the watcher makes ahead of what it records. */
const CALLS_AHEAD = 8

/**
 * Blocks per second of a watcher that comes back to a chain which was mined further, against the calls alone that it makes
 * of the node; the two take turns.
 */
export async function benchCatchUp(): Promise<Row[]> {
  const world = await startCatchUpWorld()
  try {
    await callOnly(world)
    const watched: number[] = []
    const called: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      watched.push(await watch(world))
      called.push(await callOnly(world))
    }
    const perS = median(watched)
    const blocks = { section: 'catch-up', floor: null, ratio: null }
    return [
      {
        ...blocks,
        measure: `blocks read and recorded, of ${world.to - world.from} with ${world.payments} payments`,
        unit: '1/s',
        value: perS,
        floor: median(called),
        ratio: median(watched.map((each, round) => each / (called[round] ?? Number.NaN))),
        aim: { of: 'ratio', atLeast: 0.7 },
      },
      {
        ...blocks,
        measure: `a day of ${DAY} blocks, at that rate`,
        unit: 's',
        value: DAY / perS,
        aim: { of: 'value', below: 600 },
      },
    ]
  } finally {
    await world.stop()
  }
}

async function watch(world: CatchUpWorld): Promise<number> {
  const { ctx, close } = await world.openCopy()
  const stopping = new AbortController()
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>()
  const onRecorded = ({ number }: { number: bigint }) => {
    if (number === world.to) resolve()
  }
  const beganAt = performance.now()
  const watching = watchChain(ctx, world.config, openChain(world.config), stopping.signal, { onRecorded })
  await caughtUp
  const seconds = (performance.now() - beganAt) / 1_000
  stopping.abort()
  await watching
  await checkRecorded(ctx.db.ownerUrl, world)
  await close()
  return perSecond(world, seconds)
}

/** A round that lost a payment measured something else. */
async function checkRecorded(url: string, { payments }: CatchUpWorld): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ paid: string }>(
    "select count(*) as paid from checkout_sessions where status = 'complete'",
  )
  await client.end()
  invariant(Number(rows[0]?.paid) === payments, `${rows[0]?.paid} of ${payments} payments were recorded`)
}

async function callOnly(world: CatchUpWorld): Promise<number> {
  const contracts = world.config.assets.map(({ address }) => address).filter(token => token !== NATIVE)
  const fetchBlock = async (number: bigint) => {
    const block = await call(world, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, true])
    if (block.transactions.length === 0) return
    await call(world, 'eth_getLogs', [{ blockHash: block.hash, address: contracts, topics: [TRANSFER_TOPIC] }])
  }
  const beganAt = performance.now()
  for await (const _ of inOrder(range(world.from + 1n, world.to), CALLS_AHEAD, fetchBlock));
  return perSecond(world, (performance.now() - beganAt) / 1_000)
}

async function call({ config }: CatchUpWorld, method: string, params: unknown[]) {
  const response = await fetch(config.providers[0].rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result } = (await response.json()) as { result: { hash: string; transactions: unknown[] } }
  return result
}

function perSecond({ from, to }: CatchUpWorld, seconds: number): number {
  return Number(to - from) / seconds
}

function* range(from: bigint, to: bigint): Generator<bigint> {
  for (let number = from; number <= to; number += 1n) yield number
}
