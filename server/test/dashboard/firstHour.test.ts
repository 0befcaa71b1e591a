// The first hour of somebody who has just started the program, at the dashboard alone and without a word of documentation.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { launchBrowser } from '../harness/browser.ts'
import { startDevWorld } from '../harness/devWorld.ts'
import { startReceiver } from '../harness/receiver.ts'
import { checkScreen, openPage } from './dashboard.ts'
import { handsOn } from './handsOn.ts'

const [world, browser, receiver] = await Promise.all([startDevWorld(), launchBrowser(), startReceiver()])
after(() => Promise.all([browser.close(), world.stop(), receiver.stop()]))
const page = await openPage(browser)
/** Loads of whole pages: what is live needs none. */
let loads = 0
page.on('load', () => loads++)

const go = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
const { press } = handsOn(page)
const row = (name: RegExp) => page.getByRole('row', { name }).first()

test('from signing in to money in the wallet, without a page loaded anew', async () => {
  await page.goto(world.dashboardUrl)
  await press('Enter as the demo owner')
  await page.getByRole('heading', { level: 1 }).waitFor()

  // A key, and the request that the page shows for it, pasted into a terminal.
  await go('Developers')
  await press('Create API key')
  await page.getByLabel('Name').fill('My shop')
  await press('Create API key')
  const curl = (await page.locator('pre').textContent()) ?? ''
  const { stdout } = await promisify(execFile)('bash', ['-c', `${curl} -s`])
  const session: { id: string; url: string; status: string } = JSON.parse(stdout)
  assert.equal(session.status, 'open', stdout)

  // Where the shop is told of payments.
  await go('Webhooks')
  await press('Add endpoint')
  await page.getByLabel('Address').fill(`${receiver.url}/webhooks`)
  await page.getByLabel('Description').fill('My shop')
  await press('Add endpoint')
  await page.getByRole('button', { name: /whsec_/ }).waitFor()
  const endpointUrl = page.url()

  // The payer pays, elsewhere; the merchant watches.
  await go('Payments')
  await row(/1\.00 USDC.*Open/).waitFor()
  const payer = await openPage(browser)
  await payer.goto(session.url)
  await payer.getByRole('button', { name: 'Pay with the test wallet' }).click()
  await row(/1\.00 USDC.*Paid/).waitFor({ timeout: 60_000 })
  await row(/1\.00 USDC.*Paid/).press('Enter')
  await page.getByRole('heading', { name: 'What happened' }).waitFor()
  await page.getByText('checkout_session.completed').first().waitFor()

  // What the shop was told.
  const told = await receiver.waitFor(({ body }) => body.includes('checkout_session.completed'), { timeoutMs: 60_000 })
  assert.ok(told.body.includes(session.id))
  await go('Developers')
  await go('Webhooks')
  await row(/My shop/).press('Enter')
  await page.waitForURL(endpointUrl)
  await row(/checkout_session\.completed.*Delivered/).press('Enter')
  await page.getByRole('dialog').getByText(session.id).first().waitFor()
  await page.keyboard.press('Escape')

  // A link to send to somebody, who opens it and pays; the merchant watches.
  await go('Payment links')
  await press('Create payment link')
  await page.waitForURL('**/payment-links/new')
  await page.getByLabel('Amount', { exact: true }).fill('12.5')
  await page.getByLabel('Title', { exact: true }).fill('Workshop')
  await press('Create payment link')
  const link = await page.getByRole('link', { name: 'Open the page' }).getAttribute('href')
  const linkUrl = page.url()
  // The first payer's page is on its way back to the shop.
  const second = await openPage(browser)
  await second.goto(link ?? '')
  await second.locator('form button').last().click()
  await second.getByRole('button', { name: 'Pay with the test wallet' }).waitFor()
  await go('Faucet')
  await page.getByLabel('What happens').selectOption('paid')
  await press('Play it')
  await page.getByRole('status').getByText('It is paid in full').waitFor()
  await go('Payment links')
  await row(/Workshop/).press('Enter')
  await page.waitForURL(linkUrl)
  await row(/12\.50.*Paid/).waitFor({ timeout: 60_000 })

  // Coins for a wallet of their own, and the transaction that brought them.
  await go('Faucet')
  await page.getByLabel('Address').fill(`0x${'5e'.repeat(20)}`)
  await checkScreen(page, 'faucet')
  await press('Send coins')
  await page.getByRole('status').getByText(/sent$/).waitFor()
  const [explorer] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('status').getByRole('link').click(),
  ])
  await explorer.getByRole('heading').first().waitFor()

  // The money goes to the merchant's wallet.
  await go('Balances')
  await press('Sweep now')
  await page.getByRole('dialog').getByRole('button', { name: 'Sweep now' }).click()
  await row(/13\.50.*Swept/).waitFor({ timeout: 60_000 })
  assert.equal(loads, 1)
})

test('nothing of it was an error', () => {
  assert.equal(world.complaints(), '')
})
