// Payments: found, looked at while the money comes in, and decided about.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { closeDueSessions } from '../../src/actions/closeDueSessions.ts'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { invariant } from '../../src/domain/errors.ts'
import { fakeChain } from '../harness/fakeChain.ts'
import { hashFor, paymentTo } from '../harness/fixtures.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, chain, ctx, organizationId, send, pay } = dashboard
const dialog = page.getByRole('dialog')

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

/** Opens a menu of the page and takes an entry of it. */
async function choose(menu: string, entry: string): Promise<void> {
  await press(menu)
  await page.getByRole('menuitem', { name: entry }).click()
}

test('payments are filtered by the URL and searched; a view is kept', async () => {
  await dashboard.visit('/payments')
  await page.getByText('No payments yet').waitFor()
  await checkScreen(page, 'payments-empty')
  const cheap = await newSession(api, { lineItems: [newLine({ unitAmount: '2501000000' })] })
  await newSession(api)
  await page.getByText('25.01 USDC').waitFor()
  await page.getByText('100.00 USDC').waitFor()
  await checkScreen(page, 'payments')
  const box = page.getByLabel('Id, e-mail, address, transaction or amount').last()
  await box.fill('25.01')
  await press('Find')
  await page.getByText('100.00 USDC').waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).search, '?search=25.01')
  await press('Save this view')
  await dialog.getByLabel('Name').fill('Cheap ones')
  await press('Save')
  await dashboard.visit('/payments')
  await press('Cheap ones')
  await page.getByRole('row', { name: '25.01 USDC' }).press('Enter')
  await page.waitForURL(new RegExp(`/payments/${cheap.id}$`))
  await page.getByRole('heading', { name: '25.01 USDC' }).waitFor()
})

test('a payment is seen coming in, and becomes paid, without loading the page again', async () => {
  const session = await newSession(api)
  await dashboard.visit(`/payments/${session.id}`)
  await page.getByText('Nothing has come so far').waitFor()
  await checkScreen(page, 'payment-open')
  await send(session.id)
  await page.getByText('Money was seen').waitFor()
  await page.getByText('confirmations').waitFor()
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await page.getByText('Paid', { exact: true }).waitFor()
  await page.getByText('checkout_session.completed').waitFor()
  await checkScreen(page, 'payment-paid')
  await press('Give back')
  const to = dialog.getByLabel('To the address')
  await to.fill(`0x${'aa'.repeat(20)}`)
  await press('Prepare the refund')
  await dialog.getByText('repeat it as confirmToAddress').first().waitFor()
  assert.equal(await dialog.getByRole('alert').count(), 1)
  await to.fill(`0x${'9a'.repeat(20)}`)
  await dialog.getByLabel('Amount (optional)').fill('1.5')
  await checkScreen(page, 'payment-refund')
  await press('Prepare the refund')
  await page.getByText('To be sent by your wallet').waitFor()
  const [refund] = (await api.ok('GET', '/refunds')).data as { amount: string; status: string }[]
  assert.deepEqual([refund?.amount, refund?.status], ['150000000', 'requires_signature'])
})

test('too little is accepted after it is said what that does', async () => {
  const session = await newSession(api)
  await pay(session.id, { amountRaw: 60_000_000n })
  await api.ok('POST', `/checkout/sessions/${session.id}/expire`)
  ctx.clock.advance(60_000)
  await chain.mine()
  await dashboard.visit(`/payments/${session.id}`)
  await page.getByText('Missing: 40.00 USDC.').waitFor()
  await checkScreen(page, 'payment-incomplete')
  await press('Accept what came')
  await dialog.getByText('60.00 USDC of 100.00 USDC').waitFor()
  await dialog.getByRole('button', { name: 'Accept what came' }).click()
  await page.getByText('Paid', { exact: true }).waitFor()
  assert.equal((await api.ok('GET', `/checkout/sessions/${session.id}`)).status, 'complete')
})

test('what came beyond the price is said, and is what a refund begins with', async () => {
  const session = await newSession(api)
  await pay(session.id, { amountRaw: 150_000_000n })
  await dashboard.visit(`/payments/${session.id}`)
  await page.getByText('Too much: 50.00 USDC.').waitFor()
  await press('Give back')
  assert.equal(await dialog.getByLabel('Amount (optional)').inputValue(), '50.00')
})

