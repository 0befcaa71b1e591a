// How many confirmations a merchant waits for: more than the server, never less.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openApiCaller } from '../../test/harness/apiCaller.ts'
import { testChainConfig } from '../../test/harness/fixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'
import type { Band } from '../domain/finality.ts'

const SETTING = '/organization/payment-setting'
const BANDS: readonly [...Band[], Band] = [
  { below: 1000_00000000n, wait: 3, witness: 'quorum' },
  { below: null, wait: 'finalized', witness: 'all' },
]
let t: TestContext
before(async () => {
  const chains = [{ ...testChainConfig(), finality: BANDS }, testChainConfig({ chainId: 80002 })]
  t = await createTestContext({ chains })
})
after(() => t.close())

const body = (unitAmount: string) => ({
  lineItems: { data: [{ priceData: { currency: 'usdc', unitAmount, productData: { name: 'Tea' } } }] },
  successUrl: 'https://shop.example/thanks',
})

test('a session waits for what its merchant asks for, where that is more than what the server does', async () => {
  const api = await openApiCaller(t.ctx)
  assert.deepEqual((await api.ok('GET', SETTING)).confirmations, [])
  const waits = async (unitAmount: string) => {
    const { id } = await api.ok('POST', '/checkout/sessions', body(unitAmount))
    const { rows } = await t.ctx.db.owner.query<{ wait: string; witness: string }>(
      'select distinct s.wait, s.witness from session_assets s join assets a on a.id = s.asset_id where s.checkout_session_id = $1 and a.chain_id = 80001',
      [id],
    )
    return rows.map(({ wait, witness }) => `${wait} ${witness}`)
  }
  const [small, large] = ['10000000000', '500000000000']
  assert.deepEqual(await waits(small), ['3 quorum'])
  const asked = [{ chainId: 80001, wait: 20 }]
  const setting = await api.ok('PUT', SETTING, { confirmations: asked })
  assert.deepEqual(setting.confirmations, asked)
  assert.deepEqual(await waits(small), ['20 quorum'])
  assert.deepEqual(await waits(large), ['finalized all'])
  const session = await api.ok('POST', '/checkout/sessions', body(small))
  const [address] = session.addresses as { confirmations: { required: number } }[]
  assert.equal(address?.confirmations.required, 20)
  await api.ok('PUT', SETTING, { confirmations: [{ chainId: 80001, wait: 'finalized' }] })
  assert.deepEqual(await waits(small), ['finalized quorum'])
  await api.ok('PUT', SETTING, { confirmations: [] })
  assert.deepEqual(await waits(small), ['3 quorum'])
})

test('less than what the server waits for is refused with the least, as is what no node could tell', async () => {
  const api = await openApiCaller(t.ctx)
  const refusal = async (...confirmations: object[]) => {
    const { status, answer } = await api.call('PUT', SETTING, { confirmations })
    return [status, answer.param, answer.message]
  }
  const low = await refusal({ chainId: 80001, wait: 2 })
  assert.deepEqual(low.slice(0, 2), [400, 'confirmations[0].wait'])
  assert.match(String(low[2]), /at least 3/)
  assert.deepEqual((await refusal({ chainId: 80002, wait: 'finalized' })).slice(0, 2), [400, 'confirmations[0].wait'])
  assert.deepEqual((await refusal({ chainId: 1, wait: 9 })).slice(0, 2), [400, 'confirmations[0].chainId'])
  const twice = { chainId: 80001, wait: 9 }
  assert.equal((await refusal(twice, twice))[0], 400)
  assert.equal((await refusal({ chainId: 80001, wait: 10_001 }))[0], 400)
  assert.deepEqual((await api.ok('GET', SETTING)).confirmations, [])
})
