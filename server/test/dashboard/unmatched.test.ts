// Money that counts for no payment: found, and accepted, kept or given back, each said before it is done.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { invariant } from '../../src/domain/errors.ts'
import { bytesToHex } from '../../src/domain/hex.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard, type Payment } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, ctx, pay } = dashboard

/** A session of 100 USDC with payments that are final, one after the other. */
async function paidSession(...payments: Payment[]): Promise<string> {
  const { id } = await newSession(api, { lineItems: [newLine({ unitAmount: '10000000000' })] })
  for (const payment of payments) await pay(id, { tx: bytesToHex(randomBytes(8)), ...payment })
  return id
}

const [usdt] = (ctx.chains.get(80001)?.assets ?? []).filter(({ currency }) => currency === 'usdt')
invariant(usdt, 'there is another coin')
const rows = page.getByRole('table', { name: 'Unmatched payments' }).getByRole('row')
const dialog = page.getByRole('dialog')
const unmatched = async () => (await api.ok('GET', '/unmatched-payments')).data as Record<string, unknown>[]

test('nothing is there at first, and the page says what would be', async () => {
  await dashboard.visit('/payments/unmatched')
  await page.getByText('No unmatched payments').waitFor()
})

test('what came is found from Home and among payments, at once, with why it does not count', async () => {
  await paidSession({}, { amountRaw: 40_000_000n }, { asset: usdt.address, amountRaw: 5_000_000n })
  await rows.filter({ hasText: '5.00 USDT' }).filter({ hasText: 'Other coin' }).waitFor()
  await rows.filter({ hasText: '40.00 USDC' }).filter({ hasText: 'Paid twice' }).waitFor()
  await page.getByRole('link', { name: 'Unmatched 2 to decide' }).waitFor()
  await checkScreen(page, 'payments-unmatched')
  await dashboard.visit('/')
  await page.getByText('2 payments count for nothing').waitFor()
  await page.getByRole('link', { name: 'Decide' }).click()
  await page.waitForURL(/\/payments\/unmatched\?status=open/)
  await rows.filter({ hasText: '5.00 USDT' }).waitFor()
})

test('a second payment is accepted, which the server then counts', async () => {
  await rows.filter({ hasText: '40.00 USDC' }).press('Enter')
  await dialog.getByText('The payment was complete already when this came.').waitFor()
  await dialog.getByText('the payment of 100.00 USDC').waitFor()
  await checkScreen(page, 'payments-unmatched-open')
  await dialog.getByRole('button', { name: 'Accept' }).click()
  await page
    .getByText('40.00 USDC counts for the payment of 100.00 USDC, which then has more than was asked for')
    .waitFor()
  await checkScreen(page, 'payments-unmatched-accept')
  await page.getByRole('dialog', { name: 'Accept?' }).getByRole('button', { name: 'Accept' }).click()
  await page.getByText('40.00 USDC counts for its payment.').waitFor()
  await rows.filter({ hasText: '40.00 USDC' }).waitFor({ state: 'detached' })
  assert.deepEqual(
    (await unmatched()).map(({ reason, resolution }) => [reason, resolution]),
    [
      ['wrong_token', null],
      ['duplicate', 'accepted'],
    ],
  )
})

test('another coin cannot be accepted; it is kept', async () => {
  await rows.filter({ hasText: '5.00 USDT' }).click()
  await dialog.getByRole('button', { name: 'Keep' }).waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Accept' }).count(), 0)
  await dialog.getByRole('button', { name: 'Keep' }).click()
  await page.getByText('5.00 USDT goes to your withdrawal address with the next sweep').waitFor()
  await page.getByRole('dialog', { name: 'Keep?' }).getByRole('button', { name: 'Keep' }).click()
  await page.getByText('Nothing waits for your decision').waitFor()
  assert.equal((await unmatched())[0]?.resolution, 'swept')
  await page.getByRole('link', { name: 'Show all' }).click()
  await rows.filter({ hasText: '5.00 USDT' }).filter({ hasText: 'Kept' }).waitFor()
})

test('a second payment is given back: the refund is prepared, and its call is there to be sent', async () => {
  await paidSession({}, { amountRaw: 70_000_000n })
  await rows.filter({ hasText: '70.00 USDC' }).click()
  await dialog.getByRole('button', { name: 'Give back', exact: true }).click()
  const giving = page.getByRole('dialog', { name: 'Give money back' })
  await giving.getByText('No money moves yet').waitFor()
  await giving.getByLabel('To the address', { exact: true }).fill(`0x${'9a'.repeat(20)}`)
  await giving.getByRole('button', { name: 'Prepare the refund' }).click()
  await giving.waitFor({ state: 'detached' })
  await dialog.getByText('To be sent by your wallet').waitFor()
  await dialog.getByText('Being given back').waitFor()
  await dialog.getByRole('button', { name: 'Keep' }).waitFor({ state: 'detached' })
  await checkScreen(page, 'payments-unmatched-refund')
  const refunds = (await api.ok('GET', '/refunds')).data as Record<string, unknown>[]
  const [{ unmatchedPaymentId, amountRaw } = {}] = refunds
  assert.deepEqual([unmatchedPaymentId, amountRaw], [(await unmatched())[0]?.id, '70000000'])
})

test('what was given back by hand is noted, and a list of what is decided shows it', async () => {
  await dashboard.visit('/payments/unmatched?status=open')
  await paidSession({}, { amountRaw: 30_000_000n })
  await rows.filter({ hasText: '30.00 USDC' }).click()
  await dialog.getByRole('button', { name: 'I gave it back' }).click()
  const asking = page.getByRole('dialog', { name: 'I gave it back?' })
  await asking.getByText('No money moves').waitFor()
  await asking.getByRole('button', { name: 'I gave it back' }).click()
  await page.getByText('30.00 USDC is noted as given back.').waitFor()
  await rows.filter({ hasText: '30.00 USDC' }).waitFor({ state: 'detached' })
  await dashboard.visit('/payments/unmatched?status=resolved')
  await rows.filter({ hasText: '30.00 USDC' }).filter({ hasText: 'Given back' }).waitFor()
})