test('an open payment is ended after it is said what that does, and money that comes afterwards waits for a decision', async () => {
  const session = await newSession(api)
  await dashboard.visit(`/payments/${session.id}`)
  await press('Expire')
  await dialog.getByText('The payer can no longer pay.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'detached' })
  await press('Expire')
  await dialog.getByRole('button', { name: 'Expire' }).click()
  await page.getByText('Ended by the merchant').waitFor()
  ctx.clock.advance(60_000)
  await chain.mine()
  await closeDueSessions(ctx, 10)
  await page.getByText('Expired', { exact: true }).waitFor()
  await send(session.id)
  await page.getByText('Money came after the end').waitFor()
  await checkScreen(page, 'payment-late')
})

test('a transaction that was missed is looked up on its network, and counts', async () => {
  const session = await newSession(api)
  const seen = await getCheckoutSession(ctx, organizationId, session.id)
  invariant(seen, 'the session is stored')
  const missed = `missed by ${session.id}`
  const fake = fakeChain(ctx.clock.now())
  while (fake.tip().number < chain.tip().number) fake.mine()
  const { hash: blockHash, number: blockNumber } = fake.mine(
    header => [paymentTo(seen.found, header, { tx: missed })],
    { time: ctx.clock.now() },
  )
  fake.sent.set(hashFor(missed), { sender: `0x${'aa'.repeat(20)}`, nonce: 0n, blockHash, blockNumber, succeeded: true })
  Object.assign(ctx, { nodes: new Map([[80001, fake.node]]) })
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await dashboard.visit(`/payments/${session.id}`)
  await page.getByText('Nothing has come so far').waitFor()
  await choose('More', 'Recover by transaction')
  const field = dialog.getByLabel('Transaction', { exact: true })
  await field.fill(`0x${'12'.repeat(32)}`)
  await field.press('Enter')
  await dialog.getByText('know no mined transaction of this hash').waitFor()
  await checkScreen(page, 'payment-recover')
  await field.fill(hashFor(missed))
  await field.press('Enter')
  await page.getByText('All that this transaction pays is recorded.').waitFor()
  await chain.mine()
  await page.getByText('Paid', { exact: true }).waitFor()
})

test('the request for a payment is copied, and works in a terminal', async () => {
  const session = await newSession(api)
  await dashboard.visit(`/payments/${session.id}`)
  await choose('More', 'Copy as curl')
  await page.getByText('The request is copied.').waitFor()
  const curl = await page.evaluate<string>('navigator.clipboard.readText()')
  assert.ok(!curl.includes(api.key) && curl.startsWith('curl '), curl)
  const env = { ...process.env, BITSTREAM_KEY: api.key }
  const { stdout } = await promisify(execFile)('bash', ['-c', `${curl} -s`], { env })
  assert.equal(JSON.parse(stdout).id, session.id)
})

test('F178: what is listed is saved as a spreadsheet, the same rows in the same order, where nothing is run', async () => {
  await newSession(api, { clientReferenceId: '=HYPERLINK("http://evil.example")' })
  const idsOf = async (query: string) => {
    const { data } = await api.ok('GET', `/checkout/sessions?limit=100&${query}`)
    return (data as { id: string }[]).map(({ id }) => id)
  }
  for (const [shown, asked, count] of [
    ['', '', 9],
    ['?coin=usdc&status=complete', 'receivedCurrency=usdc&status=complete', 4],
  ] as const) {
    await dashboard.visit(`/payments${shown}`)
    const saved = page.waitForEvent('download')
    await choose('Export', 'CSV')
    const download = await saved
    assert.equal(download.suggestedFilename(), 'payments.csv')
    const file = await readFile(await download.path(), 'utf8')
    const rows = file.trimEnd().split('\r\n').slice(1)
    assert.deepEqual(
      rows.map(row => row.slice(0, 36)),
      await idsOf(asked),
    )
    assert.equal(rows.length, count)
    assert.equal(file.includes(`"'=HYPERLINK(""http://evil.example"")"`), shown === '')
  }
  await checkScreen(page, 'payments-filtered')
  await page.getByRole('button', { name: 'Remove the filter Coin' }).click()
  await page.waitForURL(/payments\?status=complete$/)
  await press('Clear')
  await page.waitForURL(/payments$/)
  await page.getByText('9 in all').waitFor()
})
