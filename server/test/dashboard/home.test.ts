// Home: empty, after the first payments, and its charts without a pointer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { invariant } from '../../src/domain/errors.ts'
import { paymentTo } from '../harness/fixtures.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, chain, ctx, organizationId } = dashboard

async function pay({ id }: { id: string }): Promise<void> {
  const seen = await getCheckoutSession(ctx, organizationId, id)
  invariant(seen, 'the session is stored')
  await chain.mine(header => [paymentTo(seen.found, header)])
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
}

const step = (title: string) => page.getByRole('listitem').filter({ hasText: title })

test('whoever begins is told how, and each step is ticked off by what happens, on the open page', async () => {
  await dashboard.visit('/')
  await page.getByText('Getting started').waitFor()
  await page.getByText(`curl ${dashboard.url}/api/v1/checkout/sessions`).waitFor()
  await checkScreen(page, 'home-empty')
  const session = await newSession(api)
  await step('Make a checkout session: done').waitFor()
  await pay(session)
  await step('Watch the payment arrive: done').waitFor()
  await page.getByText('100.00 USDC', { exact: true }).first().waitFor()
  await page.getByText('1 of 1 sessions paid').waitFor()
  await checkScreen(page, 'home')
})

test('a chart is read with the keyboard, and as a table', async () => {
  await dashboard.visit('/?days=7d')
  const chart = page.getByRole('figure', { name: /^Volume by day/ })
  await chart.getByRole('img').press('End')
  await chart.locator('[aria-live]').getByText('100.00 USDC').waitFor()
  const rows = await chart.getByRole('row').allInnerTexts()
  assert.equal(rows.length, 8)
  assert.match(rows.at(-1) ?? '', /100\.00 USDC/)
  await page.getByLabel('Time', { exact: true }).selectOption('90d')
  await page.waitForURL(/days=90d/)
})

test('what did not go as planned is named, with the way to it', async () => {
  const session = await newSession(api)
  const seen = await getCheckoutSession(ctx, organizationId, session.id)
  invariant(seen, 'the session is stored')
  await chain.mine(header => [{ ...paymentTo(seen.found, header), amountRaw: 1n }])
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await page.getByText('One payment did not go as planned').waitFor()
  await checkScreen(page, 'home-attention')
})
