// Balances: where the money is, and moving it to the merchant's wallet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCheckoutSession } from '../../src/actions/getCheckoutSession.ts'
import { invariant } from '../../src/domain/errors.ts'
import { paymentTo } from '../harness/fixtures.ts'
import { newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, chain, ctx, organizationId } = dashboard

test('money is shown where it is, and swept by a call for the own wallet where the server has no gas', async () => {
  await dashboard.visit('/balances')
  await page.getByText('No money yet').waitFor()
  await checkScreen(page, 'balances-empty')
  const session = await newSession(api)
  const seen = await getCheckoutSession(ctx, organizationId, session.id)
  invariant(seen, 'the session is stored')
  await chain.mine(header => [paymentTo(seen.found, header)])
  for (let blocks = 0; blocks < 3; blocks++) await chain.mine()
  await dashboard.visit('/balances')
  await page.getByText('100.00 USDC').first().waitFor()
  await checkScreen(page, 'balances')
  await page.getByRole('button', { name: 'Sweep now' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('100.00 USDC goes to your withdrawal addresses').waitFor()
  await dialog.getByRole('button', { name: 'Sweep now' }).click()
  await page.getByRole('heading', { name: 'Send this with your wallet' }).waitFor()
  const [sweep] = (await api.ok('GET', '/sweeps')).data as { call: { data: string } }[]
  await page.getByRole('dialog').getByText(String(sweep?.call.data)).waitFor()
  await checkScreen(page, 'sweep')
  await page.getByRole('button', { name: 'Close' }).first().click()
  await page.getByRole('table', { name: 'Sweeps' }).getByText('100.00 USDC').waitFor()
  assert.equal(((await api.ok('GET', '/balances')).data as { onDeposits: string }[])[0]?.onDeposits, '100000000')
})
