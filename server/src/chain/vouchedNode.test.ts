// What no hash proves: balances, coin that came and what became of a transaction are told by many, and contradicted by none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chain, three, watch } from '../../test/harness/watchProviders.ts'
import { NATIVE } from '../domain/asset.ts'
import { invariant } from '../domain/errors.ts'
import type { Hex } from '../domain/hex.ts'
import type { Block } from './chainNode.ts'

const DEPOSIT: Hex = `0x${'d1'.repeat(20)}`

test('what one node no longer keeps another is asked for, and null is told where none does', async () => {
  const [alpha, beta] = three()
  const { watched } = watch([alpha, beta])
  const [header] = chain
  invariant(header, 'there is a block')
  const wanted = [{ asset: NATIVE, address: DEPOSIT }]
  alpha.balances = null
  beta.balances = new Map([[DEPOSIT, 7n]])
  assert.deepEqual(await watched.balances(wanted, header), [7n])
  beta.balances = null
  assert.equal(await watched.balances(wanted, header), null)
})

test('G21: coin that one provider alone tells of has not arrived; what a quorum tells has', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched, problems } = watch(providers)
  const [header] = chain.slice(-1)
  invariant(header, 'there is a block')
  const block: Block = { header, transfers: [], coinSweeps: [], coinPayments: [] }
  const arrived = async () => {
    const { arrivals, missing } = await watched.coinArrivals([block], new Map([[DEPOSIT, 0n]]))
    return [[...arrivals.values()].flat().map(({ amountRaw }) => amountRaw), missing]
  }
  const paid = new Map([[DEPOSIT, 7n]])
  alpha.balances = paid
  assert.deepEqual(await arrived(), [[], []])
  assert.equal(problems().alpha, 'conflict: not the same balances as others at block 49')
  beta.balances = paid
  assert.deepEqual(await arrived(), [[], []], 'the majority does not win')
  gamma.balances = paid
  assert.deepEqual(await arrived(), [[7n], []])
  assert.deepEqual(problems(), { alpha: null, beta: null, gamma: null })
  gamma.fault = 'failed'
  assert.deepEqual(await arrived(), [[7n], []])
  beta.fault = 'failed'
  assert.deepEqual(await arrived(), [[], []], 'G19: too few tell of it')
})

test('coin that providers do not agree on is in doubt until they do, and keeps none from arriving elsewhere', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched } = watch(providers)
  const [header] = chain.slice(-1)
  invariant(header, 'there is a block')
  const block: Block = { header, transfers: [], coinSweeps: [], coinPayments: [] }
  const other: Hex = `0x${'d2'.repeat(20)}`
  const asked = new Map([DEPOSIT, other].map(address => [address, 0n]))
  const found = async (inDoubt: readonly Hex[] = []) => {
    const told = await watched.coinArrivals([block], asked, new Set(inDoubt))
    return { arrived: [...told.arrivals.values()].flat().map(({ to }) => to), inDoubt: told.inDoubt }
  }
  alpha.balances = new Map([
    [DEPOSIT, 7n],
    [other, 8n],
  ])
  for (const provider of [beta, gamma]) provider.balances = new Map([[other, 8n]])
  assert.deepEqual(await found(), { arrived: [other], inDoubt: [DEPOSIT] })
  // Asked of one that tells nothing of it, it stays so until all say the same.
  asked.set(other, 8n)
  alpha.balances = beta.balances
  gamma.balances = new Map([
    [DEPOSIT, 7n],
    [other, 8n],
  ])
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [DEPOSIT] })
  gamma.balances = beta.balances
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [] })
  for (const provider of [beta, gamma]) provider.fault = 'failed'
  assert.deepEqual(await found([DEPOSIT]), { arrived: [], inDoubt: [DEPOSIT] }, 'too few say so')
})

test('what became of a transaction is told by a quorum, and not where any provider tells another thing', async () => {
  const providers = three()
  const [alpha, beta, gamma] = providers
  const { watched, problems } = watch(providers)
  const txHash: Hex = `0x${'7c'.repeat(32)}`
  const sent = { sender: DEPOSIT, nonce: 1n, blockHash: txHash, blockNumber: 49n, succeeded: true }
  const told = () => watched.vouchedSent(txHash)
  assert.equal(await told(), null)
  alpha.sent = sent
  assert.equal(await told(), null, 'one of three is no quorum')
  beta.sent = { ...sent }
  assert.deepEqual(await told(), sent, 'one that does not know it contradicts nobody')
  gamma.sent = { ...sent, succeeded: false }
  await assert.rejects(told(), { name: 'UpstreamError', retryable: true, message: /do not tell the same transactions/ })
  assert.equal(problems().gamma, `conflict: not the same transactions as others for ${txHash}`)
  gamma.fault = 'failed'
  assert.deepEqual(await told(), sent)
  beta.fault = 'failed'
  await assert.rejects(told(), { name: 'UpstreamError', message: /too few to vouch for transactions/ })
})
