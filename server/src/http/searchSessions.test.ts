import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ApiCaller, openApiCaller } from '../../test/harness/apiCaller.ts'
import { testClock } from '../../test/harness/fixtures.ts'
import { asPayer, newLine, newSession } from '../../test/harness/sessionFixtures.ts'
import { createTestContext, type TestContext } from '../../test/harness/testContext.ts'

const clock = testClock()
let world: TestContext
let api: ApiCaller
before(async () => {
  world = await createTestContext({ clock })
  api = await openApiCaller(world.ctx)
})
after(() => world.close())

async function found(search: string, more: object = {}): Promise<string[]> {
  const { data } = await api.ok('GET', `/checkout/sessions?${new URLSearchParams({ search, ...more })}`)
  return (data as { id: string }[]).map(({ id }) => id)
}

test('sessions are found by id, intent, address, amount and e-mail address, and only by all of it', async () => {
  const cheap = await newSession(api, { emailCollection: true, lineItems: [newLine({ unitAmount: '2501000000' })] })
  // Of two of the same millisecond, either is the newer.
  clock.advance(1)
  const dear = await newSession(api)
  await asPayer(api, cheap, 'details', { email: 'Ada_L@Example.com' })
  assert.deepEqual(await found(cheap.id), [cheap.id])
  assert.deepEqual(await found((cheap.paymentIntent as { id: string }).id), [cheap.id])
  assert.deepEqual(await found(dear.addresses[0]?.paymentAddress.toUpperCase().replace('0X', '0x') ?? ''), [dear.id])
  assert.deepEqual(await found('25.01'), [cheap.id])
  assert.deepEqual(await found('100 USDC'), [dear.id])
  assert.deepEqual(await found('100', { status: 'open' }), [dear.id])
  assert.deepEqual(await found('100', { status: 'complete' }), [])
  assert.deepEqual(await found(' ada_l@example.COM '), [cheap.id])
  assert.deepEqual(await found(`0x${'ab'.repeat(32)}`), [])
  assert.deepEqual(await found(''), [dear.id, cheap.id])
  const other = await openApiCaller(world.ctx)
  assert.deepEqual((await other.ok('GET', `/checkout/sessions?search=${cheap.id}`)).data, [])
})

test('F179: a text is looked for as it stands, and one that is too long is refused', async () => {
  for (const text of ['%', '_', '%@%', 'ada%', '.*', '[a-z]+@.*', '💥', "' or true --", '\\', 'x'.repeat(200)])
    assert.deepEqual(await found(text), [], text)
  const long = '%'.repeat(1_000)
  assert.equal(
    await api.refused('GET', `/checkout/sessions?${new URLSearchParams({ search: long })}`),
    '400 too_long search',
  )
})
