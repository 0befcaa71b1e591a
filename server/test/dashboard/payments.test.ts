// Payments: found, looked at while the money comes in, and decided about.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { invariant } from '../../src/domain/errors.ts'
import { paymentTo } from '../harness/fixtures.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, isLoaded, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, chain, ctx, organizationId } = dashboard
const dialog = page.getByRole('dialog')

async function pay({ id }: { id: string }, amountRaw?: bigint): Promise<void> {
  const seen = await getCheckoutSession(ctx, organizationId, id)
  invariant(seen, 'the session is stored')
  await chain.mine(header => {
    const payment = paymentTo(seen.found, header)
    return [amountRaw === undefined ? payment : { ...payment, amountRaw }]
  })
}

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

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
  await pay(session)
  await page.getByText('Money was seen').waitFor()
  await page.getByText('confirmations').waitFor()
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await page.getByText('Paid', { exact: true }).waitFor()
  await page.getByText('checkout_session.completed').waitFor()
  await checkScreen(page, 'payment-paid')
  await press('Give back')
  await dialog.getByLabel('To the address').fill(`0x${'9a'.repeat(20)}`)
  await dialog.getByLabel('Amount (optional)').fill('1.5')
  await checkScreen(page, 'payment-refund')
  await press('Prepare the refund')
  await page.getByText('To be sent by your wallet').waitFor()
  const [refund] = (await api.ok('GET', '/refunds')).data as { amount: string; status: string }[]
  assert.deepEqual([refund?.amount, refund?.status], ['150000000', 'requires_signature'])
  await isLoaded(page)
})

test('too little is accepted after it is said what that does', async () => {
  const session = await newSession(api)
  await pay(session, 60_000_000n)
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await api.ok('POST', `/checkout/sessions/${session.id}/expire`)
  ctx.clock.advance(60_000)
  await chain.mine()
  await dashboard.visit(`/payments/${session.id}`)
  await page.getByText('Less came than was asked for').waitFor()
  await checkScreen(page, 'payment-incomplete')
  await press('Accept what came')
  await dialog.getByText('60.00 USDC of 100.00 USDC').waitFor()
  await dialog.getByRole('button', { name: 'Accept what came' }).click()
  await page.getByText('Paid', { exact: true }).waitFor()
  assert.equal((await api.ok('GET', `/checkout/sessions/${session.id}`)).status, 'complete')
})
