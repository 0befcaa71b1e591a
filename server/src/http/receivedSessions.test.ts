import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { createSession, paymentTo, recordChain } from '../../test/harness/fixtures.ts'
import { type FreshContext, openFreshContext } from '../../test/harness/freshContext.ts'

let ctx: FreshContext
before(async () => {
  ctx = await openFreshContext()
})
after(() => ctx.close())

test('sessions by the coin and the chain of money that came: each once, whether it counts or not, and none that a reorg emptied', async () => {
  const api = await openApiCaller(ctx)
  const chain = await recordChain(ctx)
  const newSession = async () => {
    ctx.clock.advance(1000)
    return await createSession(ctx, api.caller)
  }
  const [unpaid, inDollars, inTwo, lost] = [
    await newSession(),
    await newSession(),
    await newSession(),
    await newSession(),
  ]
  const { address: usdt } =
    [...ctx.known.assets.values()].find(({ symbol }) => symbol === 'USDT') ?? assert.fail('a coin')
  const half = { amountRaw: 5_000_000n }
  const before = await chain.mine(header => [
    paymentTo(inDollars, header, half),
    paymentTo(inDollars, header, { ...half, logIndex: 1 }),
    paymentTo(inTwo, header, { logIndex: 2 }),
    paymentTo(inTwo, header, { asset: usdt, logIndex: 3 }),
  ])
  await chain.mine(header => [paymentTo(lost, header)])
  await chain.goBackTo(before)
  const found = async (query: string) => {
    const { data } = await api.ok('GET', `/checkout/sessions?${query}`)
    return (data as { id: string }[]).map(({ id }) => id)
  }
  const paid = [inTwo.id, inDollars.id]
  assert.deepEqual(await found('receivedCurrency=usdc'), paid)
  assert.deepEqual(await found('receivedCurrency=usdt'), [inTwo.id])
  assert.deepEqual(await found('receivedCurrency=dai'), [])
  assert.deepEqual(await found('receivedChainId=80001'), paid)
  assert.deepEqual(await found('receivedChainId=80001&receivedCurrency=usdt'), [inTwo.id])
  assert.deepEqual(await found('receivedChainId=1'), [])
  assert.deepEqual(await found('receivedChainId=80001&limit=1'), [inTwo.id])
  assert.deepEqual(await found(`receivedChainId=80001&startingAfter=${inTwo.id}`), [inDollars.id])
  assert.deepEqual(await found('receivedChainId=80001&limit=1&page=2'), [inDollars.id])
  assert.deepEqual(await found(`receivedCurrency=usdc&search=${inDollars.id}`), [inDollars.id])
  assert.deepEqual(await found(`receivedCurrency=usdc&search=${unpaid.id}`), [])
  assert.deepEqual(await found('receivedCurrency=usdc&search=10&status=open'), paid)
  assert.deepEqual(await found('receivedCurrency=usdc&paymentStatus=paid'), [])
  assert.deepEqual(await found(`receivedCurrency=usdc&ids=${lost.id},${inTwo.id}`), [inTwo.id])
  assert.equal(
    await api.refused('GET', '/checkout/sessions?receivedCurrency=usd'),
    '400 parameter_invalid receivedCurrency',
  )
  assert.equal(
    await api.refused('GET', '/checkout/sessions?receivedChainId=-1'),
    '400 parameter_invalid receivedChainId',
  )
  const other = await openApiCaller(ctx)
  assert.deepEqual((await other.ok('GET', '/checkout/sessions?receivedCurrency=usdc')).data, [])
})
