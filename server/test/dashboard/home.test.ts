// Home: empty, after the first payments, and its charts without a pointer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordHealth } from '../../src/actions/chainHealth.ts'
import { invariant } from '../../src/domain/errors.ts'
import { newLine, newSession } from '../harness/sessionFixtures.ts'
import { checkScreen, openDashboard, visit } from './dashboard.ts'

const dashboard = await openDashboard()
const { page, api, chain, ctx, pay } = dashboard

const step = (title: string) => page.getByRole('listitem').filter({ hasText: title })

test('whoever begins is told how, and each step is ticked off by what happens, on the open page', async () => {
  await dashboard.visit('/')
  await page.getByText('Getting started').waitFor()
  await page.getByText(`curl ${dashboard.url}/api/v1/checkout/sessions`).waitFor()
  await checkScreen(page, 'home-empty')
  const session = await newSession(api)
  await step('Make a checkout session: done').waitFor()
  await pay(session.id)
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

test('volume is told in all coins and in one, by coin and by network, as the URL says', async () => {
  const [, usdt] = ctx.chains.get(80001)?.assets ?? []
  invariant(usdt, 'there is another coin')
  const lineItems = [newLine({ currency: 'usdt', unitAmount: '123456789000' })]
  await pay((await newSession(api, { lineItems })).id, { asset: usdt.address })
  await dashboard.visit('/')
  const volume = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Volume' }) })
  await volume.getByText('$1,334.56', { exact: true }).waitFor()
  const told = volume.locator('[aria-live]')
  assert.equal(await told.textContent(), 'Day by dayUSDT$1,234.56USDC$100.00')
  await volume.getByLabel('Split').selectOption('network')
  await page.waitForURL(/split=network/)
  await page.getByRole('figure', { name: 'Volume by day and network' }).waitFor()
  await volume.getByLabel('Coin').selectOption('usdt')
  await page.waitForURL(/coin=usdt/)
  await volume.getByText('1,234.56789 USDT', { exact: true }).first().waitFor()
  await page.reload()
  await volume.getByText('1,234.56789 USDT', { exact: true }).first().waitFor()
})

test('F181: an Arabic reader far in the east sees the same sums with their own digits, on their own days', async () => {
  const context = await dashboard.browser.newContext({ locale: 'ar-EG', timezoneId: 'Pacific/Chatham' })
  await context.addCookies(await page.context().cookies())
  const theirs = await context.newPage()
  await visit(theirs, `${dashboard.url}/?days=7d&coin=usdt`)
  await theirs.getByText('١٬٢٣٤٫٥٦٧٨٩ USDT', { exact: true }).first().waitFor()
  const today = new Intl.DateTimeFormat('ar-EG', { dateStyle: 'medium', timeZone: 'Pacific/Chatham' }).format(
    ctx.clock.now(),
  )
  const last = theirs
    .getByRole('figure', { name: /^Volume/ })
    .getByRole('row')
    .last()
  assert.equal(await last.textContent(), `${today}١٬٢٣٤٫٥٦٧٨٩ USDT`)
  await context.close()
})

test('what did not go as planned is named, with the way to it', async () => {
  await pay((await newSession(api)).id, { amountRaw: 1n })
  await page.getByText('One payment did not go as planned').waitFor()
  await checkScreen(page, 'home-attention')
})

test('a network that is off, a coin that is not to be relied on and gas that runs low are told, with why', async () => {
  const [coin] = ctx.chains.get(80001)?.assets ?? []
  invariant(coin, 'there is a coin')
  const gas = {
    address: `0x${'fe'.repeat(20)}`,
    market: async () => ({ price: 10n ** 9n }),
    head: async () => ({ block: chain.tip(), nonce: 0n }),
    balance: async () => 50n * 10n ** 12n,
  }
  // The chain is one of hand-made blocks, and so is its account.
  ;(ctx.gas as Map<number, unknown>).set(80001, gas)
  await recordHealth(ctx, 80001, [
    { assetId: null, reason: 'providers_missing', isWrong: true },
    { assetId: coin.id, reason: 'asset_unreliable', isWrong: true },
  ])
  await ctx.health.refresh()
  // The account was looked at a moment ago, when there was none.
  ctx.clock.advance(60_000)
  await dashboard.visit('/')
  await page.getByText('Test chain 80001 is off: none of its nodes answers.').waitFor()
  await page.getByText('USDC on Test chain 80001 is off: less of it is there').waitFor()
  await page.getByText('pays for sweeps on Test chain 80001 runs low: it has 0.00005 ETH.').waitFor()
  await checkScreen(page, 'home-trouble')
})
