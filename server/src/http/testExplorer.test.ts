import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { SAMPLE_FRAME } from '../../test/harness/samplePaymentPage.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { TestTransaction } from '../context.ts'
import type { Hex } from '../domain/hex.ts'
import { createApp } from './app.ts'
import { renderTransactionPage } from './pages/transactionPage.ts'

let live: TestContext
before(async () => {
  live = await createTestContext({ mode: 'live' })
})
after(() => live.close())

const { assets } = testChainConfig()
const usdc = assets.find(asset => asset.currency === 'usdc')?.address ?? '0x'
const bytes = (byte: string, length: number): Hex => `0x${byte.repeat(length)}`
const hash = bytes('ab', 32)
const [from, to, receiver, unknown] = [bytes('11', 20), bytes('22', 20), bytes('33', 20), bytes('44', 20)]

function shown(changes: Partial<TestTransaction>): { heading: string; rows: string[] } {
  const plain: TestTransaction = {
    chainId: 80001,
    hash,
    status: 'succeeded',
    block: { number: 12n, time: new Date('2026-02-22T12:46:11.000Z'), confirmations: 3n },
    from,
    to,
    value: 0n,
    tokenTransfers: [],
    ...changes,
  }
  const page = renderTransactionPage(SAMPLE_FRAME, plain, { network: 'Test <network>', assets })
  const text = (markup: string) => markup.replaceAll(/<[^>]*>/g, '').trim()
  const rows = [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, label = '', value = '']) => {
    return `${text(label)}: ${text(value)}`
  })
  return { heading: text(/<h1.*?<\/h1>/s.exec(page)?.[0] ?? ''), rows }
}

test('native coin: amount, both ends, block and time', () => {
  const { heading, rows } = shown({ value: 1_500_000_000_000_000_001n })
  assert.equal(heading, 'Transaction succeeded')
  assert.deepEqual(rows, [
    'Amount: 1.500000000000000001 ETH',
    `From: ${from}`,
    `To: ${to}`,
    'Network: Test &lt;network&gt;',
    'Block: 12',
    'Confirmations: 3',
    'Time: 22 Feb 2026, 12:46 UTC',
    `Transaction: ${hash}`,
  ])
})

test('tokens: each transfer with its receiver, base units where the token is not known', () => {
  const { rows } = shown({
    to: usdc,
    tokenTransfers: [
      { token: usdc, from, to: receiver, amountRaw: 1_000_001n },
      { token: unknown, from, to, amountRaw: 7n },
    ],
  })
  assert.deepEqual(rows.slice(0, 6), [
    'Amount: 1.000001 USDC',
    `Received by: ${receiver}`,
    `Amount: 7 units of token ${unknown}`,
    `Received by: ${to}`,
    `From: ${from}`,
    `Token contract: ${usdc}`,
  ])
})

test('a transaction that failed, waits, or creates a contract', () => {
  assert.equal(shown({ status: 'failed' }).heading, 'Transaction failed')
  const waiting = shown({ status: 'waiting', block: null, to: null })
  assert.equal(waiting.heading, 'Waiting for a block')
  assert.deepEqual(waiting.rows, [`From: ${from}`, 'Network: Test &lt;network&gt;', `Transaction: ${hash}`])
})

test('there is no explorer where real money moves', async () => {
  const answer = await createApp(live.ctx).request(`/test/transactions/${hash}`)
  assert.equal(answer.status, 404)
  assert.equal(((await answer.json()) as { code: string }).code, 'route_unknown')
})
