import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { openChain } from '../../src/chain/openChain.ts'
import { readChain } from '../../src/workers/watchChain.ts'
import { openDetectionWorld } from '../detection/detectionWorld.ts'
import { createSession, readSession } from '../harness/fixtures.ts'
import { randomOf } from '../simulation/random.ts'
import { FAULTS_ROUNDS } from './faultsRounds.ts'

const BLOCKS = FAULTS_ROUNDS === null ? 2_000 : 200 * FAULTS_ROUNDS
const SESSIONS = 3
const seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31))

test(`G23, B4.5: of the logs of ${BLOCKS} blocks a node leaves out 1 % at random, and all payments are found`, async t => {
  t.diagnostic(`FAULTS_SEED=${seed}`)
  const random = randomOf(seed)
  let [told, dropped, emptied] = [0, 0, 0]
  const dropping: typeof fetch = async (url, init) => {
    const response = await fetch(url, init)
    if (!String(init?.body).includes('"eth_getLogs"')) return response
    const answer = (await response.json()) as { result: unknown[] }
    const kept = answer.result.filter(() => !random.chance(1))
    told += answer.result.length
    dropped += answer.result.length - kept.length
    if (kept.length === 0 && answer.result.length > 0) emptied += 1
    return Response.json({ ...answer, result: kept })
  }
  const world = await openDetectionWorld({}, { watched: false })
  t.after(() => world.stop())
  const { ctx, usdc, wallet, config } = world
  const sessions = await Promise.all(
    Array.from({ length: SESSIONS }, () => createSession(ctx, world.caller, { amount: BigInt(BLOCKS) * 100n })),
  )
  const [first, ...others] = sessions.map(({ deposit }) => deposit.address)
  assert.ok(first)
  // A chain that mines by itself does so some time after it took a transaction: maybe together with the next.
  await wallet.call('evm_setAutomine', false)
  const mine = () => wallet.call('evm_mine')
  await usdc.call('mint', wallet.accounts[0], 10n ** 20n)
  await mine()
  const node = openChain(config, { fetch: dropping })
  const reading = readChain(ctx, config.chain.id, node, new AbortController().signal)
  const read = async () => {
    for (let kind: string | undefined; kind !== 'idle'; kind = (await reading.next()).value?.kind);
  }
  await read()
  // Of the blocks some tell of one payment, which may be all that is left out, and the others of two.
  for (let block = 0; block < BLOCKS; block++) {
    await usdc.call('transferToMany', block % 3 === 0 ? [first] : others, 1n)
    await mine()
  }
  await wallet.call('anvil_mine', '0x3')
  await read()

  t.diagnostic(`${dropped} of ${told} logs left out, ${emptied} of their blocks without any`)
  assert.ok(dropped > BLOCKS / 1_000)
  const paidBy = (index: number) => (index === 0 ? Math.ceil(BLOCKS / 3) : BLOCKS - Math.ceil(BLOCKS / 3))
  for (const [index, session] of sessions.entries()) {
    const { transfers } = await readSession(ctx, session)
    const count = transfers.filter(({ postedAt, orphanedAt }) => postedAt !== null && orphanedAt === null).length
    assert.equal(count, paidBy(index))
  }
})
