import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestChain } from '../../test/harness/testChain.ts'
import { makeSeed } from './seed.ts'
import { openTestChain } from './testChain.ts'

const HOUR_MS = 3_600_000

const { rpcUrl, chainId, stop } = await startTestChain()
after(stop)

test('a chain whose last blocks were replaced keeps our time', async () => {
  let aheadMs = 0
  const clock = { now: () => new Date(Date.now() + aheadMs) }
  const chain = await openTestChain(chainId, rpcUrl, makeSeed(), clock)
  await chain.setBalance(chain.payer.address, 10n ** 18n)
  await chain.payer.send({ to: chain.payer.address })
  aheadMs = HOUR_MS
  await chain.setTime()
  const lost = await chain.payer.send({ to: chain.payer.address })
  await chain.drop(lost)

  const moment = clock.now()
  await chain.pass(moment)
  await chain.mine()
  const { timestamp } = await chain.client.getBlock()
  assert.ok(timestamp * 1000n > BigInt(moment.getTime()), `${timestamp} is after ${moment.toISOString()}`)
})
