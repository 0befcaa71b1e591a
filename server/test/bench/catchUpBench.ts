import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import pg from 'pg'
import { inBatches } from '../../src/chain/inBatches.ts'
import { openChain } from '../../src/chain/openChain.ts'
import { TRANSFER_TOPIC } from '../../src/chain/tokenTransfers.ts'
import { NATIVE } from '../../src/domain/asset.ts'
import { invariant } from '../../src/domain/errors.ts'
import { watchChain } from '../../src/workers/watchChain.ts'
import { type CatchUpWorld, startCatchUpWorld } from './catchUpWorld.ts'
import type { Row } from './report.ts'
import { median } from './statistics.ts'

const ROUNDS = 5
/** Blocks of a day where one comes every two seconds; the local chain would take half an hour to make them. */
const DAY = 43_200
/** As many blocks are asked for at once, and before their turn, as by the watcher. */
const AHEAD = { atOnce: 8, ahead: 1_024, most: 512 }

/** Asks a node for one thing, checks nothing, and tells the `result` of its answer. */
type Ask = (url: string, body: string) => Promise<unknown>

/**
 * Blocks per second of a watcher that comes back to a chain which was mined further, against the calls alone that it must make
 * of the node: by `fetch`, and by Node's own client, which the watcher uses too. The three take turns.
 */
export async function benchCatchUp(): Promise<Row[]> {
  const world = await startCatchUpWorld()
  try {
    const watched: number[] = []
    const fetched: number[] = []
    const requested: number[] = []
    await callOnly(world, byFetch)
    for (let round = 0; round < ROUNDS; round++) {
      watched.push(await watch(world))
      fetched.push(await callOnly(world, byFetch))
      requested.push(await callOnly(world, byRequest))
    }
    const perS = median(watched)
    const blocks = { section: 'catch-up', unit: '1/s', value: perS }
    const against = (floors: readonly number[]) => ({
      floor: median(floors),
      ratio: median(watched.map((each, round) => each / (floors[round] ?? Number.NaN))),
    })
    return [
      {
        ...blocks,
        ...against(fetched),
        measure: `blocks read and recorded, of ${world.to - world.from} with ${world.payments} payments`,
        aim: { of: 'ratio', atLeast: 0.67 },
      },
      { ...blocks, ...against(requested), measure: 'the same, the floor by Node’s own client', aim: null },
      {
        section: 'catch-up',
        measure: `a day of ${DAY} blocks, at that rate`,
        unit: 's',
        value: DAY / perS,
        floor: null,
        ratio: null,
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

/** The blocks with their transactions, the logs of those that have any, and for each payment its proof and its sender. */
async function callOnly(world: CatchUpWorld, ask: Ask): Promise<number> {
  const contracts = world.config.assets.map(({ address }) => address).filter(token => token !== NATIVE)
  const call = async <T>(method: string, ...params: unknown[]) =>
    (await ask(world.config.providers[0].rpcUrl, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as T
  const readBlock = async (number: bigint) => {
    const block = await call<{ hash: string; transactions: unknown[] }>(
      'eth_getBlockByNumber',
      `0x${number.toString(16)}`,
      true,
    )
    if (block.transactions.length === 0) return
    const filter = { blockHash: block.hash, address: contracts, topics: [TRANSFER_TOPIC] }
    const logs = await call<{ transactionHash: string }[]>('eth_getLogs', filter)
    if (logs.length > 0) await call('eth_getBlockReceipts', block.hash)
    for (const { transactionHash } of logs) {
      await call('eth_getTransactionReceipt', transactionHash)
      await call('eth_getTransactionByHash', transactionHash)
    }
  }
  const beganAt = performance.now()
  for await (const _ of inBatches(range(world.from + 1n, world.to), AHEAD, readBlock));
  return perSecond(world, (performance.now() - beganAt) / 1_000)
}

const HEADERS = { 'content-type': 'application/json' }

const byFetch: Ask = async (url, body) => {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body })
  return ((await response.json()) as { result: unknown }).result
}

const byRequest: Ask = (url, body) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: HEADERS }, response => {
      json(response).then(answer => resolve((answer as { result: unknown }).result), reject)
    })
    sent.on('error', reject).end(body)
  })

function perSecond({ from, to }: CatchUpWorld, seconds: number): number {
  return Number(to - from) / seconds
}

function* range(from: bigint, to: bigint): Generator<bigint> {
  for (let number = from; number <= to; number += 1n) yield number
}
